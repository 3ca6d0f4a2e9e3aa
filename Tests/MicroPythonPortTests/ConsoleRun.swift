import Diagnostics
import Foundation
import Machine
import MicroPythonPort
import Testing
import Timebase

/// What a board answers to what is typed at its serial console; its power goes when nothing more is typed.
struct ConsoleRun {
  let output: String
  let bytes: [UInt8]

  /// The banner, and what comes before it.
  static let banner =
    "MicroPython v1.29.0 on VirtualPyboard; PYBv1.1 with STM32F405RG\r\nType \"help()\" for more information.\r\n"

  /// - Parameters:
  ///   - pieces: what is typed; the next piece when the board has come to wait for it.
  ///   - files: the flash, by path; nil for that of a new board.
  init(_ pieces: String..., files: [String: String]? = [:], boots: Int = .max, powerOff: Int64? = nil) throws
  {
    let clock = Clock(mode: .virtual)
    let board = try Board(
      description: try #require(try BoardDescription.builtIn("pyboard-v1.1")), clock: clock,
      diagnostics: DiagnosticSink(mode: .off))
    if let powerOff { clock.powerOff = clock.now + .milliseconds(powerOff) }
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (path, contents) in files ?? [:] {
      let file = folder.appending(path: path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(contents.utf8).write(to: file)
    }
    var sent: [UInt8] = []
    let console = BoardConsole(clock: clock, line: Typist(pieces)) { sent += $0 }
    let firmware = PythonFirmware(board: board, console: console)
    let flash: Flash = files == nil ? .image(FlashImage()) : .folder(folder.path())
    firmware.stayPowered(PythonProgram(flash: flash), boots: boots)
    firmware.dismantle()
    bytes = sent
    output = String(decoding: sent, as: UTF8.self)
  }
}

/// Types one piece at a time.
private final class Typist: ByteStream {
  private var pieces: [[UInt8]]
  private var hasPaused = true

  init(_ pieces: [String]) { self.pieces = pieces.map { Array($0.utf8) }.reversed() }

  func poll(_ wanted: PollEvents) -> PollEvents { wanted }
  func write(_ bytes: UnsafeRawBufferPointer) -> Int? { nil }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
    guard let piece = pieces.last else { return 0 }
    hasPaused.toggle()
    if hasPaused { return nil }
    let count = min(piece.count, buffer.count)
    buffer.copyBytes(from: piece[..<count])
    if count < piece.count { pieces[pieces.count - 1].removeFirst(count) } else { pieces.removeLast() }
    return count
  }
}
