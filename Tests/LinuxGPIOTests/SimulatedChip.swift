import Foundation
import Machine

/// The chip of the kernel's own simulator, in the virtual machine of tools/test-gpio, seen from outside.
struct SimulatedChip {
  /// As `--chip` takes it.
  let label = "gpiovm"
  private let folder: URL

  /// `nil` on any other machine.
  init?() {
    guard let path = ProcessInfo.processInfo.environment["GPIOVM_SIM"] else { return nil }
    folder = URL(filePath: path)
  }

  /// Somebody outside drives the line; the simulator knows only resistors, which do as well.
  func drive(_ offset: Int, _ level: Level) throws {
    try Data("pull-\(level == .high ? "up" : "down")\n".utf8).write(to: file(offset, "pull"))
  }

  func level(_ offset: Int) throws -> Level {
    try String(contentsOf: file(offset, "value"), encoding: .utf8).hasPrefix("1") ? .high : .low
  }

  private func file(_ offset: Int, _ name: String) -> URL {
    folder.appending(path: "sim_gpio\(offset)/\(name)")
  }
}
