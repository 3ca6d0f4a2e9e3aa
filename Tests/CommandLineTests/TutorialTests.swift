import Foundation
import Testing

/// Every complete script of the tutorial prints what its text says: on the unix port of MicroPython where it needs no
/// hardware, on a Pyboard where it does.
@Suite struct TutorialTests {
  @Test(.enabled(if: TutorialScript.text != nil), arguments: TutorialScript.all)
  func printsWhatTheTutorialSays(script: TutorialScript) throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let source = try #require(script.source)
    try tool.write(source, to: "\(script.name).py")
    try addModules(tool)

    let result = try tool.run(["run", "\(script.name).py"] + script.options)
    #expect(comparable(result.output) == (try expected(script.name)))
    #expect(result.status == script.status, "\(result.errors)")
    checkFindings(result.errors, script.name)
    if script.name == "exception_in_task" {
      #expect(result.errors.hasSuffix("in main\nZeroDivisionError: divide by zero\n"))
    }
  }

  /// Only the scripts that show a mistake are told of one.
  private func checkFindings(_ errors: String, _ name: String) {
    let mistakes = ["exception_in_task": "exception-never-retrieved", "forgotten_await": "never-awaited"]
    let findings = PitfallExample.findings(in: errors)
    if let code = mistakes[name] {
      #expect(findings.contains(": \(code): ") && findings.split(separator: "\n").count == 1, "\(findings)")
    } else {
      #expect(findings.isEmpty, "\(findings)")
    }
  }

  /// What scripts import: the tutorial's own class, and packages that a reader of it would have installed.
  private func addModules(_ tool: CommandLineTool) throws {
    let classLines = try #require(TutorialScript.all.first { $0.name == "led_async" }?.source)
    try tool.write(classLines, to: "led_async.py")
    let demo = CommandLineTool.package.appending(path: "Examples/aledflash/aledflash.py")
    try tool.write(String(decoding: Data(contentsOf: demo), as: UTF8.self), to: "as_demos/aledflash.py")
    let fixtures = CommandLineTool.package.appending(path: "Tests/CommandLineTests/Fixtures")
    for name in ["my_app.py", "primitives.py"] {
      try FileManager.default.copyItem(
        at: fixtures.appending(path: name), to: tool.folder.appending(path: name))
    }
  }

  private func expected(_ name: String) throws -> String {
    let url = CommandLineTool.package.appending(path: "Tests/CommandLineTests/Expected/tutorial/\(name).txt")
    return String(decoding: try Data(contentsOf: url), as: UTF8.self)
  }

  /// Leaves out what may differ between two implementations: where asyncio's own lines are, how long a switch takes, where
  /// objects lie.
  private func comparable(_ output: String) -> String {
    output.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.contains("asyncio/core.py") }
      .map { $0.replacing(/got tsf in \d+us/, with: "got tsf in Nus") }
      .map { $0.replacing(/\ at [0-9a-f]+>/, with: " at ADDRESS>") }
      .joined(separator: "\n")
  }
}
