import Bench
import Foundation
import MicroPythonPort

/// A scenario in Python, under Scenarios/, as firmware of a Pyboard in virtual time.
struct PythonScenario {
  /// The lines that it printed.
  let lines: [String]

  /// Whether the board's Python has the primitives.
  static let hasPrimitives = (try? PythonScenario("available")) != nil

  /// - Parameters:
  ///   - name: of the file, without `.py`.
  ///   - stimulate: what happens to the board.
  init(_ name: String, stimulate: (Board) throws -> Void = { _ in }) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Scenarios/\(name).py")
    let bench = try Bench()
    try stimulate(bench.board)
    let end = try bench.run(try PythonProgram(path: file.path(), arguments: []))
    let output = String(decoding: bench.main.output, as: UTF8.self)
    guard end == .finished else { throw PythonScenarioError(end: end, output: output) }
    lines = output.split(separator: "\n").map(String.init)
  }
}

/// A scenario did not come to its end.
struct PythonScenarioError: Error {
  let end: PythonFirmware.End
  let output: String
}
