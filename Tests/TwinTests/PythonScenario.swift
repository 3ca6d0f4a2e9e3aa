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

  /// Whether `import primitives` finds something.
  static let hasPrimitives =
    (try? run(source: "import primitives, threadsafe\nprimitives.Queue\n").end) == .finished

  /// - Parameters:
  ///   - name: of the file, without `.py`.
  ///   - stimulate: what happens to the board.
  init(_ name: String, stimulate: (Board) throws -> Void = { _ in }) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Scenarios/\(name).py")
    let (end, output) = try Self.run(file, stimulate)
    try #require(end == .finished, "\(output)")
    lines = output.replacing("\r\n", with: "\n").split(separator: "\n").map(String.init)
  }

  private static func run(source: String) throws -> (end: PythonFirmware.End, output: String) {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "main.py")
    try Data(source.utf8).write(to: file)
    return try run(file) { _ in }
  }

  private static func run(
    _ file: URL, _ stimulate: (Board) throws -> Void
  ) throws -> (end: PythonFirmware.End, output: String) {
    let board = try Board(
      description: .load("pyboard-v1.1"), clock: Clock(mode: .virtual), diagnostics: DiagnosticSink { _ in })
    try stimulate(board)
    var bytes: [UInt8] = []
    let firmware = PythonFirmware(board: board) { bytes += $0 }
    let end = firmware.run(try PythonProgram(path: file.path(), arguments: []))
    return (end, String(decoding: bytes, as: UTF8.self))
  }
}
