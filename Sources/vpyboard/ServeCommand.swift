import ArgumentParser
import Bench
import Session

/// `vpyboard serve --stdio`
struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Puts a board on a bench that another program drives, in lines of JSON.",
    discussion: """
      Requests come on standard input, answers go to standard output, one JSON object a line; `vpyboard docs testing` has the \
      methods. tools/pytest-vpyboard is a client in Python.
      """)

  @Flag(help: "Talks on standard input and output.")
  var stdio = false

  func run() throws {
    guard stdio else { throw UsageError("say where to talk: --stdio") }
    let server = BenchServer()
    while let line = readLine() {
      if line.allSatisfy(\.isWhitespace) { continue }
      StandardOutputLine.write(server.answer(Array(line.utf8)))
    }
  }
}
