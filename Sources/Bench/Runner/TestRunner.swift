import Diagnostics
import Glibc
import Machine
import Synchronization
import Timebase

/// Runs tests, several at a time in one process, each on a board of its own.
public struct TestRunner: Sendable {
  public var settings: TestSettings
  /// How many at a time.
  public var jobs = 1
  /// No further tests are begun after the first that fails.
  public var stopsAtFailure = false
  /// The folder for what failed tests leave; nil for nothing.
  public var failureFolder: String?
  /// The command that repeats a failed test, but for its name and seed.
  public var command = "vpyboard test"
  public let interruption = TestInterruption()

  public init(settings: TestSettings) { self.settings = settings }

  /// How many processors this process may use, which may be fewer than the machine has (taskset, containers).
  public static var usableProcessors: Int {
    // sched_getaffinity(2) is not available in Swift; the kernel reports the same there (proc(5)), as
    // hexadecimal digits.
    let status = String(decoding: HostFile.read("/proc/self/status") ?? [], as: UTF8.self)
    let mask = status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed:") }?.dropFirst(13)
    let count = (mask ?? "").compactMap(\.hexDigitValue).reduce(0) { $0 + $1.nonzeroBitCount }
    return count > 0 ? count : max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  }

  /// - Parameter report: called with each result, in the order of the tests, on the calling thread.
  /// - Throws: `ThreadStartError` when the system has no thread to give.
  /// - Returns: all results.
  public func run(
    _ tests: [TestCase], report: (TestResult) -> Void
  ) throws(ThreadStartError) -> [TestResult] {
    let queue = Queue(tests.count, interruption)
    for _ in 0..<max(1, min(jobs, tests.count)) {
      try startHostThread(name: "test", stackBytes: 16 << 20) { [self] in
        while let index = queue.take() {
          let result = result(of: tests[index])
          queue.put(result, at: index, endsAll: stopsAtFailure && result.hasFailed)
        }
        queue.leave()
      }
    }
    var results: [TestResult] = []
    while results.count < tests.count, let result = queue.result(results.count) {
      report(result)
      results.append(result)
      if stopsAtFailure, result.hasFailed { break }
    }
    if interruption.isInterrupted {
      let rest = queue.rest(from: results.count)
      rest.results.forEach(report)
      results += rest.results
      interruption.unfinished = rest.running.map { tests[$0].id }
    }
    return results
  }

  private func result(of test: TestCase) -> TestResult {
    let run = TestRun(test: test, settings: settings)
    // On real lines nothing happens twice in the same way.
    guard settings.lines == nil else {
      let (result, evidence) = runWithEvidence(run)
      return result.hasFailed ? keep(result, evidence) : result
    }
    let first = run.run()
    guard first.hasFailed else { return first }
    // Once more, with everything written down: the same happens again.
    let (second, evidence) = runWithEvidence(run)
    var result = first
    result.waveforms = second.waveforms
    if second.outcome != first.outcome || second.output != first.output {
      result.findings.append(
        "the test did something else when it was repeated: it depends on something outside of the board (a socket, a file)"
      )
    }
    return keep(result, evidence)
  }

  private typealias Traces = (text: [UInt8], dump: [UInt8])

  private func runWithEvidence(_ run: TestRun) -> (TestResult, Traces) {
    let sink = DiagnosticSink(mode: .off)
    var (text, dump): Traces = ([], [])
    let evidence = TestRun.Evidence(
      text: TraceOutput(diagnostics: sink) { if text.count < Self.longestTrace { text += $0 } },
      dump: TraceOutput(diagnostics: sink) { if dump.count < Self.longestTrace { dump += $0 } })
    let result = run.run(evidence: evidence)
    return (result, (text, dump))
  }

  /// Leaves everything about a failed test in a folder of its own.
  private func keep(_ failed: TestResult, _ traces: Traces) -> TestResult {
    var result = failed
    guard let failureFolder else { return result }
    let folder = failureFolder + "/" + Self.fileName(result.test)
    do {
      try HostFile.write(traces.text, to: folder + "/trace.txt")
      try HostFile.write(traces.dump, to: folder + "/board.vcd")
      try HostFile.write(result.output, to: folder + "/output.txt")
      for (name, bytes) in result.otherOutputs {
        try HostFile.write(bytes, to: folder + "/output-\(name).txt")
      }
      try HostFile.write(Array((repeating(result) + "\n").utf8), to: folder + "/repeat.sh")
      try HostFile.write(
        Array(TestReport.text(of: result, repeating: repeating(result)).utf8), to: folder + "/report.txt")
      result.folder = folder
    } catch {
      result.findings.append("\(error)")
    }
    return result
  }

  private static let longestTrace = 64 << 20

  /// The command that runs a test again as it was run.
  public func repeating(_ result: TestResult) -> String {
    "\(command) '\(result.test.id)' --seed \(result.seed)"
  }

  private static func fileName(_ test: TestCase) -> String {
    let round = test.round > 1 ? "-\(test.round)" : ""
    return (test.id + round).map { character in
      character.isLetter || character.isNumber || "._-".contains(character) ? String(character) : "-"
    }.joined().replacing("--", with: "-")
  }

  /// State that the threads share.
  private final class Queue: Sendable {
    private struct State {
      var next = 0
      var results: [TestResult?]
      var isEnded = false
    }

    private let state: Mutex<State>
    private let count: Int
    private let interruption: TestInterruption
    private var changed: HostSemaphore { interruption.changed }

    init(_ count: Int, _ interruption: TestInterruption) {
      self.count = count
      self.interruption = interruption
      state = Mutex(State(results: Array(repeating: nil, count: count)))
    }

    func take() -> Int? {
      state.withLock { state in
        guard state.next < count, !state.isEnded else { return nil }
        state.next += 1
        return state.next - 1
      }
    }

    func put(_ result: TestResult, at index: Int, endsAll: Bool) {
      state.withLock { state in
        state.results[index] = result
        if endsAll { state.isEnded = true }
      }
      changed.signal()
    }

    func leave() { changed.signal() }

    /// Returns the state at an interruption: results that are there, and the tests that run.
    func rest(from first: Int) -> (results: [TestResult], running: [Int]) {
      state.withLock { state in
        state.isEnded = true
        let begun = first..<max(first, state.next)
        return (begun.compactMap { state.results[$0] }, begun.filter { state.results[$0] == nil })
      }
    }

    /// Waits for a result; nil when it was not begun, or the run was interrupted.
    func result(_ index: Int) -> TestResult? {
      while true {
        let (result, isLost) = state.withLock { ($0.results[index], $0.isEnded && index >= $0.next) }
        if let result { return result }
        if isLost || interruption.isInterrupted { return nil }
        changed.wait()
      }
    }
  }
}
