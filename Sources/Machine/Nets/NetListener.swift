import Timebase

/// Something that wants to know how the level of a net changes: an input, a device that decodes, a trace.
public protocol NetListener: AnyObject {
  /// The net has another level than this listener knew of. Called at the exact time of the edge, in the order of the edges; the
  /// clock may be a little further already.
  func netChanged(_ edge: Net.Edge)

  /// Whether the listener understands this waveform as a whole: then the edges that it makes are no events for this listener,
  /// and cost nothing.
  ///
  /// Asked when a waveform begins, and when listening begins, as long as no other driver can spoil it.
  /// - Parameter start: when its driver began to drive it.
  func takes(_ waveform: any Waveform, from driver: NetDriver, at start: Instant) -> Bool

  /// A waveform that was taken as a whole is one only up to `time`: its driver drives something else, or
  /// another driver drives too. Edges after that are reported again.
  func stopsTaking(_ waveform: any Waveform, from driver: NetDriver, at time: Instant)

  /// Whether it wants the edges of transfers on a bus whose participants are all reached in another way.
  var needsBusEdges: Bool { get }

  /// Whether all that an edge does here is to be written down and to make an interrupt happen. While that holds for everybody
  /// on a net, its edges may be told on the `interrupt` thread, and their handlers need no change of threads.
  var onlyInterrupts: Bool { get }
}

extension NetListener {
  public func takes(_ waveform: any Waveform, from driver: NetDriver, at start: Instant) -> Bool { false }
  public func stopsTaking(_ waveform: any Waveform, from driver: NetDriver, at time: Instant) {}
  public var needsBusEdges: Bool { true }
  public var onlyInterrupts: Bool { false }
}

/// Listening to a net. It ends when this is cancelled or let go of; other listeners do not notice.
public final class NetListening {
  private var hearer: Hearer?

  init(_ hearer: Hearer) { self.hearer = hearer }

  deinit { cancel() }

  /// Ends it; does nothing when it has ended.
  public func cancel() {
    guard let hearer else { return }
    self.hearer = nil
    hearer.net?.remove(hearer)
  }
}

extension Net {
  /// Reports each edge to `listener` from now on. The net does not keep the listener; the listener keeps the
  /// returned object.
  public func listen(_ listener: any NetListener) -> NetListening {
    listen(Hearer(weakly: listener))
  }

  /// As `listen(_:)`, for a listener that nobody else keeps.
  func listen(keeping listener: any NetListener) -> NetListening { listen(Hearer(listener)) }

  /// Calls `change` after each edge from now on.
  public func listen(_ change: @escaping (Edge) -> Void) -> NetListening {
    listen(onlyInterrupts: false, change)
  }

  /// As `listen(_:)`.
  /// - Parameter onlyInterrupts: see `NetListener.onlyInterrupts`.
  func listen(onlyInterrupts: Bool, _ change: @escaping (Edge) -> Void) -> NetListening {
    listen(Hearer(ClosureListener(onlyInterrupts: onlyInterrupts, change)))
  }

  private func listen(_ hearer: Hearer) -> NetListening {
    add(hearer)
    return NetListening(hearer)
  }
}

private final class ClosureListener: NetListener {
  let onlyInterrupts: Bool
  private let change: (Net.Edge) -> Void

  init(onlyInterrupts: Bool, _ change: @escaping (Net.Edge) -> Void) {
    self.onlyInterrupts = onlyInterrupts
    self.change = change
  }

  func netChanged(_ edge: Net.Edge) { change(edge) }
}

/// A net's record of one listener.
final class Hearer {
  /// The net that it listens to, until it leaves. Strong, as a weak one would make every other reference to
  /// the net slower; the net lets go of its hearers when its board goes away.
  var net: Net?
  /// The level that was last reported to the listener, or found when it began.
  var knownLevel = Level.low
  /// The driver whose waveform the listener has taken as a whole.
  private(set) var takenFrom: NetDriver?
  private var taken: (any Waveform)?

  /// One of the two: a listener that the net keeps, or one that another object keeps.
  private var kept: (any NetListener)?
  private weak var foreign: (any NetListener)?
  /// The listener; `nil` when it has gone away.
  var listener: (any NetListener)? { kept ?? foreign }

  init(_ listener: any NetListener) { kept = listener }

  init(weakly listener: any NetListener) {
    kept = nil
    foreign = listener
  }

  /// The net goes away, with the listener that it keeps.
  func leave() {
    net = nil
    kept = nil
  }

  /// Offers a waveform that nothing spoils.
  func offer(_ waveform: any Waveform, from driver: NetDriver, at start: Instant) {
    guard takenFrom == nil, listener?.takes(waveform, from: driver, at: start) == true else { return }
    takenFrom = driver
    taken = waveform
  }

  /// A waveform is whole no longer.
  func stopTaking(from driver: NetDriver?, at time: Instant) {
    guard let takenFrom, driver == nil || driver === takenFrom, let taken else { return }
    self.takenFrom = nil
    self.taken = nil
    listener?.stopsTaking(taken, from: takenFrom, at: time)
  }

  /// Reports an edge, unless it is part of a waveform that was taken or does not change the known level.
  func tell(_ edge: Net.Edge) {
    guard takenFrom == nil, knownLevel != edge.level else { return }
    knownLevel = edge.level
    listener?.netChanged(edge)
  }
}
