/// In what a text differs from the one that was kept.
enum GoldenDifference {
  static func text(_ name: String, expected: [UInt8], found: [UInt8]) -> String {
    let (old, new) = (lines(expected), lines(found))
    let first =
      zip(old, new).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? min(old.count, new.count)
    func line(_ lines: [String]) -> String { first < lines.count ? "\"\(lines[first])\"" : "the end" }
    return "golden/\(name) differs in line \(first + 1): it has \(line(old)), the test \(line(new)) "
      + "(--update-goldens takes the test's)"
  }

  private static func lines(_ bytes: [UInt8]) -> [String] {
    bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
  }
}
