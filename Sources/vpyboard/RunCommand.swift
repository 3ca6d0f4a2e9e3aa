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

  @OptionGroup var options: RunOptions

  func run() throws {
    let program = try program()
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
