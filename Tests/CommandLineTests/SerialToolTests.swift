import Foundation
import Testing

/// Tools from PyPI that talk to boards at a serial port, unmodified. `tools/serial-tools/prepare` installs them; where it
/// could not, these tests are left out.
@Suite struct SerialToolTests {
  private static let python = CommandLineTool.package.appending(path: ".build/serial-tools/bin/python")

  private static var areInstalled: Bool {
    FileManager.default.isExecutableFile(atPath: python.path())
      && FileManager.default.fileExists(
        atPath: CommandLineTool.package.appending(path: ".build/serial-tools/installed").path())
  }

  @Test(
    "mpremote, Thonny's back-end and pytest-embedded work with a virtual board",
    .enabled(if: areInstalled, "tools/serial-tools/prepare installs the tools"),
    arguments: ["mpremote", "thonny", "embedded"])
  func tool(_ name: String) throws {
    let script = CommandLineTool.package.appending(path: "tools/serial-tools/check_\(name).py")
    let process = Process()
    process.executableURL = Self.python
    process.arguments = [script.path(), CommandLineTool.products.appending(path: "vpyboard").path()]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let guardian = DispatchWorkItem { process.terminate() }
    DispatchQueue.global().asyncAfter(deadline: .now() + 120, execute: guardian)
    let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    guardian.cancel()
    #expect(process.terminationStatus == 0, "\(text)")
  }
}
