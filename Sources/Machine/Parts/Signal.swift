import Timebase

/// Something that a part shows: a level, a voltage, a brightness, the bytes on a line.
///
/// A signal is a way to read and to watch the part, not a part of its state: parts make their signals when they are asked
/// for them.
public struct Signal {
  /// Called with the new value and when it came.
  public typealias Observer = (PartValue, Instant) -> Void

  /// Within its part: `brightness`.
  public let name: String
  public let form: ValueForm
  /// `V`, `Hz`; `nil` for what has none.
  public let unit: String?
  /// The colour of a light whose brightness this is, as the board file names it; `nil` for any other signal.
  public let lightColour: String?
  /// Whether values are events, such as bytes on a line, rather than a state that lasts.
  public let isMomentary: Bool

  private let read: () -> PartValue
  private let watch: (@escaping Observer) -> Observation

  /// - Parameters:
  ///   - read: gives the present value; of a momentary signal an empty one.
  ///   - watch: calls the observer after each change until the observation ends.
  public init(
    _ name: String, _ form: ValueForm, unit: String? = nil, lightColour: String? = nil,
    isMomentary: Bool = false, read: @escaping () -> PartValue,
    watch: @escaping (@escaping Observer) -> Observation
  ) {
    self.name = name
    self.form = form
    self.unit = unit
    self.lightColour = lightColour
    self.isMomentary = isMomentary
    self.read = read
    self.watch = watch
  }

  /// The level of a net.
  package init(levelOf net: Net) {
    self.init(
      "level", .level, read: { .level(net.state) },
      watch: { observer in
        let listening = net.listen { edge in observer(.level(net.state), edge.time) }
        return Observation { listening.cancel() }
      })
  }

  /// The present value; empty for a momentary signal.
  public var value: PartValue { read() }

  /// Calls `observer` after each change, in the order of the changes, until the observation ends.
  /// Observers never silence each other.
  public func observe(_ observer: @escaping Observer) -> Observation { watch(observer) }
}

/// The observers of one signal, for the part that shows it. Notifying costs next to nothing while there are
/// none.
public final class SignalObservers {
  private let observers = Observers<Signal.Observer>()

  public init() {}

  public var isEmpty: Bool { observers.isEmpty }

  public func add(_ observer: @escaping Signal.Observer) -> Observation { observers.add(observer) }

  /// Calls each observer that is there now.
  public func tell(_ value: @autoclosure () -> PartValue, at time: Instant) {
    guard !observers.isEmpty else { return }
    let value = value()
    observers.callEach { $0(value, time) }
  }
}

/// The observers of a text that a part works out anew now and then: they hear of it when it has changed.
public final class TextObservers {
  private let observers = SignalObservers()
  private var told: String

  /// - Parameter told: the text before the first change.
  public init(told: String = "") { self.told = told }

  public func add(_ observer: @escaping Signal.Observer) -> Observation { observers.add(observer) }

  /// Calls each observer if the text is another one than the last time; without observers nobody works it out.
  public func tell(_ text: @autoclosure () -> String, at time: Instant) {
    guard !observers.isEmpty else { return }
    let text = text()
    guard text != told else { return }
    told = text
    observers.tell(.text(text), at: time)
  }
}
