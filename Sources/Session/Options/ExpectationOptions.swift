import ArgumentParser
import Timebase

/// Options that decide the outcome of a run, as `wokwi-cli` has them: for tests in CI.
public struct ExpectationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Ends the run with status 0 when the firmware has printed a line with this in it, and with 1 when it ends before.",
      valueName: "text"))
  public var expectText: String?

  @Option(
    help: ArgumentHelp(
      "Ends the run with status 1 when the firmware has printed a line with this in it.", valueName: "text"))
  public var failText: String?

  @Option(
    help: ArgumentHelp(
      "Ends the run with status 42 after this much board time: milliseconds, or as in 30s.", valueName: "time"
    ),
    transform: Self.interval)
  public var timeout: Interval?

  @Option(
    help: ArgumentHelp(
      "Does the steps of a scenario, a YAML file as Wokwi has it; status 0 when all are done, 1 when one fails.",
      valueName: "file.yaml"),
    completion: .file(extensions: ["yaml"]))
  public var scenario: String?

  public init() {}

  /// Whether anything is expected.
  public var isEmpty: Bool { expectText == nil && failText == nil && timeout == nil && scenario == nil }

  private static func interval(_ text: String) throws(UsageError) -> Interval {
    if let milliseconds = Int64(text), milliseconds > 0 { return .milliseconds(milliseconds) }
    guard let interval = Interval(text: text), interval > .zero else {
      throw UsageError("give milliseconds of board time, or a time as in 30s")
    }
    return interval
  }
}
