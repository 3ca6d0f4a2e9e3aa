import Foundation
import Testing

/// Tools from PyPI that talk to boards at a serial port, unmodified. `tools/serial-tools/prepare` installs them; where it
/// could not, these tests are left out.
@Suite struct SerialToolTests {
  static let python = CommandLineTool.package.appending(path: ".build/serial-tools/bin/python")

  static var areInstalled: Bool {
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
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let result = try tool.run(
      program: Self.python.path(),
      [script.path(), CommandLineTool.products.appending(path: "vpyboard").path()],
      limit: 120)
    #expect(result.status == 0, "\(result.output)\(result.errors)")
  }
}
