import ArgumentParser
import Machine
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
      print(BoardSummary(board: try BoardDescription.load(name)).text)
    } catch {
      throw UsageError(error.description)
    }
  }
}
