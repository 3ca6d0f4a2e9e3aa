import Bench
import Foundation
import MicroPythonPort

/// How the firmware of tests collects garbage: at every allocation with VPYBOARD_GC_STRESS=1 in the environment
/// (`make test-gc`).
enum CollectionMode {
  static let collectsAlways = ProcessInfo.processInfo.environment["VPYBOARD_GC_STRESS"] == "1"
}

/// What one program did on a board in virtual time.
struct FirmwareRun {
  let output: String
  let end: PythonFirmware.End
  /// Board time at the end, in milliseconds.
  let duration: Int64
  let diagnostics: [String]

  /// - Parameters:
  ///   - powerOff: milliseconds after which the power goes.
  ///   - interruption: milliseconds after which Ctrl-C is pressed.
  ///   - card: what is in the socket for SD cards.
  ///   - flash: what the board's flash holds; nil for the folder of the program.
  ///   - debugging: which checks are made beside the usual ones.
  ///   - collectsAlways: see `PythonFirmware`.
  ///   - files: what stands beside the program, by path.
  ///   - name: the built-in board.
  init(
    _ source: String, powerOff: Int64? = nil, interruption: Int64? = nil, files: [String: String] = [:],
    arguments: [String] = [], board name: String = "pyboard-v1.1", wires: [String] = [],
    stimuli: [Stimulus] = [], card: Card? = nil, flash: Flash? = nil, debugging: Debugging = Debugging(),
    collectsAlways: Bool = CollectionMode.collectsAlways
  ) throws {
    let bench = try Bench(name)
    let (board, clock) = (bench.board, bench.clock)
    for wire in wires { try board.connect(wire: wire) }
    try board.schedule(stimuli)
    if let powerOff { clock.powerOff = clock.now + .milliseconds(powerOff) }

    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (path, contents) in files.merging(["main.py": source], uniquingKeysWith: { $1 }) {
      let file = folder.appending(path: path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(contents.utf8).write(to: file)
    }

    var program = try PythonProgram(path: folder.path(), arguments: arguments)
    program.name = "main.py"
    program.card = card
    if let flash { program.flash = flash }
    end = try bench.run(program, debugging: debugging, collectsAlways: collectsAlways) { firmware in
      guard let interruption else { return }
      clock.schedule(at: clock.now + .milliseconds(interruption)) { firmware.interrupt() }
    }
    output = String(decoding: bench.main.output, as: UTF8.self)
    duration = clock.now.milliseconds
    // Diagnostics name files on the host, where each run has a folder of its own.
    diagnostics = bench.main.findings.map {
      $0.replacing(folder.path() + "/", with: "").replacing(folder.path(), with: "")
    }
  }
}
