import Foundation
import Testing

/// One example of docs/pitfalls.md: the firmware that makes a mistake, what the emulator says, and the cure.
struct PitfallExample: Sendable, CustomTestStringConvertible {
  /// A program with the options that stand behind the language of its block.
  struct Program: Sendable {
    var options: [String]
    var source: String
  }

  var code: String
  /// Its line in the document.
  var line: Int
  var mistake: Program
  /// The lines on standard error.
  var findings: String
  var cure: Program

  var testDescription: String { "\(code), line \(line)" }

  /// All that the document holds, in order.
  static let all: [PitfallExample] = {
    let url = CommandLineTool.package.appending(path: "docs/pitfalls.md")
    guard let data = try? Data(contentsOf: url) else { return [] }
    return examples(in: String(decoding: data, as: UTF8.self))
  }()

  /// Headings of the third level that name a code, up to the examples in Swift.
  static let headings: [String] = {
    let url = CommandLineTool.package.appending(path: "docs/pitfalls.md")
    guard let data = try? Data(contentsOf: url) else { return [] }
    return String(decoding: data, as: UTF8.self).split(separator: "\n").prefix { $0 != "## Swift" }
      .filter { $0.hasPrefix("### ") }.map { String($0.dropFirst(4)) }
  }()

  /// The findings among the lines on standard error, without the traceback of what ended the program.
  static func findings(in errors: String) -> String {
    let lines = errors.split(separator: "\n").filter {
      $0.firstMatch(of: /^[^ ]+( \[[^\]]*\])?: [a-z-]+:\s/) != nil
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private static func examples(in text: String) -> [PitfallExample] {
    var examples: [PitfallExample] = []
    var code = ""
    var mistake: (line: Int, program: Program)?
    var findings = ""
    var block: (info: String, lines: [Substring])?
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if let open = block, line == "```" {
        let content = open.lines.map { $0 + "\n" }.joined()
        let words = open.info.split(separator: " ").map(String.init)
        let program = Program(options: Array(words.dropFirst(2)), source: content)
        if open.info.hasPrefix("python run") {
          mistake = (index + 1, program)
        } else if open.info == "text" {
          findings = content
        } else if open.info.hasPrefix("python cured"), let found = mistake {
          examples.append(
            PitfallExample(
              code: code, line: found.line, mistake: found.program, findings: findings, cure: program))
          mistake = nil
        }
        block = nil
      } else if block != nil {
        block?.lines.append(line)
      } else if line.hasPrefix("```") {
        block = (String(line.dropFirst(3)), [])
      } else if line.hasPrefix("### ") {
        code = String(line.dropFirst(4))
      }
    }
    return examples
  }
}
