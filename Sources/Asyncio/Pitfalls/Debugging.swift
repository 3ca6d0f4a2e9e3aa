import Timebase

/// Checks that `--debug` turns on: they cost more time than a run should pay without being asked.
public struct Debugging: Sendable {
  /// Whether everything is checked that can be.
  public var isOn: Bool
  /// From which duration in board time on a step of a task counts as slow; `nil` if none does.
  public var slowStep: Interval?

  /// CPython's `loop.slow_callback_duration`.
  public static let usualSlowStep = Interval.milliseconds(100)

  /// - Parameter slowStep: if given, slow steps are reported whether the rest is checked or not.
  public init(isOn: Bool = false, slowStep: Interval? = nil) {
    self.isOn = isOn
    self.slowStep = slowStep ?? (isOn ? Self.usualSlowStep : nil)
  }
}
