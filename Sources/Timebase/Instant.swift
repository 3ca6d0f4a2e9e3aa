/// A moment of board time, in nanoseconds since power-on.
public struct Instant: Comparable, Hashable, Sendable {
  public var nanoseconds: Int64

  @inlinable public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// The moment at which the board got power.
  public static let powerOn = Instant(nanoseconds: 0)

  /// Whole microseconds since power-on, rounded down.
  @inlinable public var microseconds: Int64 { floorQuotient(nanoseconds, 1_000) }
  /// Whole milliseconds since power-on, rounded down.
  @inlinable public var milliseconds: Int64 { floorQuotient(nanoseconds, 1_000_000) }
  /// Seconds since power-on.
  @inlinable public var seconds: Double { Double(nanoseconds) / 1e9 }

  @inlinable public static func < (left: Instant, right: Instant) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  /// Saturates after 292 years.
  @inlinable public static func + (instant: Instant, interval: Interval) -> Instant {
    Instant(nanoseconds: saturatingSum(instant.nanoseconds, interval.nanoseconds))
  }

  @inlinable public static func - (instant: Instant, interval: Interval) -> Instant {
    Instant(nanoseconds: saturatingDifference(instant.nanoseconds, interval.nanoseconds))
  }

  @inlinable public static func - (left: Instant, right: Instant) -> Interval {
    Interval(nanoseconds: saturatingDifference(left.nanoseconds, right.nanoseconds))
  }

  @inlinable public static func += (instant: inout Instant, interval: Interval) {
    instant = instant + interval
  }
}

extension Instant: CustomStringConvertible {
  /// Seconds with all nine decimals, as in `12.000000345 s`.
  public var description: String { Interval(nanoseconds: nanoseconds).description }
}

@inlinable func floorQuotient(_ value: Int64, _ divisor: Int64) -> Int64 {
  value >= 0 ? value / divisor : -((divisor - 1 - value) / divisor)
}

@inlinable func saturatingSum(_ left: Int64, _ right: Int64) -> Int64 {
  let (sum, overflow) = left.addingReportingOverflow(right)
  return overflow ? (right > 0 ? .max : .min) : sum
}

@inlinable func saturatingDifference(_ left: Int64, _ right: Int64) -> Int64 {
  let (difference, overflow) = left.subtractingReportingOverflow(right)
  return overflow ? (right < 0 ? .max : .min) : difference
}
