import Foundation
import Testing

@Suite("vpyboard serve") struct ServeTests {
  @Test("A tool drives a board in lines of JSON")
  func conversation() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let requests = [
      #"{"id": 1, "method": "get", "params": {"signal": "X1"}}"#,
      #"{"id": 2, "method": "open"}"#,
      #"{"id": 3, "method": "start", "params": {"source": "import pyb\nprint(\"on\")\npyb.LED(1).on()\nwhile True: pass\n"}}"#,
      #"{"id": 4, "method": "trigger", "params": {"kind": "until", "signal": "led1.brightness", "value": 255, "within": "1s"}}"#,
      #"{"id": "five", "method": "trigger", "params": {"kind": "edge", "pin": "X1", "edge": "rising", "within": 0.005}}"#,
      #"{"id": 6, "method": "get", "params": {"signal": "led1.brightness"}}"#,
      #"{"id": 7, "method": "wait", "params": {"trigger": 2}}"#,
      #"{"id": 8, "method": "get", "params": {"signal": "led1.brightness"}}"#,
      #"{"id": 9, "method": "output"}"#,
      #"{"id": 10, "method": "set", "params": {"control": "X1.level", "value": 7}}"#,
      "nonsense",
      #"{"id": 11, "method": "fly"}"#,
    ]
    let result = try tool.run("serve", "--stdio", input: requests.joined(separator: "\n") + "\n")
    #expect(result.status == 0)
    let answers = result.output.split(separator: "\n").map(String.init)
    try #require(answers.count == requests.count)
    #expect(
      answers[0] == #"{"id":1,"error":{"kind":"error","message":"no board yet: \"open\" comes first"}}"#)
    #expect(answers[1] == #"{"id":2,"result":{"board":"pyboard-v1.1"}}"#)
    #expect(answers[3] == #"{"id":4,"result":1}"#)
    #expect(answers[4] == #"{"id":"five","result":2}"#)
    #expect(answers[5] == #"{"id":6,"result":0}"#)
    #expect(
      answers[6]
        == #"{"id":7,"error":{"kind":"failure","message":"a rising edge on X1 did not happen within 5 ms"}}"#)
    #expect(answers[7] == #"{"id":8,"result":255}"#)
    #expect(answers[8] == #"{"id":9,"result":"on\n"}"#)
    #expect(answers[9].contains("X1.level cannot be \\\"7\\\""))
    #expect(answers[10].hasPrefix(#"{"id":null,"error""#))
    #expect(answers[11] == #"{"id":11,"error":{"kind":"error","message":"\"fly\" is no method"}}"#)
    #expect(try tool.run("serve").status == 2)
  }

  @Test("The pytest plugin's own tests pass, and a failure shows what the board did", .enabled(if: hasPytest))
  func plugin() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let plugin = CommandLineTool.package.appending(path: "tools/pytest-vpyboard").path()
    func pytest(_ arguments: String...) throws -> (Int32, String) {
      let process = Process()
      let output = Pipe()
      process.executableURL = URL(filePath: "/usr/bin/env")
      process.arguments =
        ["python3", "-m", "pytest", "-p", "pytest_vpyboard.plugin", "-p", "no:cacheprovider", "-q"]
        + arguments
      process.currentDirectoryURL = tool.folder
      process.environment = ProcessInfo.processInfo.environment.merging([
        "PYTHONPATH": plugin, "PYTHONDONTWRITEBYTECODE": "1",
        "VPYBOARD": CommandLineTool.products.appending(path: "vpyboard").path(),
      ]) { $1 }
      process.standardOutput = output
      process.standardError = output
      try process.run()
      let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      return (process.terminationStatus, text)
    }
    let own = try pytest(plugin + "/tests")
    #expect(own.0 == 0, "\(own.1)")
    try tool.write(
      """
      def test_fails(board):
          board.run("import pyb\\nprint('printed')\\npyb.Pin('X1', pyb.Pin.OUT_PP).high()\\n")
          board.advance("1ms")
          assert board.get("X1") == 0
      """, to: "test_fails.py")
    let failed = try pytest("test_fails.py")
    #expect(failed.0 == 1)
    #expect(failed.1.contains("Board output") && failed.1.contains("printed"), "\(failed.1)")
    #expect(failed.1.contains("Board pins") && failed.1.contains("X1  "), "\(failed.1)")
  }

  private static let hasPytest: Bool = {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", "import pytest"]
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()
}
