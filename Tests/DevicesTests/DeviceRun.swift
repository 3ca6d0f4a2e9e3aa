import Devices
import Diagnostics
import Foundation
import Machine
import MicroPythonPort
import Synchronization
import Testing
import Timebase

/// A Pyboard V1.1 in virtual time with something wired to it.
final class WiredBoard {
  let clock = Clock(mode: .virtual)
  let board: Board

  /// - Parameters:
  ///   - devices: as `--device` names them.
  ///   - isTraced: keeps a trace, which wants to hear of every edge.
  init(
    _ devices: [String] = [], wires: [String] = [], pulls: [String] = [], events: [String] = [],
    isTraced: Bool = false, seed: UInt64 = 0, kinds: DeviceRegistry = .standard
  ) throws {
    let keeper = Keeper()
    self.keeper = keeper
    let sink = DiagnosticSink { line in keeper.reports.withLock { $0.append(line) } }
    let output = TraceOutput(diagnostics: sink) { bytes in
      keeper.trace.withLock { $0 += String(decoding: bytes, as: UTF8.self) }
    }
    board = try Board(
      description: try #require(try BoardDescription.builtIn("pyboard-v1.1")), clock: clock,
      diagnostics: sink,
      trace: Trace(outputs: isTraced ? [output] : []), seed: seed)
    var wiring = Wiring()
    for device in devices { try wiring.addDevice(device) }
    for wire in wires { try wiring.addWire(wire) }
    for pull in pulls { try wiring.addPull(pull) }
    for event in events { wiring.addEvent(try Stimulus(parsing: event), place: event) }
    try board.wire(wiring, kinds: kinds)
  }

  private final class Keeper: Sendable {
    let trace = Mutex<String>("")
    let reports = Mutex<[String]>([])
  }

  private let keeper: Keeper

  /// Every diagnostic so far, as a line of text.
  var reports: [String] { keeper.reports.withLock { $0 } }

  /// The lines of the trace so far that begin with this word behind the time.
  func trace(of word: String) -> [String] {
    board.trace.flush()
    return keeper.trace.withLock { $0 }.split(separator: "\n").map(String.init)
      .filter { $0.split(separator: " ").dropFirst().joined(separator: " ").hasPrefix(word) }
  }

  func wait(_ interval: Interval) { clock.busy(for: interval) }

  func pin(_ name: String) throws -> Pin { try board.pins[name] }

  /// Runs firmware in Python to its end, and an exception in it fails the test.
  /// - Parameter files: what stands beside the program, by path.
  /// - Returns: what it printed.
  @discardableResult
  func run(_ source: String, files: [String: String] = [:]) throws -> String {
    let folder = try TemporaryFolder(files.merging(["main.py": source]) { $1 })
    defer { folder.remove() }
    var bytes: [UInt8] = []
    let firmware = PythonFirmware(board: board) { bytes += $0 }
    defer { firmware.dismantle() }
    let end = firmware.run(try PythonProgram(path: folder.url.path()))
    if case .failed(let traceback) = end { Issue.record("\(traceback)") }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// What a wiring is refused with.
func refusalMessage(_ devices: [String], wires: [String] = [], pulls: [String] = []) -> String? {
  do {
    _ = try WiredBoard(devices, wires: wires, pulls: pulls)
    return nil
  } catch {
    return "\(error)"
  }
}
