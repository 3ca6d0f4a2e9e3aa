import Machine
import Timebase

/// Something that a test waits for: an edge, a line of output, a board time. It watches from the moment it is made, so nothing
/// that happens between then and the wait is missed; it happens once.
public final class Trigger {
  /// State of a trigger.
  public enum State {
    case pending
    case fired(TriggerValue)
    /// It did not happen in time, or can never happen; why.
    case missed(String)
    /// Nobody wants it any more.
    case cancelled
  }

  /// As a failure names it: `a rising edge on X1`.
  public let name: String
  public private(set) var state = State.pending
  /// Whether somebody has waited for it, or made it part of another one.
  public internal(set) var isAwaited = false {
    didSet { if isAwaited, !isPending { host.isOver(self) } }
  }

  private unowned let host: any TriggerHost
  private var watching: [AnyObject] = []
  private var settled: [(Trigger) -> Void] = []
  private var deadline: Clock.EventID?

  /// - Parameters:
  ///   - limit: board time within which it has to happen.
  ///   - watch: begins to watch, and returns what keeps the watching up.
  init(
    _ name: String, host: any TriggerHost, within limit: Interval? = nil,
    watch: (Trigger) -> [AnyObject]
  ) {
    self.name = name
    self.host = host
    host.made(self)
    let watching = watch(self)
    if isPending { self.watching = watching }
    if let limit { expect(within: limit) }
  }

  public var isPending: Bool { if case .pending = state { true } else { false } }

  /// Misses it when `limit` of board time has gone from now.
  func expect(within limit: Interval) {
    guard isPending else { return }
    if let deadline { host.clock.cancel(deadline) }
    deadline = host.clock.schedule(at: host.clock.now + limit) { [weak self] in
      self?.miss("\(self?.name ?? "it") did not happen within \(BoardTimeText.short(limit))")
    }
  }

  /// It has happened.
  /// - Parameters:
  ///   - clock: of the board on which it did.
  ///   - time: when.
  func fire(_ value: @autoclosure @escaping () -> TriggerValue, on clock: Clock, at time: Instant) {
    guard isPending else { return }
    if clock === host.clock { return settle(.fired(value())) }
    let fixed = value()
    host.clock.schedule(at: max(time, host.clock.now)) { [weak self] in
      guard let self, isPending else { return }
      settle(.fired(fixed))
    }
    // The waiting host may answer from now on.
    clock.stand(notAfter: time + .microseconds(1))
  }

  func miss(_ reason: String) { if isPending { settle(.missed(reason)) } }

  /// Ends the watching.
  public func cancel() {
    isAwaited = true
    if isPending { settle(.cancelled) }
  }

  /// Calls `body` when it is pending no longer, or at once.
  func whenSettled(_ body: @escaping (Trigger) -> Void) {
    if isPending { settled.append(body) } else { body(self) }
  }

  private func settle(_ state: State) {
    self.state = state
    watching = []
    if let deadline { host.clock.cancel(deadline) }
    deadline = nil
    let settled = settled
    self.settled = []
    for body in settled { body(self) }
    host.isSettled(self)
    if isAwaited { host.isOver(self) }
  }
}

/// A host that waits for triggers.
public protocol TriggerHost: AnyObject {
  /// The clock of the host's waits.
  var clock: Clock { get }
  /// There is a new one, which the host keeps until it is over.
  func made(_ trigger: Trigger)
  /// It is pending no longer.
  func isSettled(_ trigger: Trigger)
  /// Somebody has waited for it, and it is pending no longer.
  func isOver(_ trigger: Trigger)
}

/// The value of a trigger.
public enum TriggerValue: Sendable, Hashable {
  /// When it happened.
  case time(Instant)
  /// How long the pulse was.
  case width(Interval)
  /// The line that was printed.
  case line(String)
  /// The first of several, counted from 0, and what it brought.
  indirect case first(Int, TriggerValue)
  /// The value of each.
  case all([TriggerValue])
}

/// Which edges.
public enum EdgeKind: String, Sendable, CaseIterable {
  case rising, falling, any

  func includes(_ level: Level) -> Bool { self == .any || (self == .rising) == (level == .high) }
}
