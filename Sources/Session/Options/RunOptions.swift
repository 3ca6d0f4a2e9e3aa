import ArgumentParser
import Asyncio
import Diagnostics
import Machine
import Timebase

/// The options that every run takes, whatever its firmware is written in.
public struct RunOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The board to run on: a built-in one (see `vpyboard boards`), or a board file.",
      valueName: "name|file"),
    completion: .file(extensions: ["yaml"]))
  public var board = "pyboard-v1.1"

  @Option(
    name: .customLong("wire"), parsing: .singleValue,
    help: ArgumentHelp("Connects two pins, as in X1-X2. Repeatable.", valueName: "pin-pin"))
  public var wires: [String] = []

  @Option(
    help: ArgumentHelp(
      "How fast board time runs: 1 is real time, 0.1 slow motion, max as fast as it can, host wall time itself. "
        + "Without it 1 on a terminal, max when the output goes elsewhere.",
      valueName: "factor|max|host"),
    completion: .list(["1", "0.1", "max", "host"]),
    transform: Speed.init(argument:))
  public var speed: Speed?

  @Option(
    name: .customLong("for"),
    help: ArgumentHelp(
      "Switches the board off after this much board time, as in 500ms, 20s, 1.5h; exit status 0.",
      valueName: "time"),
    transform: Self.interval)
  public var duration: Interval?

  @Option(
    name: .customLong("at"), parsing: .singleValue,
    help: ArgumentHelp(
      "What a person does to the board, and when: 3s:press=USR, 4s:release=X1, 4s:turn=X1-X2:8, 5s:tilt=10,0,20 "
        + "(in the accelerometer's counts, about 21 to one g), 6s:pin=X1:1 (0, 1, or z for let go). Repeatable.",
      valueName: "time:stimulus"),
    transform: Stimulus.init(parsing:))
  public var stimuli: [Stimulus] = []

  @Option(
    help: ArgumentHelp(
      "Writes down what each pin, LED and interrupt did, with board time.", valueName: "file"),
    completion: .file())
  public var trace: String?

  @Option(
    help: ArgumentHelp(
      "What to do about mistakes that the emulator sees: on tells them on standard error, off does not, error also "
        + "makes the run fail, json tells them for a program.",
      valueName: "on|off|error|json"),
    completion: .list(DiagnosticSink.Mode.allCases.map(\.rawValue)),
    transform: Self.mode)
  public var diagnostics = DiagnosticSink.Mode.on

  @Flag(
    help: ArgumentHelp(
      "Also makes the checks that take time: slow steps of tasks, slow streams, updates lost "
        + "across an await."))
  public var debug = false

  @Option(
    help: ArgumentHelp(
      "From which board time on a step of a task is slow, as in 50ms; with --debug 100ms.", valueName: "time"),
    transform: Self.interval)
  public var slowStep: Interval?

  /// What `--debug` and `--slow-step` ask for.
  public var debugging: Debugging { Debugging(isOn: debug, slowStep: slowStep) }

  public init() {}

  private static func interval(_ text: String) throws(UsageError) -> Interval {
    guard let interval = Interval(text: text) else {
      throw UsageError("give a number with us, ms, s, m or h behind it, as in 500ms, 20s or 1.5h")
    }
    return interval
  }

  private static func mode(_ text: String) throws(UsageError) -> DiagnosticSink.Mode {
    guard let mode = DiagnosticSink.Mode(rawValue: text) else {
      throw UsageError("give on, off, error or json")
    }
    return mode
  }
}
