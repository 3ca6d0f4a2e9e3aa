import Timebase

/// Results as people read them.
public enum TestReport {
  private static let shownLines = 40

  /// Describes a failed test: the fault, its place, the output, the findings and the signals seen on the
  /// pins.
  /// - Parameter command: repeats it.
  public static func text(of result: TestResult, repeating command: String) -> String {
    var lines = ["FAILED \(result.test.id) after \(BoardTimeText.short(result.boardTime)) of board time"]
    lines += result.details.map { "  " + $0 }
    switch result.outcome {
    case .failed(let text), .error(let text):
      lines += text.split(separator: "\n", omittingEmptySubsequences: false).map { "  E " + $0 }
    case .passed, .skipped: break
    }
    lines += section("findings", result.findings)
    lines += section("output", Self.lines(result.output), of: "output.txt", result)
    for (name, bytes) in result.otherOutputs {
      lines += section("output of \(name)", Self.lines(bytes), of: "output-\(name).txt", result)
    }
    if !result.waveforms.isEmpty {
      lines += section("pins", result.waveforms.split(separator: "\n").map(String.init))
    }
    if let folder = result.folder { lines.append("  files: \(folder)/") }
    lines.append("  again: \(command)")
    return lines.joined(separator: "\n") + "\n"
  }

  private static func lines(_ bytes: [UInt8]) -> [String] {
    var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
      .map { printable(String(decoding: $0, as: UTF8.self)) }
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }

  /// Without what a terminal would take for commands.
  private static func printable(_ text: String) -> String {
    let shown = text.count > 160 ? text.prefix(160) + "…" : text[...]
    return String(
      String.UnicodeScalarView(
        shown.unicodeScalars.map { $0.value < 0x20 && $0 != "\t" || $0.value == 0x7F ? "\u{FFFD}" : $0 }))
  }

  private static func section(
    _ title: String, _ lines: [String], of file: String? = nil, _ result: TestResult? = nil
  ) -> [String] {
    guard !lines.isEmpty else { return [] }
    let hidden = lines.count - shownLines
    let place = file.flatMap { file in result?.folder.map { " (all of it in \($0)/\(file))" } } ?? ""
    return ["  \(title):"] + (hidden > 0 ? ["    … \(hidden) lines before\(place)"] : [])
      + lines.suffix(shownLines).map { "    " + $0 }
  }
}
