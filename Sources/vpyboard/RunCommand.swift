import ArgumentParser
import Glibc
import MicroPythonPort
import PythonDevices
import Session

/// `vpyboard run FILE.py`
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    // Where it is parsed alone (`runTool`), the parser then looks for no request for completions, which takes a tenth of its time.
    _superCommandName: "vpyboard",
    abstract: "Runs MicroPython firmware on a virtual board.",
    usage: """
      vpyboard run <firmware> [<options>] [-- <arguments> ...]
      vpyboard run -c <code> [<options>] [-- <arguments> ...]
      vpyboard run -m <module> [<options>] [-- <arguments> ...]
      """,
    discussion: """
      vpyboard run Examples/aledflash/aledflash.py
      vpyboard run demo.py --wire X1-X2 --for 20s
      vpyboard run demo.py --at 3s:press=USR --trace trace.txt
      vpyboard run -c 'import pyb; pyb.LED(1).on()'

      The folder of the firmware stands for the board's flash. When the program has ended, its timers and handlers go on as on \
      a board, until --for, Ctrl-C, or nothing can happen any more. Exit status: 0 when the firmware ends, 1 after an \
      exception that it did not catch, what it gave to sys.exit, 2 for wrong usage.
      """)

  @Argument(
    help: ArgumentHelp(
      "FILE.py, a folder with a main.py, or - for standard input; then what goes to sys.argv.",
      valueName: "firmware"),
    completion: .file(extensions: ["py"]))
  var firmwareAndArguments: [String] = []

  @Option(
    name: .customShort("c"), parsing: .unconditional,
    help: ArgumentHelp("Runs this code instead of a file.", valueName: "code"))
  var code: String?

  @Flag(
    help: ArgumentHelp(
      "Collects garbage at every allocation and overwrites what it frees, to find faults of the emulator's own. Slow.",
      visibility: .hidden))
  var gcStress = false

  @Option(
    help: ArgumentHelp(
      "How much the firmware may write to its flash, in bytes or as in 64K or 16M; without it what the board has.",
      valueName: "size"),
    transform: Self.size)
  var flashSize: Int?

  @Flag(help: "Symbolic links in the firmware's folder may lead out of it.")
  var followLinks = false

  @Flag(help: "The firmware gets no sockets, not even on the loopback.")
  var noSockets = false

  @Option(
    name: .customShort("m"), parsing: .unconditional,
    help: ArgumentHelp(
      "Runs a module of the board's files or of the firmware, as in primitives.tests.", valueName: "module"))
  var module: String?

  @OptionGroup var expectations: ExpectationOptions
  @OptionGroup var consoleOptions: ConsoleOptions
  @OptionGroup var options: RunOptions

  func run() throws {
    let run = BoardRun(
      options: options, consoleOptions: consoleOptions, expectations: expectations,
      wiring: NamedWiring(options),
      collectsAlways: gcStress)
    guard expectations.isEmpty || consoleOptions.serial == nil else {
      throw UsageError(
        option: "--serial",
        "what is printed there is not watched: leave it out with --expect-text and its like")
    }
    if let file = try run.wiring.file(), !file.boards.isEmpty {
      let hasFirmware = !firmwareAndArguments.isEmpty || code != nil || module != nil
      Glibc.exit(try run.runTogether(file, isFirmwareGiven: hasFirmware) { set(&$0) }.rawValue)
    }
    var program = try program(run)
    set(&program)
    program.card = try run.card()
    if program.source != nil, let flash = try run.flash() {
      program.flash = flash
      program.runsBootFile = true
    }
    let status =
      if let serial = consoleOptions.serial { try run.runPrompt(program, at: .port(serial)) } else {
        try run.run(program)
      }
    Glibc.exit(status.rawValue)
  }

  private func set(_ program: inout PythonProgram) {
    program.flashSize = flashSize
    program.followsLinks = followLinks
    program.allowsSockets = !noSockets
  }

  private static func size(_ text: String) throws(UsageError) -> Int {
    let units: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
    let unit = text.last.flatMap { units[Character($0.uppercased())] }
    guard let count = Int(unit == nil ? text[...] : text.dropLast()), count >= 0,
      case (let size, let overflows) = count.multipliedReportingOverflow(by: unit ?? 1), !overflows
    else { throw UsageError("give a number of bytes, or one with K, M or G behind it, as in 64K") }
    return size
  }

  private func program(_ run: BoardRun) throws(UsageError) -> PythonProgram {
    if let code {
      return PythonProgram(name: "<string>", source: Array(code.utf8), arguments: firmwareAndArguments)
    }
    if let module { return PythonProgram(module: module, arguments: firmwareAndArguments) }
    guard let path = firmwareAndArguments.first else {
      if let path = try run.wiring.file()?.firmware { return try Self.program(path, []) }
      if let flash = try run.flash() { return PythonProgram(flash: flash) }
      throw UsageError(
        "name the firmware: FILE.py, a folder with a main.py, - for standard input, or -c CODE")
    }
    if path.isEmpty { throw UsageError("the name of the firmware is empty") }
    return try Self.program(path, Array(firmwareAndArguments.dropFirst()))
  }

  private static func program(_ path: String, _ arguments: [String]) throws(UsageError) -> PythonProgram {
    do {
      return try PythonProgram(path: path, arguments: arguments)
    } catch {
      throw UsageError(error.description)
    }
  }
}
