import Bench
import Timebase

/// Shows how a run of tests goes, on standard output.
final class TestProgress {
  private let verbose: Bool
  private let repeating: (TestResult) -> String
  private var file = ""
  private var failures: [String] = []
  private let stopwatch = HostStopwatch()

  /// Wall time so far.
  var seconds: Double { stopwatch.seconds }

  init(verbose: Bool, repeating: @escaping (TestResult) -> String) {
    self.verbose = verbose
    self.repeating = repeating
  }

  func show(_ problem: CollectionProblem) { write("ERROR \(problem)\n") }

  func show(_ result: TestResult) {
    if result.hasFailed { failures.append(TestReport.text(of: result, repeating: repeating(result))) }
    let round = result.test.round > 1 ? " (run \(result.test.round))" : ""
    if verbose {
      write("\(result.test.id)\(round) \(Self.word(result.outcome))\n")
      return
    }
    if result.test.file != file {
      write((file.isEmpty ? "" : "\n") + result.test.file + " ")
      file = result.test.file
    }
    write(Self.letter(result.outcome))
  }

  func end(_ results: [TestResult], _ problems: [CollectionProblem]) {
    if !verbose, !file.isEmpty { write("\n") }
    for failure in failures { write("\n" + failure) }
    if results.isEmpty, problems.isEmpty {
      return write("no tests found: functions test_… in files test_*.py\n")
    }
    var counts: [String] = []
    func add(_ word: String, _ isCounted: (TestResult.Outcome) -> Bool, _ more: Int = 0) {
      let count = results.filter { isCounted($0.outcome) }.count + more
      if count > 0 { counts.append("\(count) \(word)") }
    }
    add("passed", { $0 == .passed })
    add("failed", { if case .failed = $0 { true } else { false } })
    add("in error", { if case .error = $0 { true } else { false } }, problems.count)
    add("skipped", { if case .skipped = $0 { true } else { false } })
    let boardTime = results.reduce(0) { $0 + $1.boardTime.seconds }
    write(
      "\(failures.isEmpty ? "" : "\n")\(counts.joined(separator: ", ")) in \(Self.two(seconds)) s "
        + "(\(Self.two(boardTime)) s of board time)\n")
  }

  private static func word(_ outcome: TestResult.Outcome) -> String {
    switch outcome {
    case .passed: "passed"
    case .failed: "FAILED"
    case .error: "ERROR"
    case .skipped(let reason): "skipped (\(reason))"
    }
  }

  private static func letter(_ outcome: TestResult.Outcome) -> String {
    switch outcome {
    case .passed: "."
    case .failed: "F"
    case .error: "E"
    case .skipped: "s"
    }
  }

  /// With two decimals.
  private static func two(_ seconds: Double) -> String {
    let hundredths = Int((seconds * 100).rounded())
    return "\(hundredths / 100).\(String(100 + hundredths % 100).dropFirst())"
  }

  private func write(_ text: String) { StandardOutputLine.writeAll(text) }
}
