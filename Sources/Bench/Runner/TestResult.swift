import Timebase

/// The result of a test.
public struct TestResult: Sendable {
  public enum Outcome: Sendable, Hashable {
    case passed
    /// The failed check.
    case failed(String)
    /// The reason why the test could not decide: another exception, a reset.
    case error(String)
    case skipped(String)
  }

  public var test: TestCase
  public var seed: UInt64
  public var outcome = Outcome.passed
  /// Details of the failure: its lines in the test and in the firmware, and the values that the assertion
  /// compared.
  public var details: [String] = []
  /// Output of the test's board.
  public var output: [UInt8] = []
  /// The same of the boards that the test loaded.
  public var otherOutputs: [(name: String, bytes: [UInt8])] = []
  public var findings: [String] = []
  /// The last waveforms of the pins that did something.
  public var waveforms = ""
  public var boardTime = Interval.zero
  /// Wall time, seconds.
  public var duration = 0.0
  /// The folder with everything about a failure.
  public var folder: String?

  public init(test: TestCase, seed: UInt64) {
    self.test = test
    self.seed = seed
  }

  public var hasFailed: Bool {
    switch outcome {
    case .passed, .skipped: false
    case .failed, .error: true
    }
  }
}
