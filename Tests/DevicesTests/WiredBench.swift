import Bench
import Foundation
import MicroPythonPort
import Testing

extension Bench {
  /// A Pyboard V1.1 with something wired to it.
  /// - Parameters:
  ///   - devices: as `--device` names them.
  ///   - isTraced: keeps a trace, which wants to hear of every edge.
  static func wired(
    _ devices: [String] = [], wires: [String] = [], pulls: [String] = [], events: [String] = [],
    isTraced: Bool = false, seed: UInt64 = 0, kinds: DeviceRegistry = .standard
  ) throws -> Bench {
    let bench = try Bench(seed: seed, isTraced: isTraced)
    var wiring = Wiring()
    for device in devices { try wiring.addDevice(device) }
    for wire in wires { try wiring.addWire(wire) }
    for pull in pulls { try wiring.addPull(pull) }
    for event in events { wiring.addEvent(try Stimulus(parsing: event), place: event) }
    try bench.board.wire(wiring, kinds: kinds)
    return bench
  }

  /// The lines of the trace so far that begin with this word behind the time.
  func trace(of word: String) -> [String] {
    main.trace.filter { $0.split(separator: " ").dropFirst().joined(separator: " ").hasPrefix(word) }
  }

  /// Runs firmware in Python to its end, and an exception in it fails the test.
  /// - Parameter files: what stands beside the program, by path.
  /// - Returns: what it printed.
  @discardableResult
  func run(_ source: String, files: [String: String] = [:]) throws -> String {
    let folder = try TemporaryFolder(files.merging(["main.py": source]) { $1 })
    defer { folder.remove() }
    let printed = main.output.count
    if case .failed(let traceback) = try run(try PythonProgram(path: folder.url.path())) {
      Issue.record("\(traceback)")
    }
    return String(decoding: main.output[printed...], as: UTF8.self)
  }
}

/// What a wiring is refused with.
func refusalMessage(_ devices: [String], wires: [String] = [], pulls: [String] = []) -> String? {
  do {
    _ = try Bench.wired(devices, wires: wires, pulls: pulls)
    return nil
  } catch {
    return "\(error)"
  }
}
