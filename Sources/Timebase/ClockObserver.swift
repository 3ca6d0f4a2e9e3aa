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

/// A clock's reference to an observer. Unowned, because a weak reference costs too much at every wait: the
/// observer keeps the observation, which ends with it.
final class ObservedClock {
  unowned let observer: any ClockObserver

  init(observer: any ClockObserver) { self.observer = observer }
}

/// Says how far board time may go.
protocol ClockGate: AnyObject {
  /// Board time stands at its limit. Returns when it may go on.
  /// - Parameter nextActivity: when the firmware or an event of the board's does something next, as things are; `nil` for never.
  /// - Returns: how far it may go from now on.
  func wait(nextActivity: Instant?) -> Instant

  /// Whether nobody else can do anything any more, so that a clock without events has nothing to wait for.
  var isHopeless: Bool { get }
}

extension ClockGate {
  var isHopeless: Bool { false }
}
