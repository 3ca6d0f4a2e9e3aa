/// A length of board time in nanoseconds; arithmetic saturates after 292 years.
public struct Interval: Comparable, Hashable, Sendable {
  public var nanoseconds: Int64

  @inlinable public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// Parts of a nanosecond are dropped.
  public init(_ duration: Swift.Duration) {
    let (seconds, attoseconds) = duration.components
    self = .seconds(seconds)
    nanoseconds = saturatingSum(nanoseconds, attoseconds / 1_000_000_000)
  }

  public static let zero = Interval(nanoseconds: 0)

  @inlinable public static func nanoseconds(_ count: some BinaryInteger) -> Interval {
    Interval(nanoseconds: Int64(clamping: count))
  }

  @inlinable public static func microseconds(_ count: some BinaryInteger) -> Interval {
    Interval(nanoseconds: saturatingProduct(Int64(clamping: count), 1_000))
  }

  @inlinable public static func milliseconds(_ count: some BinaryInteger) -> Interval {
    Interval(nanoseconds: saturatingProduct(Int64(clamping: count), 1_000_000))
  }

  @inlinable public static func seconds(_ count: some BinaryInteger) -> Interval {
    Interval(nanoseconds: saturatingProduct(Int64(clamping: count), 1_000_000_000))
  }

  /// Rounds towards zero; not-a-number gives zero, a time that is too large gives the longest interval.
  public static func seconds(_ count: Double) -> Interval {
    let nanoseconds = count * 1e9
    if nanoseconds.isNaN { return .zero }
    return Interval(
      nanoseconds: Int64(exactly: nanoseconds.rounded(.towardZero)) ?? (nanoseconds > 0 ? .max : .min))
  }

  /// Whole microseconds, rounded down.
  @inlinable public var microseconds: Int64 { floorQuotient(nanoseconds, 1_000) }
  /// Whole milliseconds, rounded down.
  @inlinable public var milliseconds: Int64 { floorQuotient(nanoseconds, 1_000_000) }
  @inlinable public var seconds: Double { Double(nanoseconds) / 1e9 }

  @inlinable public static func < (left: Interval, right: Interval) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  @inlinable public static func + (left: Interval, right: Interval) -> Interval {
    Interval(nanoseconds: saturatingSum(left.nanoseconds, right.nanoseconds))
  }

  @inlinable public static func - (left: Interval, right: Interval) -> Interval {
    Interval(nanoseconds: saturatingDifference(left.nanoseconds, right.nanoseconds))
  }

  @inlinable public static func * (interval: Interval, factor: some BinaryInteger) -> Interval {
    Interval(nanoseconds: saturatingProduct(interval.nanoseconds, Int64(clamping: factor)))
  }

  @inlinable public static func += (left: inout Interval, right: Interval) { left = left + right }
}

extension Interval: CustomStringConvertible {
  /// Seconds with all nine decimals, as in `0.000195000 s`.
  public var description: String {
    let (seconds, rest) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
    let digits = String(rest)
    let padding = String(repeating: "0", count: 9 - digits.count)
    return "\(nanoseconds < 0 ? "-" : "")\(seconds).\(padding)\(digits) s"
  }
}

@inlinable func saturatingProduct(_ left: Int64, _ right: Int64) -> Int64 {
  let (product, overflow) = left.multipliedReportingOverflow(by: right)
  return overflow ? ((left < 0) == (right < 0) ? .max : .min) : product
}
