import Diagnostics
import Timebase

/// Results as JUnit's XML, in the form `xunit2` that GitHub, GitLab and Jenkins read: the elements and attributes of Jenkins's
/// schema `junit-10.xsd`, and no others. Each file of tests is a suite.
public struct JUnitReport {
  private let text: String

  /// - Parameters:
  ///   - start: when the run began, as in `2026-01-31T12:30:00`.
  ///   - repeating: the command that repeats a test.
  public init(
    _ results: [TestResult], problems: [CollectionProblem], start: String, duration: Double,
    repeating: (TestResult) -> String
  ) {
    var files: [String] = []
    for file in results.map(\.test.file) + problems.map(\.file) where !files.contains(file) {
      files.append(file)
    }
    let all = Suite(results: results, problems: problems)
    let suites = files.map { file in
      Suite(results: results.filter { $0.test.file == file }, problems: problems.filter { $0.file == file })
        .element(file, start: start, repeating)
    }
    text = """
      <?xml version="1.0" encoding="utf-8"?>
      <testsuites name="vpyboard tests" tests="\(all.count)" failures="\(all.failures)" errors="\(all.errors)" \
      time="\(Self.seconds(duration))">
      \(suites.joined())</testsuites>

      """
  }

  public var bytes: [UInt8] { Array(text.utf8) }

  /// Results of the tests of a file.
  private struct Suite {
    let results: [TestResult]
    let problems: [CollectionProblem]

    var count: Int { results.count + problems.count }
    var failures: Int { count { if case .failed = $0 { true } else { false } } }
    var errors: Int { count { if case .error = $0 { true } else { false } } + problems.count }
    var skipped: Int { count { if case .skipped = $0 { true } else { false } } }

    private func count(_ isCounted: (TestResult.Outcome) -> Bool) -> Int {
      results.filter { isCounted($0.outcome) }.count
    }

    func element(_ file: String, start: String, _ repeating: (TestResult) -> String) -> String {
      // The schema has properties for suites alone.
      let properties = results.map { result in
        "<property name=\"\(escaped(testName(result))).seed\" value=\"\(result.seed)\"/>"
          + "<property name=\"\(escaped(testName(result))).board_time\" "
          + "value=\"\(exactSeconds(result.boardTime))\"/>\n"
      }
      let cases =
        results.map { JUnitReport.element($0, repeating) } + problems.map { JUnitReport.element($0) }
      let duration = results.reduce(0) { $0 + $1.duration }
      return """
        <testsuite name="\(escaped(file))" file="\(escaped(file))" tests="\(count)" failures="\(failures)" \
        errors="\(errors)" skipped="\(skipped)" time="\(seconds(duration))" timestamp="\(start)">
        <properties>
        \(properties.joined())</properties>
        \(cases.joined())</testsuite>

        """
    }
  }

  private static func element(_ problem: CollectionProblem) -> String {
    "<testcase classname=\"\(escaped(className(problem.file)))\" name=\"collection\" time=\"0.000\">"
      + "<error message=\"\(escaped(problem.message))\">\(escaped("\(problem)"))</error></testcase>\n"
  }

  private static func element(_ result: TestResult, _ repeating: (TestResult) -> String) -> String {
    var body = ""
    switch result.outcome {
    case .passed: break
    case .skipped(let reason): body += "<skipped type=\"vpyboard.skip\" message=\"\(escaped(reason))\"/>"
    case .failed(let text):
      let report = TestReport.text(of: result, repeating: repeating(result))
      body += "<failure type=\"AssertionError\" message=\"\(escaped(text))\">\(escaped(report))</failure>"
    case .error(let text):
      let report = TestReport.text(of: result, repeating: repeating(result))
      body += "<error message=\"\(escaped(text))\">\(escaped(report))</error>"
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
      + "time=\"\(seconds(result.duration))\">" + body + "</testcase>\n"
  }

  /// A test's name within its file.
  private static func testName(_ result: TestResult) -> String {
    result.test.name + (result.test.round > 1 ? "[\(result.test.round)]" : "")
  }

  private static func className(_ file: String) -> String {
    let name = file.hasSuffix(".py") ? String(file.dropLast(3)) : file
    return name.split(separator: "/").filter { $0 != "." && $0 != ".." }.joined(separator: ".")
  }

  /// With nine decimals.
  private static func exactSeconds(_ interval: Interval) -> String {
    let nanoseconds = interval.nanoseconds
    return "\(nanoseconds / 1_000_000_000).\(String(1_000_000_000 + nanoseconds % 1_000_000_000).dropFirst())"
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
