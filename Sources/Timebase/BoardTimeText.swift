/// Board times as people write them.
package enum BoardTimeText {
  /// `1.5 ms`: at most three decimals, in the largest unit that keeps it above 1.
  package static func short(_ interval: Interval) -> String {
    let nanoseconds = interval.nanoseconds
    let (unit, name): (Int64, String) =
      switch nanoseconds.magnitude {
      case 1_000_000_000...: (1_000_000_000, "s")
      case 1_000_000...: (1_000_000, "ms")
      case 1_000...: (1_000, "µs")
      default: (1, "ns")
      }
    let whole = nanoseconds / unit
    guard unit > 1 else { return "\(whole) ns" }
    let thousandths = (nanoseconds % unit).magnitude * 1000 / UInt64(unit)
    var digits = String(1000 + thousandths).dropFirst()
    while digits.last == "0" { digits.removeLast() }
    return digits.isEmpty ? "\(whole) \(name)" : "\(whole).\(digits) \(name)"
  }

  package static func short(_ instant: Instant) -> String { short(instant - .powerOn) }
}
