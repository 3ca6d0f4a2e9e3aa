import ArgumentParser
import Glibc
import MicroPythonPort
import Session

/// `vpyboard run FILE.py`
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Runs MicroPython firmware on a virtual board.",
    usage: """
      vpyboard run <firmware> [<options>] [-- <arguments> ...]
      vpyboard run -c <code> [<options>] [-- <arguments> ...]
      """,
    discussion: """
      vpyboard run Examples/aledflash/aledflash.py
      vpyboard run demo.py --wire X1-X2 --for 20s
      vpyboard run demo.py --at 3s:press=USR --trace trace.txt
      vpyboard run -c 'import pyb; pyb.LED(1).on()'

      The folder of the firmware stands for the board's flash. Exit status: 0 when the firmware ends, 1 after an \
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

  @OptionGroup var options: RunOptions

  func run() throws {
    var program = try program()
    program.flashSize = flashSize
    program.followsLinks = followLinks
    program.allowsSockets = !noSockets
    try options.refuseTrace(over: [program.path, options.board])
    let session = try Session(options: options, interpreterCosts: PythonFirmware.costNames)
    let console = session.console
    let firmware = PythonFirmware(
      board: session.board, debugging: options.debugging, keys: session.keys,
      collectsAlways: gcStress
    ) { console.write($0) }
    session.interruptFirmware = { firmware.interrupt() }
    let status = session.run {
      switch firmware.run(program) {
      case .finished: return .success
      case .exited(let status): return ExitStatus(rawValue: status)
      case .deadlocked: return .failure
      case .failed(let traceback):
        console.writeError(traceback)
        return .failure
      }
    }
    Glibc.exit(status.rawValue)
  }

  private static func size(_ text: String) throws(UsageError) -> Int {
    let units: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
    let unit = text.last.flatMap { units[Character($0.uppercased())] }
    guard let count = Int(unit == nil ? text[...] : text.dropLast()), count >= 0,
      case (let size, let overflows) = count.multipliedReportingOverflow(by: unit ?? 1), !overflows
    else { throw UsageError("give a number of bytes, or one with K, M or G behind it, as in 64K") }
    return size
  }

  private func program() throws(UsageError) -> PythonProgram {
    if let code {
      return PythonProgram(name: "<string>", source: Array(code.utf8), arguments: firmwareAndArguments)
    }
    guard let path = firmwareAndArguments.first else {
      throw UsageError(
        "name the firmware: FILE.py, a folder with a main.py, - for standard input, or -c CODE")
    }
    do {
      return try PythonProgram(path: path, arguments: Array(firmwareAndArguments.dropFirst()))
    } catch {
      throw UsageError(error.description)
    }
  }
}
