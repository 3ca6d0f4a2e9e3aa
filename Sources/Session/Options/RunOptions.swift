import ArgumentParser
import Asyncio
import Devices
import Diagnostics
import Machine
import Timebase

/// The options that every run takes, whatever its firmware is written in.
public struct RunOptions: ParsableArguments {
  @Option(
    name: .customLong("board"),
    help: ArgumentHelp(
      "The board to run on: a built-in one (see `vpyboard boards`), or a board file; without it that of --wiring, or "
        + "pyboard-v1.1.",
      valueName: "name|file"),
    completion: .file(extensions: ["yaml"]))
  public var chosenBoard: String?

  @Option(
    help: ArgumentHelp(
      "What the pins are: virtual ones, or gpiod for GPIO lines of this machine through libgpiod (in wall time; see "
        + "`vpyboard docs raspberry-pi`).",
      valueName: "virtual|gpiod"))
  public var backend = PinBackendChoice.virtual

  @Option(
    help: ArgumentHelp(
      "With --backend gpiod: the chip, by label, name or device file (see `vpyboard gpio`); without it the one that the "
        + "board file names.",
      valueName: "chip"))
  public var chip: String?

  @Option(
    name: .customLong("wire"), parsing: .singleValue,
    help: ArgumentHelp(
      "Connects two pins, as in X1-X2; room.data-X1 names a pin of a device, X1-3V3, X1-5V and X1-GND a supply. Repeatable.",
      valueName: "pin-pin"))
  public var wires: [String] = []

  @Option(
    name: .customLong("device"), parsing: .singleValue,
    help: ArgumentHelp(
      "Wires something to the board, as in dht22@X1,temperature=21.5 or ssd1306:oled@scl:X9,sda:X10; `vpyboard devices` lists "
        + "what there is. Repeatable.",
      valueName: "kind[:name]@pin,…[,key=value…]"))
  public var devices: [String] = []

  @Option(
    name: .customLong("wiring"), parsing: .singleValue,
    help: ArgumentHelp(
      "A file with the board, what is wired to it and what happens: YAML (see `vpyboard docs devices`), or Wokwi's "
        + "diagram.json.",
      valueName: "file"),
    completion: .file(extensions: ["yaml", "json"]))
  public var wiringPaths: [String] = []

  @Option(
    name: .customLong("pull"), parsing: .singleValue,
    help: ArgumentHelp(
      "A resistor from a pin to the supply or to ground, as in X1:up or X1:down. Repeatable.",
      valueName: "pin:up|down"))
  public var pulls: [String] = []

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
      "What a person does to the board, and when: sets a control of a part, as in 3s:USR.pressed=1, "
        + "4s:X1.level=z, 5s:X5.voltage=1.65, 6s:accel.acceleration=10,0,20, 7s:uart4.rx=ready; `vpyboard board` lists "
        + "them. 3s..8s:room.temperature=20.0..30.0 is a ramp, 3s:room.temperature=@day.csv takes values from a file, "
        + "@events.txt events, and 450us after X1=0:room.temperature=25 waits for something. "
        + "Older names are press=USR, release=USR, turn=X1-X2:8, tilt=10,0,20, pin=X1:1, volts=X5,1.65. Repeatable.",
      valueName: "time:part.control=value"),
    transform: Self.events)
  public var events: [StimulusSource] = []

  /// Stimuli of the board.
  public var stimuli: [Stimulus] { events.flatMap(\.stimuli) }

  @Option(
    help: ArgumentHelp(
      "What the board's generator of random numbers starts from; runs with the same seed get the same numbers.",
      valueName: "number"))
  public var seed: UInt64 = 0

  @Option(
    name: .customLong("trace"), parsing: .singleValue,
    help: ArgumentHelp(
      "Writes down what each pin, LED and interrupt did, with board time: as lines of text, or as a value "
        + "change dump for PulseView, GTKWave or Surfer where the name ends in .vcd. With - the lines go to "
        + "standard output, and what the firmware prints to standard error. Repeatable.",
      valueName: "file"),
    completion: .file())
  public var traces: [String] = []

  @Option(
    name: .customLong("show"), parsing: .singleValue,
    help: ArgumentHelp(
      "Shows on standard error what a display shows, whenever that has changed: lcd, or a signal as in oled.picture. Repeatable.",
      valueName: "name"))
  public var shows: [String] = []

  @Option(
    name: .customLong("screenshot"), parsing: .singleValue,
    help: ArgumentHelp(
      "Writes what a display or a light looks like at a board time as a PNG, as in oled@2s=oled.png; board@2s=leds.png takes "
        + "the board's own lights, and without a time it is the end of the run. Repeatable.",
      valueName: "name@time=file"),
    transform: ScreenshotRequest.init(argument:))
  public var screenshots: [ScreenshotRequest] = []

  @Option(
    help: ArgumentHelp(
      "The time step of value change dumps, from 1ns to 1s in powers of ten; 100ns without it.",
      valueName: "time"),
    transform: Self.step)
  public var traceStep = Interval.nanoseconds(100)

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

  /// Settings of `--debug` and `--slow-step`.
  public var debugging: Debugging { Debugging(isOn: debug, slowStep: slowStep) }

  public init() {}

  private static func interval(_ text: String) throws(UsageError) -> Interval {
    guard let interval = Interval(text: text) else {
      throw UsageError("give a number with us, ms, s, m or h behind it, as in 500ms, 20s or 1.5h")
    }
    return interval
  }

  private static func events(_ text: String) throws(UsageError) -> StimulusSource {
    do { return try StimulusSource(parsing: text) } catch {
      throw UsageError(error.place.isEmpty ? error.message : error.description)
    }
  }

  private static func step(_ text: String) throws(UsageError) -> Interval {
    let steps = sequence(first: Int64(1)) { $0 < 1_000_000_000 ? $0 * 10 : nil }
    guard let interval = Interval(text: text), steps.contains(interval.nanoseconds) else {
      throw UsageError("give 1ns, 10ns, 100ns, 1us and so on up to 1s")
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
