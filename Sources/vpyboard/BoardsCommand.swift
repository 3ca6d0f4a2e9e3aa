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
    for name in BoardDescription.builtInNames {
      print("\(name)  \(try BoardDescription.load(name).title)")
    }
  }
}
