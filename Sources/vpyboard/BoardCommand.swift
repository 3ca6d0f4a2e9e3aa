import ArgumentParser
import Machine
import MicroPythonPort
import Session

/// `vpyboard board NAME`
struct BoardCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "board",
    abstract: "Shows what a board has: pins and what they can do, LEDs, switches, UARTs, timers.")

  @Argument(
    help: ArgumentHelp("A built-in board (see `vpyboard boards`), or a board file.", valueName: "name|file"),
    completion: .list(BoardDescription.builtInNames))
  var name = "pyboard-v1.1"

  func run() throws {
    do {
      let board = try BoardDescription.load(name)
      try board.checkCosts(interpreter: PythonFirmware.costNames)
      print(BoardSummary(board: board).text)
    } catch {
      throw UsageError(error.description)
    }
  }
}
