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
    var requests = RequestLines()
    while let request = requests.next() {
      switch request {
      case .whole(let line) where line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }): continue
      case .whole(let line): StandardOutputLine.write(server.answer(line))
      case .tooLong:
        StandardOutputLine.write(
          server.refuse(
            "a request has at most \(RequestLines.longest >> 20) MiB; firmware that is longer comes from a file"
          ))
      }
    }
  }
}
