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
