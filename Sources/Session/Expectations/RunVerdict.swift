import Machine
import Timebase

/// Watches a run for what it is expected to do, and ends it when that is decided: `--expect-text`, `--fail-text`, `--timeout`,
/// `--scenario`.
///
/// It belongs to the firmware thread.
public final class RunVerdict {
  /// Keys that a scenario types; nil without one.
  public var keys: (any ByteStream)? { scenario?.keys }

  private let options: ExpectationOptions
  private let scenario: ScenarioRun?
  private let firstBoard: Board
  private let report: (String) -> Void
  private let end: (ExitStatus) -> Void
  private var line: [UInt8] = []
  private var decided: ExitStatus?
  /// As long as a line may get before it counts as one.
  private static let longestLine = 1 << 16

  /// - Parameter session: whose run it watches.
  /// - Throws: for a scenario that cannot be read.
  public init(_ options: ExpectationOptions, _ session: Session) throws(UsageError) {
    self.options = options
    firstBoard = session.board
    report = { [unowned session] in session.console.report("vpyboard: \($0)") }
    end = { [unowned session] in session.end($0) }
    if let path = options.scenario {
      let steps = try Scenario(path: path)
      for case .takeScreenshot(_, let path) in steps.steps.map(\.command) {
        try session.outputFiles.add(
          path, option: "--scenario", verb: "the picture would overwrite", isRepeatable: true)
      }
      scenario = try ScenarioRun(steps, session)
    } else {
      scenario = nil
    }
    if let timeout = options.timeout {
      session.clock.schedule(at: session.clock.now + timeout) { [weak self] in
        self?.timeIsOver(timeout)
      }
    }
    scenario?.ended = { [unowned self] failure in
      if let failure { decide(.failure, failure) } else { decide(.success, "the scenario has been done") }
    }
    scenario?.begin()
  }

  /// Takes what the firmware prints.
  /// - Parameter board: whose firmware, of several: it prints lines with the name of its board.
  public func printed(_ bytes: [UInt8], on board: Board? = nil) {
    scenario?.printed(bytes, on: board ?? firstBoard)
    guard options.expectText != nil || options.failText != nil else { return }
    for byte in bytes {
      guard byte == 0x0A || line.count == Self.longestLine else {
        if byte != 0x0D { line.append(byte) }
        continue
      }
      look(String(decoding: line, as: UTF8.self))
      line.removeAll(keepingCapacity: true)
    }
  }

  private func timeIsOver(_ timeout: Interval) {
    lookAtRest()
    let step = scenario?.pendingStep.map { "; \($0) is not done" } ?? ""
    decide(.timedOut, "nothing decided the run within \(timeout.milliseconds) ms of board time\(step)")
  }

  /// Checks output that has no end of line yet.
  private func lookAtRest() { look(String(decoding: line, as: UTF8.self)) }

  private func look(_ line: String) {
    if let text = options.failText, line.contains(text) {
      decide(.failure, "the firmware printed \"\(text)\"")
    } else if let text = options.expectText, line.contains(text) {
      decide(.success, "the firmware printed \"\(text)\"")
    }
  }

  private func decide(_ status: ExitStatus, _ reason: String) {
    guard decided == nil else { return }
    decided = status
    report(
      "\(status == .success ? "TEST PASSED" : status == .timedOut ? "TIMEOUT" : "TEST FAILED"): \(reason)")
    end(status)
  }

  /// The firmware has ended; what that means if nothing was decided before.
  public func status(_ end: ExitStatus) -> ExitStatus {
    if decided == nil { lookAtRest() }
    if let decided { return decided }
    if let step = scenario?.pendingStep {
      report("TEST FAILED: the run ended before \(step)")
      return .failure
    }
    if let text = options.expectText {
      report("TEST FAILED: the run ended before the firmware printed \"\(text)\"")
      return .failure
    }
    return end
  }
}

extension ExitStatus {
  /// Nothing was decided in time; Wokwi's number.
  public static let timedOut = ExitStatus(rawValue: 42)
}
