/// Observes a clock. Everything is called on the board's thread (or on the one that has the baton); the
/// defaults do nothing. Several observers see the same, in the order in which they began.
public protocol ClockObserver: AnyObject {
  /// A wait has ended, busy or idle.
  /// - Parameter duration: board time that it took.
  func waitEnded(_ duration: Interval)

  /// A slice of board time or a wait has ended: the moment to answer POSIX signals and keys.
  func clockLooks()

  /// The firmware calls something that may wait inside.
  func blockingCallBegins(_ call: BlockingCall)

  func blockingCallEnds()

  /// Board time has come as far as it may for now: the thread waits until it may go on.
  func clockStops()

  /// The thread goes on, after `clockStops`.
  func clockGoesOn()
}

extension ClockObserver {
  public func waitEnded(_ duration: Interval) {}
  public func clockLooks() {}
  public func blockingCallBegins(_ call: BlockingCall) {}
  public func blockingCallEnds() {}
  public func clockStops() {}
  public func clockGoesOn() {}
}

/// A call of Swift firmware's that may wait: `UART.read` of a line of the firmware.
public struct BlockingCall: Sendable {
  /// As the firmware calls it, without parentheses.
  public let name: StaticString
  public let file: StaticString
  public let line: UInt

  public init(_ name: StaticString, file: StaticString, line: UInt) {
    self.name = name
    self.file = file
    self.line = line
  }
}

/// The observers of one clock.
final class ClockObservers {
  private let observers = Observers<ObservedClock>()

  /// A reference to an observer. Unowned, because a weak reference costs too much at every wait: the observer keeps
  /// the observation, which ends with it.
  private final class ObservedClock {
    unowned let observer: any ClockObserver

    init(observer: any ClockObserver) { self.observer = observer }
  }

  var isEmpty: Bool { observers.isEmpty }

  func add(_ observer: any ClockObserver) -> Observation { observers.add(ObservedClock(observer: observer)) }

  func waitEnded(_ duration: Interval) { observers.callEach { $0.observer.waitEnded(duration) } }
  func clockLooks() { observers.callEach { $0.observer.clockLooks() } }
  func clockStops() { observers.callEach { $0.observer.clockStops() } }
  func clockGoesOn() { observers.callEach { $0.observer.clockGoesOn() } }

  /// Runs a call that may wait. Those that saw it begin see it end, the latest first.
  func around<Result, Failure: Error>(
    _ call: BlockingCall, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let present = Array(observers.latestFirst)
    for entry in present.reversed() { entry.observer.blockingCallBegins(call) }
    defer { for entry in present { entry.observer.blockingCallEnds() } }
    return try body()
  }
}
