import Foundation
import Testing

/// An example in Swift of docs/pitfalls.md: the firmware that makes a mistake, what the emulator says, and the cure.
struct SwiftPitfallExample: Sendable, CustomTestStringConvertible {
  var code: String
  var mistake: [String]
  /// The findings, in which the firmware's lines are counted from the first one that is shown.
  var findings: [String]
  var cure: [String]

  var testDescription: String { code }

  /// All that the document holds.
  static let all: [SwiftPitfallExample] = {
    let text = try? String(contentsOf: package.appending(path: "docs/pitfalls.md"), encoding: .utf8)
    return examples(in: text ?? "")
  }()

  /// The lines of PitfallFirmware.swift, without indentation.
  static let firmware: [String] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "PitfallFirmware.swift")
    return trimmedLines((try? String(contentsOf: file, encoding: .utf8)) ?? "")
  }()

  private static let package = (0..<4).reduce(URL(filePath: #filePath)) { url, _ in
    url.deletingLastPathComponent()
  }

  /// The line of PitfallFirmware.swift that lines of the document begin at, counted from 1; nil if they are not there.
  static func firstLine(of lines: [String]) -> Int? {
    guard !lines.isEmpty, lines.count <= firmware.count else { return nil }
    return (0...firmware.count - lines.count).first { Array(firmware[$0..<$0 + lines.count]) == lines }
      .map { $0 + 1 }
  }

  static func trimmedLines(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map {
      $0.trimmingCharacters(in: .whitespaces)
    }
  }

  private static func examples(in text: String) -> [SwiftPitfallExample] {
    var examples: [SwiftPitfallExample] = []
    let swift = text.range(of: "\n## Swift\n").map { text[$0.upperBound...] } ?? ""
    var blocks: [(info: Substring, lines: [String])] = []
    for (index, part) in swift.components(separatedBy: "\n```").enumerated() where index % 2 == 1 {
      let lines = trimmedLines(part)
      blocks.append((Substring(lines.first ?? ""), Array(lines.dropFirst())))
    }
    for (index, block) in blocks.enumerated() where block.info.hasPrefix("swift mistake ") {
      guard index + 2 < blocks.count else { break }
      examples.append(
        SwiftPitfallExample(
          code: String(block.info.dropFirst("swift mistake ".count)), mistake: block.lines,
          findings: blocks[index + 1].lines, cure: blocks[index + 2].lines))
    }
    return examples
  }
}
