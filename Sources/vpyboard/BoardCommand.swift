import ArgumentParser
import Machine
import MicroPythonPort
import Session
import Timebase

/// `vpyboard board NAME`
struct BoardCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "board",
    abstract:
      "Shows what a board has: pins and what they can do, its other parts, their controls and signals.")

  @Argument(
    help: ArgumentHelp("A built-in board (see `vpyboard boards`), or a board file.", valueName: "name|file"),
    completion: .list(BoardDescription.builtInNames))
  var name = "pyboard-v1.1"

  func run() throws {
    do {
      let description = try BoardDescription.load(name)
      try description.checkCosts(interpreter: PythonFirmware.costNames)
      let board = try Board(description: description, clock: Clock(mode: .virtual))
      print(BoardSummary(board: board).text)
    } catch {
      throw UsageError("\(error)")
    }
  }
}
