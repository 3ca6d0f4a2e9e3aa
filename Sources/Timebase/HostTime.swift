/// Wall time as the board time of a clock in host mode, for the threads that run beside the firmware's.
public struct HostTime: Sendable {
  /// The host's monotonic clock at power-on, nanoseconds.
  let powerOn: Int64

  /// Wall time from now on, for a thread that has no board.
  package static var beginningNow: HostTime { HostTime(powerOn: hostNanoseconds()) }

  public var now: Instant { instant(atHost: hostNanoseconds()) }

  /// Board time when the host's monotonic clock shows this.
  public func instant(atHost nanoseconds: Int64) -> Instant { Instant(nanoseconds: nanoseconds - powerOn) }
}

/// Wall time since it was made.
package struct HostStopwatch: Sendable {
  private let start = hostNanoseconds()

  package init() {}

  package var seconds: Double { Double(hostNanoseconds() - start) / 1e9 }
}
