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
      #"{"id": 9, "method": "output", "params": {"from": 1}}"#,
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
    #expect(answers[9] == #"{"id":9,"result":{"text":"n\n","next":3}}"#)
    #expect(answers[10].contains("X1.level cannot be \\\"7\\\""))
    #expect(answers[11].hasPrefix(#"{"id":null,"error""#))
    #expect(answers[12] == #"{"id":11,"error":{"kind":"error","message":"\"fly\" is no method"}}"#)
    #expect(try tool.run("serve").status == 2)
  }

  @Test("A wait for what never happens is given up")
  func endlessWait() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let requests = [
      #"{"id": 1, "method": "open"}"#,
      #"{"id": 2, "method": "start", "params": {"source": "import time\nwhile True: time.sleep_ms(10)\n"}}"#,
      #"{"id": 3, "method": "trigger", "params": {"kind": "bytes", "signal": "uart4.tx", "bytes": "a"}}"#,
      #"{"id": 4, "method": "wait", "params": {"trigger": 1}}"#,
      #"{"id": 5, "method": "trigger", "params": {"kind": "time", "time": "2m"}}"#,
      #"{"id": 6, "method": "wait", "params": {"trigger": 2}}"#,
    ]
    let result = try tool.run("serve", "--stdio", input: requests.joined(separator: "\n") + "\n")
    let answers = result.output.split(separator: "\n").map(String.init)
    try #require(answers.count == requests.count)
    #expect(answers[3].contains("did not happen within 60 s"))
    #expect(answers[5].hasPrefix(#"{"id":6,"result":180"#))
  }

  @Test("The names of serial lines are told, of a wiring file's devices and of later ones") func lines()
    throws
  {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    try tool.write("devices: {peer: {kind: serial, tx: X2, rx: X1, to: pty}}", to: "room.yaml")
    let requests = [
      #"{"id": 1, "method": "open", "params": {"wiring": "room.yaml"}}"#,
      #"{"id": 2, "method": "device", "params": {"device": "serial:other@tx:X4,rx:X3,to=pty"}}"#,
      #"{"id": 3, "method": "lines"}"#,
    ]
    let result = try tool.run("serve", "--stdio", input: requests.joined(separator: "\n") + "\n")
    let answers = result.output.split(separator: "\n").map(String.init)
    try #require(answers.count == 3)
    #expect(
      answers[0].contains(
        /^\{"id":1,"result":\{"board":"pyboard-v1.1","lines":\{"peer":"\/dev\/pts\/\d+"\}\}\}$/),
      "\(answers)")
    #expect(
      answers[2].contains(
        /^\{"id":3,"result":\{"peer":"\/dev\/pts\/\d+","other":"\/dev\/pts\/\d+"\}\}$/), "\(answers)")
  }

  @Test("A request without end is refused, and those behind it are answered")
  func endlessRequest() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let long = String(repeating: "x", count: 17 << 20)
    let result = try tool.run(
      "serve", "--stdio", input: "\(long)\n{\"id\": 2, \"method\": \"open\"}\n\(long)")
    #expect(result.status == 0)
    let refusal =
      #"{"id":null,"error":{"kind":"error","message":"a request has at most 16 MiB; firmware that is longer comes from a file"}}"#
    #expect(
      result.output == "\(refusal)\n{\"id\":2,\"result\":{\"board\":\"pyboard-v1.1\"}}\n\(refusal)\n")
  }

  @Test("A device in Python is wired by its file")
  func pythonDevice() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    try tool.write(
      "from device import Device\n\nclass High(Device):\n    pins = ('y',)\n    def start(self): self.y.drive(1)\n",
      to: "high.py")
    let requests = [
      #"{"id": 1, "method": "open"}"#,
      #"{"id": 2, "method": "device", "params": {"device": "high.py:it@X3"}}"#,
      #"{"id": 3, "method": "get", "params": {"signal": "X3"}}"#,
      #"{"id": 4, "method": "device", "params": {"device": "nowhere.py@X1"}}"#,
    ]
    let result = try tool.run("serve", "--stdio", input: requests.joined(separator: "\n") + "\n")
    let answers = result.output.split(separator: "\n").map(String.init)
    #expect(answers[1...2] == [#"{"id":2,"result":"it"}"#, #"{"id":3,"result":1}"#])
    #expect(answers[3].contains("nowhere.py"))
  }

  @Test(
    "The pytest plugin's own tests pass, those of the examples too, and a failure shows what the board did",
    .enabled(if: python != nil, "tools/serial-tools/prepare installs pytest"))
  func plugin() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let own = try pytest(
      (Self.hasXdist ? ["-p", "xdist", "-n", "4"] : []) + [Self.pluginFolder.appending(path: "tests").path()],
      in: tool)
    #expect(own.status == 0, "\(own.output)\(own.errors)")
    #expect(own.output.contains(" passed"))
    try tool.write(
      """
      def test_fails(board):
          board.run("import pyb\\nprint('printed')\\npyb.Pin('X1', pyb.Pin.OUT_PP).high()\\n")
          board.advance("1ms")
          assert board.get("X1") == 0
      """, to: "test_fails.py")
    let failed = try pytest(["test_fails.py", "--vpyboard-traces", "traces"], in: tool)
    #expect(failed.status == 1)
    for text in ["Board output", "printed", "Board pins", "X1  "] {
      #expect(failed.output.contains(text), "\(failed.output)")
    }
    #expect(try tool.read("traces/test_fails.py-test_fails/trace.txt").contains(" pin X1 high\n"))
    #expect(try tool.read("traces/test_fails.py-test_fails/board.vcd").contains("$enddefinitions $end"))
  }

  @Test("The guide's test for pytest passes", .enabled(if: python != nil))
  func guide() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let page = try String(
      contentsOf: CommandLineTool.package.appending(path: "docs/testing.md"), encoding: .utf8)
    var files = 0
    for block in page.components(separatedBy: "\n```python pytest/").dropFirst() {
      let name = block.prefix { !$0.isNewline }
      let text = block.dropFirst(name.count + 1).components(separatedBy: "\n```")[0]
      try tool.write(text + "\n", to: String(name))
      files += 1
    }
    #expect(files == 2)
    let result = try pytest(["."], in: tool)
    #expect(result.status == 0, "\(result.output)\(result.errors)")
    #expect(result.output.contains("1 passed"))
  }

  private static let pluginFolder = CommandLineTool.package.appending(path: "tools/pytest-vpyboard")

  private func pytest(_ arguments: [String], in tool: CommandLineTool) throws -> CommandLineTool.Result {
    try tool.run(
      program: try #require(Self.python),
      ["-m", "pytest", "-p", "pytest_vpyboard.plugin", "-p", "no:cacheprovider", "-q"] + arguments,
      environment: [
        "PYTHONPATH": Self.pluginFolder.path(), "PYTHONDONTWRITEBYTECODE": "1",
        // Where somebody has installed the plugin from this checkout, it would be there twice.
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "VPYBOARD": CommandLineTool.products.appending(path: "vpyboard").path(),
      ], limit: 180)
  }

  /// A Python with pytest: the one that CI installs, or the system's.
  private static let python: String? = [
    SerialToolTests.python.path(), "/usr/bin/python3", "/usr/local/bin/python3",
  ].first { has("pytest", $0) }

  private static let hasXdist = python.map { has("xdist", $0) } ?? false

  private static func has(_ module: String, _ python: String) -> Bool {
    guard FileManager.default.isExecutableFile(atPath: python), let tool = try? CommandLineTool() else {
      return false
    }
    defer { tool.cleanUp() }
    return (try? tool.run(program: python, ["-c", "import \(module)"]))?.status == 0
  }
}
