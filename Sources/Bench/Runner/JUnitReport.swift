import Diagnostics

/// Results as JUnit's XML, in the form `xunit2` that GitHub, GitLab and Jenkins read.
public struct JUnitReport {
  private let text: String

  /// - Parameters:
  ///   - start: when the run began, as in `2026-01-31T12:30:00`.
  public init(_ results: [TestResult], problems: [CollectionProblem], start: String, duration: Double) {
    var cases = ""
    for result in results { cases += Self.element(result) }
    for problem in problems {
      cases +=
        "<testcase classname=\"\(Self.className(problem.file))\" name=\"collection\" time=\"0.000\">"
        + "<error message=\"\(Self.escaped(problem.message))\">\(Self.escaped("\(problem)"))</error></testcase>\n"
    }
    func count(_ isCounted: (TestResult.Outcome) -> Bool) -> Int {
      results.filter { isCounted($0.outcome) }.count
    }
    let failures = count { if case .failed = $0 { true } else { false } }
    let errors = count { if case .error = $0 { true } else { false } } + problems.count
    let skipped = count { if case .skipped = $0 { true } else { false } }
    text = """
      <?xml version="1.0" encoding="utf-8"?>
      <testsuites name="vpyboard tests">
      <testsuite name="vpyboard" errors="\(errors)" failures="\(failures)" skipped="\(skipped)" \
      tests="\(results.count + problems.count)" time="\(Self.seconds(duration))" timestamp="\(start)">
      \(cases)</testsuite>
      </testsuites>

      """
  }

  public var bytes: [UInt8] { Array(text.utf8) }

  private static func element(_ result: TestResult) -> String {
    var body =
      "<properties><property name=\"board_time\" value=\"\(seconds(result.boardTime.seconds))\"/>"
      + "<property name=\"seed\" value=\"\(result.seed)\"/></properties>"
    let details = result.details.joined(separator: "\n")
    switch result.outcome {
    case .passed: break
    case .skipped(let reason): body += "<skipped type=\"vpyboard.skip\" message=\"\(escaped(reason))\"/>"
    case .failed(let text):
      body += "<failure message=\"\(escaped(text))\">\(escaped(text + "\n" + details))</failure>"
    case .error(let text):
      body += "<error message=\"\(escaped(text))\">\(escaped(text + "\n" + details))</error>"
    }
    var output = String(decoding: result.output, as: UTF8.self)
    for (name, bytes) in result.otherOutputs {
      output += "--- \(name) ---\n" + String(decoding: bytes, as: UTF8.self)
    }
    if let folder = result.folder { output += "[[ATTACHMENT|\(folder)/board.vcd]]\n" }
    if !output.isEmpty { body += "<system-out>\(escaped(output))</system-out>" }
    if !result.findings.isEmpty {
      body += "<system-err>\(escaped(result.findings.joined(separator: "\n")))</system-err>"
    }
    var className = className(result.test.file)
    if case .method(let type, _) = result.test.kind { className += "." + type }
    let round = result.test.round > 1 ? "[\(result.test.round)]" : ""
    return "<testcase classname=\"\(escaped(className))\" name=\"\(escaped(result.test.function + round))\" "
      + "file=\"\(escaped(result.test.file))\" line=\"\(result.test.line)\" time=\"\(seconds(result.duration))\">"
      + body + "</testcase>\n"
  }

  private static func className(_ file: String) -> String {
    let name = file.hasSuffix(".py") ? String(file.dropLast(3)) : file
    return name.split(separator: "/").filter { $0 != "." && $0 != ".." }.joined(separator: ".")
  }

  /// With three decimals.
  private static func seconds(_ seconds: Double) -> String {
    let thousandths = Int((max(0, seconds) * 1000).rounded())
    return "\(thousandths / 1000).\(String(1000 + thousandths % 1000).dropFirst())"
  }

  /// Text as XML has it; characters that it cannot hold as `\x01`.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\n": result += "&#10;"
      case "\t": result += "\t"
      case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF:
        result += "\\x" + scalar.value.hexadecimal(digits: 2)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
