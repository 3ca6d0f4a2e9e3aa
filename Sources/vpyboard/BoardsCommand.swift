import ArgumentParser
import Machine
import Session

/// `vpyboard boards`
struct BoardsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "boards",
    abstract: "Lists the built-in boards.",
    discussion: "Any of these names, or a board file of your own, goes behind --board.")

  func run() throws {
    let rows = try BoardDescription.builtInNames.map { name in
      let alias = BoardDescription.alias(of: name).map { " (\($0))" } ?? ""
      return (names: name + alias, title: try BoardDescription.load(name).title)
    }
    let width = rows.map(\.names.count).max() ?? 0
    for row in rows {
      StandardOutputLine.write(
        row.names + String(repeating: " ", count: width - row.names.count) + "  " + row.title)
    }
  }
}
