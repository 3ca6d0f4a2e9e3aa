import Foundation
import Testing

/// docs/pitfalls.md says what the emulator says.
@Suite struct PitfallTests {
  @Test(arguments: PitfallExample.all)
  func mistakeIsTold(example: PitfallExample) throws {
    let result = try run(example.mistake)
    #expect(PitfallExample.findings(in: result.errors) == example.findings)
    #expect(example.findings.contains(": \(example.code): "))
  }

  @Test(arguments: PitfallExample.all)
  func curedFirmwareRunsWithoutAWord(example: PitfallExample) throws {
    let result = try run(example.cure)
    // That handlers go on when the program has ended is no finding.
    let findings = result.errors.split(separator: "\n").filter { !$0.hasPrefix("vpyboard: ") }
    #expect(findings.isEmpty, "\(result.errors)")
    #expect(result.status == 0)
  }

  @Test func everyCodeHasAnExample() {
    let shown = Set(PitfallExample.all.map(\.code))
    #expect(PitfallExample.headings.filter { !shown.contains($0) }.isEmpty)
    #expect(shown.count > 20)
  }

  @Test func isSilentWhenToldTo() throws {
    let example = try #require(PitfallExample.all.first { $0.code == "blocking-call" })
    let result = try run(example.mistake, ["--diagnostics", "off"])
    #expect(result.errors.isEmpty)
    #expect(result.status == 0)
  }

  @Test func failsTheRunWhenToldTo() throws {
    let example = try #require(PitfallExample.all.first { $0.code == "blocking-call" })
    #expect(try run(example.mistake).status == 0)
    #expect(try run(example.mistake, ["--diagnostics", "error"]).status == 1)
    #expect(try run(example.cure, ["--diagnostics", "error"]).status == 0)
  }

  @Test func writesJSONForPrograms() throws {
    let example = try #require(PitfallExample.all.first { $0.code == "never-awaited" })
    let result = try run(example.mistake, ["--diagnostics", "json"])
    let object = try JSONSerialization.jsonObject(with: Data(result.errors.utf8)) as? [String: Any]
    #expect(object?["code"] as? String == "never-awaited")
    #expect(object?["file"] as? String == "main.py")
    #expect(object?["line"] as? Int == 7)
  }

  /// Also with all checks on, the demos raise nothing.
  @Test(arguments: Example.all)
  func demosRaiseNothing(example: Example) throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let file = CommandLineTool.package.appending(path: example.pythonFile).path
    let result = try tool.run(["run", file, "--debug"] + example.options)
    #expect(result.errors.isEmpty, "\(result.errors)")
  }

  private func run(_ program: PitfallExample.Program, _ options: [String] = []) throws
    -> CommandLineTool.Result
  {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    try tool.write(program.source, to: "main.py")
    return try tool.run(["run", "main.py"] + program.options + options)
  }
}
