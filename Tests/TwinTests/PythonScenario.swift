import Diagnostics
import Foundation
import Machine
import MicroPythonPort
import Testing
import Timebase

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
    let (end, output) = try Self.run(file, stimulate)
    guard end == .finished else { throw PythonScenarioError(end: end, output: output) }
    lines = output.replacing("\r\n", with: "\n").split(separator: "\n").map(String.init)
  }

  private static func run(
    _ file: URL, _ stimulate: (Board) throws -> Void
  ) throws -> (end: PythonFirmware.End, output: String) {
    let board = try Board(
      description: .load("pyboard-v1.1"), clock: Clock(mode: .virtual), diagnostics: DiagnosticSink { _ in })
    try stimulate(board)
    var bytes: [UInt8] = []
    let firmware = PythonFirmware(board: board) { bytes += $0 }
    defer { firmware.dismantle() }
    let end = firmware.run(try PythonProgram(path: file.path(), arguments: []))
    return (end, String(decoding: bytes, as: UTF8.self))
  }
}

/// A scenario did not come to its end.
struct PythonScenarioError: Error {
  let end: PythonFirmware.End
  let output: String
}
