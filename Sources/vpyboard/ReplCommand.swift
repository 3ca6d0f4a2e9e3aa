import ArgumentParser
import Glibc
import MicroPythonPort
import Session

/// `vpyboard repl`
struct ReplCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repl",
    abstract: "Switches a virtual board on and shows its prompt.",
    discussion: """
      vpyboard repl
      vpyboard repl Examples/aledflash
      vpyboard repl --serial pty
      mpremote connect /dev/pts/3 run demo.py

      The board runs boot.py and main.py of its flash, then its prompt is in this terminal, or at its serial port with \
      --serial. Ctrl-] leaves it; Ctrl-D is a soft reset, Ctrl-C interrupts what runs. Without a folder the flash is that \
      of a new board, and forgotten at the end.
      """)

  @Argument(
    help: ArgumentHelp(
      "The board's flash: a folder, or the image of a FAT file system; what is written stays.",
      valueName: "folder|image"),
    completion: .directory)
  var folder: String?

  @OptionGroup var consoleOptions: ConsoleOptions
  @OptionGroup var options: RunOptions

  func run() throws {
    let run = BoardRun(options: options, consoleOptions: consoleOptions, wiring: NamedWiring(options))
    let usual: Flash
    do throws(FlashError) {
      usual = try folder.map { (path) throws(FlashError) in try Flash(path: path) } ?? .image(FlashImage())
    } catch {
      throw UsageError(error.description)
    }
    var program = PythonProgram(flash: try run.flash() ?? usual)
    program.card = try run.card()
    let place = consoleOptions.serial.map { Session.SerialConsole.port($0) } ?? .terminal
    Glibc.exit(try run.runPrompt(program, at: place).rawValue)
  }
}
