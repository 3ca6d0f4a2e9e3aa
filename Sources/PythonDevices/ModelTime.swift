import Timebase

/// Bound of the time that a device in Python computes for, in relation to board time: board time does not wait for devices, so without one a
/// device whose calls follow each other by nanoseconds would keep the host busy for hours of a second of the board's.
struct ModelTime {
  /// How many seconds a device may compute for a second of the board's. A display that takes whole pictures from a fast SPI bus needs about ten.
  static let share = 100
  /// What it may compute beyond that at once, in the interpreter's own time: a second or so of the host's.
  static let reserve = Interval.seconds(10)

  private var used = Interval.zero
  private var computed = Instant.powerOn
  private var instant = Instant.powerOn

  /// A device has computed until `interpreter` in its own time, and board time is `board`.
  /// - Returns: whether that is within bounds.
  mutating func isWithinBounds(_ interpreter: Instant, at board: Instant) -> Bool {
    used = max(.zero, used - (board - instant) * Self.share) + (interpreter - computed)
    (computed, instant) = (interpreter, board)
    return used <= Self.reserve
  }
}
