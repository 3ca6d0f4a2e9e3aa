import ArgumentParser
import Bench
import Devices
import Diagnostics
import Glibc
import Machine
import MicroPythonPort
import PythonDevices
import Session
import Synchronization
import Timebase

/// `vpyboard test [FILES|FOLDERS]`
struct TestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Runs tests of firmware, each on a virtual board of its own.",
    discussion: """
      vpyboard test
      vpyboard test tests/test_button.py -k 'press and not long'
      vpyboard test test_button.py::test_press --seed 7

      Without files or folders, all test_*.py in and below the current folder. In them: functions test_…, async ones too, and \
      methods test… of unittest classes. A test reaches its board from outside through the module bench; see \
      `vpyboard docs testing`. Exit status: 0 when all pass, 1 when one fails, 2 for wrong usage, 5 when there are none.
      """)

  @Argument(
    help: ArgumentHelp("Files, folders, or FILE::TEST.", valueName: "file|folder"), completion: .file())
  var paths: [String] = []

  @Option(
    name: .customShort("k"),
    help: ArgumentHelp("Only tests whose names have this in them; with and, or, not.", valueName: "names"),
    transform: Self.filter)
  var filter: NameFilter?

  @Flag(name: .customShort("x"), help: "Stops after the first test that fails.")
  var stopsAtFailure = false

  @Flag(name: .shortAndLong, help: "Names each test.")
  var verbose = false

  @Option(
    help: ArgumentHelp("The board of each test: a built-in one, or a board file.", valueName: "name|file"))
  var board: String?

  @Option(
    name: .customLong("wiring"), parsing: .singleValue,
    help: ArgumentHelp("A file with the board and what is wired to it, as for run.", valueName: "file"),
    completion: .file(extensions: ["yaml", "json"]))
  var wirings: [String] = []

  private var wiring: String? { wirings.first }

  @Option(
    name: .customLong("device"), parsing: .singleValue,
    help: ArgumentHelp(
      "Wires something to each board, as for run. Repeatable.", valueName: "kind:name@pins,key=value"))
  var devices: [String] = []

  @Option(
    name: .customLong("wire"), parsing: .singleValue,
    help: ArgumentHelp("Connects two pins of each board, as in X1-X2. Repeatable.", valueName: "pin-pin"))
  var wires: [String] = []

  @Option(
    name: .customLong("pull"), parsing: .singleValue,
    help: ArgumentHelp("Puts a resistor on a pin, as for run. Repeatable.", valueName: "pin:up|down"))
  var pulls: [String] = []

  @Option(
    help: ArgumentHelp(
      "What the pins are: virtual ones, or gpiod for GPIO lines of this machine, in wall time, one test at a time.",
      valueName: "virtual|gpiod"))
  var backend = PinBackendChoice.virtual

  @Option(help: ArgumentHelp("With --backend gpiod: the chip, as for run.", valueName: "chip"))
  var chip: String?

  @Option(
    help: ArgumentHelp(
      "What the board's random numbers start from; the n-th run of --repeat has n - 1 more.",
      valueName: "number"))
  var seed: UInt64 = 0

  @Option(
    help: ArgumentHelp("Board time after which a test is ended and has failed.", valueName: "time"),
    transform: Self.interval)
  var limit = Interval.seconds(60)

  @Option(
    help: ArgumentHelp(
      "How many tests run at a time; without it as many as there are processors.", valueName: "number"))
  var jobs: Int?

  @Option(
    help: ArgumentHelp(
      "Only one part of the tests, as in 2/8: every eighth, from the second.", valueName: "part/parts"),
    transform: Shard.init(argument:))
  var shard: Shard?

  @Option(name: .customLong("repeat"), help: ArgumentHelp("How often each test runs.", valueName: "number"))
  var rounds = 1

  @Option(help: ArgumentHelp("Writes the results as JUnit's XML.", valueName: "file"), completion: .file())
  var junit: String?

  @Flag(help: "Takes what the tests compare with bench.golden as right from now on.")
  var updateGoldens = false

  @Option(
    help: ArgumentHelp(
      "The folder that stands for the board's flash; without it the one of the test file.",
      valueName: "folder"),
    completion: .directory)
  var flash: String?

  @Option(
    help: ArgumentHelp("Where failed tests leave their traces.", valueName: "folder"), completion: .directory)
  var failures = "vpyboard-failures"

  func run() throws {
    guard (1...100_000).contains(rounds) else { throw UsageError(option: "--repeat", "give 1 to 100000") }
    if let jobs, jobs < 1 { throw UsageError(option: "--jobs", "give at least 1") }
    if let jobs, jobs > 1, backend == .gpiod {
      throw UsageError(option: "--jobs \(jobs)", "real lines serve one test at a time")
    }
    if let flash, !Self.isFolder(flash) { throw UsageError(option: "--flash", "\(flash) is no folder") }
    let collection: TestCollection
    do { collection = try TestCollection(paths.isEmpty ? ["."] : paths) } catch {
      throw UsageError(error.description)
    }
    var tests = collection.tests
    if let filter { tests = tests.filter { filter.includes($0.id) } }
    if let shard { tests = tests.enumerated().filter { shard.includes($0.offset) }.map(\.element) }
    if rounds > 1 {
      tests = tests.flatMap { test in
        (1...rounds).map { round in
          var test = test
          test.round = round
          return test
        }
      }
    }
    let status = try run(tests, collection.problems)
    Glibc.exit(status.rawValue)
  }

  private func run(_ tests: [TestCase], _ problems: [CollectionProblem]) throws -> ExitStatus {
    let lines = try self.lines()
    var settings = try self.settings(inputs: tests.map(\.file))
    settings.lines = lines
    settings.seed = seed
    settings.limit = limit
    settings.flash = flash
    settings.updatesGoldens = updateGoldens
    var runner = TestRunner(settings: settings)
    runner.jobs = backend == .gpiod ? 1 : jobs ?? TestRunner.usableProcessors
    runner.stopsAtFailure = stopsAtFailure
    runner.failureFolder = failures
    runner.command = command
    let progress = TestProgress(verbose: verbose, repeating: runner.repeating)
    let began = time(nil)
    for problem in problems { progress.show(problem) }
    let signal = try watchSignals(runner.interruption)
    let results = try runner.run(tests) { progress.show($0) }
    progress.end(results, problems)
    if let junit {
      try write(
        JUnitReport(
          results, problems: problems, start: Self.timestamp(began), duration: progress.seconds,
          repeating: runner.repeating),
        to: junit)
    }
    if runner.interruption.isInterrupted {
      for test in runner.interruption.unfinished {
        writeToStandardError("vpyboard: interrupted while \(test) ran")
      }
      fflush(nil)
      lines?.release()
      // Other threads still run tests, which nobody waits for.
      _exit(ExitStatus.signalled(signal.number).rawValue)
    }
    if results.isEmpty, problems.isEmpty {
      return ExitStatus(rawValue: 5)
    }
    return results.contains(where: \.hasFailed) || !problems.isEmpty ? .failure : .success
  }

  /// Lets a signal end the run with what has been found so far.
  /// - Returns: the signal, once it has come.
  private func watchSignals(_ interruption: TestInterruption) throws -> SharedSignal {
    let signal = SharedSignal()
    SignalWatch.blockSignals()
    try SignalWatch.start { received in
      switch received {
      case SIGTSTP: SignalWatch.stop()
      case SIGCONT: break
      default:
        signal.number = received
        interruption.interrupt()
      }
    }
    return signal
  }

  /// Returns the board and its wiring. An impossible one is wrong usage, not a failure of every test.
  /// - Parameter inputs: the files of the tests, which what a serial peer hears must not overwrite.
  private func settings(inputs: [String]) throws -> TestSettings {
    var file: WiringFile?
    guard wirings.count <= 1 else {
      throw UsageError(
        option: "--wiring", "is there \(wirings.count) times: one file has the wiring, and options add to it")
    }
    if let wiring {
      do { file = try WiringFile(contentsOf: wiring, kinds: .withPython) } catch {
        throw UsageError(option: "--wiring", error.description)
      }
    }
    if let file, !file.boards.isEmpty {
      throw UsageError(
        option: "--wiring \(file.file)",
        "has several boards, and a test has one: load the others with bench.load()")
    }
    let description: BoardDescription
    do {
      description = try .load(board ?? file?.board ?? BoardDescription.standardName)
      try description.checkCosts(interpreter: PythonFirmware.costNames)
    } catch { throw UsageError(option: "--board", "\(error)") }
    var settings = TestSettings(board: description)
    settings.wiring = file?.wiring ?? Wiring()
    do {
      for text in devices { try settings.wiring.addDevice(text, place: "--device \(text)") }
      for text in wires { try settings.wiring.addWire(text, place: "--wire \(text)") }
      for text in pulls { try settings.wiring.addPull(text, place: "--pull \(text)") }
      _ = try OutputFiles(settings.wiring, inputs: Array(Set(inputs)) + [wiring, board].compactMap { $0 })
      let trial = try Board(description: description, clock: Clock(mode: .virtual))
      try trial.wire(settings.wiring, kinds: .withPython)
      try lines()?.join(trial).release()
    } catch { throw UsageError("\(error)") }
    return settings
  }

  /// The lines that the tests run on; nil for virtual pins.
  private func lines() throws -> TestGPIOLines? {
    guard backend == .gpiod else {
      if let chip {
        throw UsageError(
          option: "--chip \(chip)", "is for --backend gpiod, without which pins are virtual")
      }
      return nil
    }
    if let option = [wiring].compactMap({ $0 }).first ?? (devices + wires + pulls).first {
      throw UsageError("\(option): the pins are real ones: wire real things to them")
    }
    return TestGPIOLines(chip: chip)
  }

  /// With the options that decide what a test does.
  private var command: String {
    var words = ["vpyboard test"]
    if let board { words.append("--board \(board)") }
    if let wiring { words.append("--wiring \(wiring)") }
    words += devices.map { "--device \($0)" } + wires.map { "--wire \($0)" } + pulls.map { "--pull \($0)" }
    if limit != .seconds(60) { words.append("--limit \(limit.nanoseconds)ns") }
    if let flash { words.append("--flash \(flash)") }
    if backend == .gpiod { words.append("--backend gpiod" + (chip.map { " --chip '\($0)'" } ?? "")) }
    return words.joined(separator: " ")
  }

  private func write(_ report: JUnitReport, to path: String) throws {
    do {
      let file = try TraceFile(path: path)
      try file.write(report.bytes)
    } catch { throw UsageError(option: "--junit", "\(error)") }
  }

  private static func timestamp(_ seconds: time_t) -> String {
    var (seconds, parts) = (seconds, tm())
    gmtime_r(&seconds, &parts)
    func two(_ number: Int32) -> String { (number < 10 ? "0" : "") + String(number) }
    return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
      + "T\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  private static func filter(_ text: String) throws(UsageError) -> NameFilter {
    do { return try NameFilter(text) } catch { throw UsageError(option: "-k", error.description) }
  }

  private static func interval(_ text: String) throws(UsageError) -> Interval {
    guard let interval = Interval(text: text), interval > .zero else {
      throw UsageError("\"\(text)\" is no board time; give one as in 500ms, 20s, 2m")
    }
    return interval
  }
}

/// One part of several of the tests.
struct Shard {
  let part: Int
  let parts: Int

  init(argument text: String) throws(UsageError) {
    let numbers = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard numbers.count == 2, let part = numbers[0], let parts = numbers[1], parts > 0,
      (1...parts).contains(part)
    else { throw UsageError("give a part and how many there are, as in 2/8") }
    self.part = part
    self.parts = parts
  }

  func includes(_ index: Int) -> Bool { index % parts == part - 1 }
}

/// The signal that has ended a run, for the thread that waits for it.
private final class SharedSignal: Sendable {
  /// Stored with release on the thread of signals before the run is interrupted, loaded with acquire by the one that has found it
  /// interrupted: `TestInterruption` orders the two as well.
  private let value = Atomic<Int32>(0)

  var number: Int32 {
    get { value.load(ordering: .acquiring) }
    set { value.store(newValue, ordering: .releasing) }
  }
}
