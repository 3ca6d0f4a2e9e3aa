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
  var name = BoardDescription.standardName

  @Flag(
    help: ArgumentHelp(
      "Prints a built-in board's file instead, to begin a board of one's own with (or see extends: in docs/board.md)."
    ))
  var yaml = false

  @Flag(help: "Prints the JSON Schema of board files instead, with which editors check and complete them.")
  var schema = false

  func run() throws {
    if schema {
      StandardOutputLine.writeAll(String(decoding: BoardDescription.schemaText, as: UTF8.self))
      return
    }
    if yaml {
      guard let text = BoardDescription.builtInText(name) else {
        throw UsageError(
          option: "--yaml",
          "no built-in board \"\(name)\" (\(BoardDescription.builtInNames.joined(separator: ", ")))")
      }
      StandardOutputLine.writeAll(String(decoding: text, as: UTF8.self))
      return
    }
    do {
      let description = try BoardDescription.load(name)
      try description.checkCosts(interpreter: PythonFirmware.costNames)
      let board = try Board(description: description, clock: Clock(mode: .virtual))
      StandardOutputLine.write(BoardSummary(board: board).text)
    } catch {
      throw UsageError("\(error)")
    }
  }
}
