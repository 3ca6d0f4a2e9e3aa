import Timebase

extension Interval {
  private static let units: [(suffix: String, nanoseconds: Int64)] = [
    // Longer suffixes first: "ms" also ends in "s".
    ("ns", 1), ("us", 1_000), ("µs", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000),
    ("m", 60_000_000_000), ("h", 3_600_000_000_000),
  ]

  /// Reads `20s`, `1.5s`, `500ms`, `10us`, `2m`, `24h`. Parts of a nanosecond are dropped.
  /// - Returns: `nil` for anything else, and for times that are negative or longer than 292 years.
  public init?(text: some StringProtocol) {
    guard let unit = Self.units.first(where: { text.hasSuffix($0.suffix) }) else { return nil }
    let parts = text.dropLast(unit.suffix.count).split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 1 || parts.count == 2, let whole = Self.number(parts[0]) else { return nil }
    let (product, overflow) = whole.multipliedReportingOverflow(by: unit.nanoseconds)
    guard !overflow else { return nil }
    var part: Int64 = 0
    if parts.count == 2 {
      guard Self.number(parts[1]) != nil else { return nil }
      var place = unit.nanoseconds
      for digit in parts[1].utf8 {
        part += Int64(digit - UInt8(ascii: "0")) * place / 10
        place /= 10
      }
    }
    let (total, isTooLong) = product.addingReportingOverflow(part)
    guard !isTooLong else { return nil }
    self.init(nanoseconds: total)
  }

  private static func number(_ digits: some StringProtocol) -> Int64? {
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return nil }
    return Int64(digits)
  }
}
