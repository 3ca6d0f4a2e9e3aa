import Foundation
import Testing

/// What somebody sees who asks the tool about itself, or asks for what cannot be.
@Suite struct UsageTests {
  @Test func listsBuiltInBoards() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let result = try tool.run("boards")
    #expect(result.status == 0)
    #expect(
      result.output == """
        pyboard-v1.1              MicroPython Pyboard V1.1
        pyboard-v1.0              MicroPython Pyboard V1.0
        pyboard-lite-v1.0         MicroPython Pyboard Lite V1.0
        raspberry-pi-pico (pico)  Raspberry Pi Pico
        raspberry-pi              Raspberry Pi's 40-pin header, real with --backend gpiod

        """)
    #expect(result.errors.isEmpty)
  }

  @Test(arguments: [
    (["--chip", "gpiochip0"], "--chip: is for --backend gpiod"),
    (["--backend", "gpiod", "--speed", "1"], "--speed: real lines need wall time"),
    (
      ["--backend", "gpiod", "--wire", "X1-X2", "--board", "raspberry-pi"],
      "--wire X1-X2: the pins are real ones"
    ),
    (["--backend", "gpiod", "--chip", "/dev/null"], "--backend gpiod: "),
  ])
  func refusesWhatRealPinsCannotDo(options: [String], message: String) throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let result = try tool.run(["run", "-c", "pass"] + options)
    #expect(result.status == 2)
    #expect(result.errors.contains(message), "\(result.errors)")
  }

  @Test(
    "A name that is empty is said to be empty",
    arguments: [
      ([""], "the name of the firmware is empty"),
      (["-c", "pass", "--trace", ""], "--trace: \"\": could not be opened"),
    ])
  func emptyNames(arguments: [String], message: String) throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let result = try tool.run(["run"] + arguments)
    #expect(result.status == 2 && result.errors.contains(message), "\(result.errors)")
  }

  /// A build without the Makefile knows no commit.
  @Test(arguments: ["vpyboard", "Blink"])
  func saysItsVersion(program: String) throws {
    let tool = try CommandLineTool(program)
    defer { tool.cleanUp() }
    let result = try tool.run("--version")
    #expect(result.status == 0)
    #expect(
      result.output.wholeMatch(of: /\d+\.\d+\.\d+ \(([0-9a-f]+\+?, )?linux-(x86_64|aarch64)\)\n/) != nil,
      "\(result.output)")
  }

  /// The program carries the pages that its messages name.
  @Test func showsItsDocumentation() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let folder = CommandLineTool.package.appending(path: "docs")
    let topics = try tool.run("docs").output.split(separator: "\n").compactMap {
      $0.split(separator: " ").first
    }
    #expect(topics.contains("compatibility") && topics.contains("pitfalls"))
    for topic in topics.map(String.init) {
      let page = try String(contentsOf: folder.appending(path: topic + ".md"), encoding: .utf8)
      #expect(try tool.run("docs", topic).output == page)
    }
  }

  @Test func showsWhatABoardHas() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let result = try tool.run("board", "pyboard-v1.1")
    #expect(result.status == 0)
    let rows = result.output.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
    #expect(rows.contains { $0.hasPrefix("X1 A0 ") && $0.contains("UART4_TX") })
    #expect(rows.contains("led3 yellow LED_YELLOW dimmable"))
    #expect(rows.contains("uart4 XA TX X1 RX X2"))
    #expect(rows.contains("USR SW"))
    #expect(rows.contains("accel .acceleration X,Y,Z, each -32 to 31 counts"))
    #expect(rows.contains("led1–led4 .brightness 0 to 255"))
  }

  @Test(arguments: [
    ["--help"], ["run", "--help"], ["board", "--help"], ["boards", "--help"], ["help", "run"],
  ])
  func helps(arguments: [String]) throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let result = try tool.run(arguments)
    #expect(result.status == 0)
    #expect(result.output.contains("USAGE: vpyboard"))
    #expect(result.errors.isEmpty)
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func completesForShells(shell: String) throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let result = try tool.run("--generate-completion-script", shell)
    #expect(result.status == 0)
    #expect(result.output.contains("boards"))
  }

  /// Each with what the message has to say.
  @Test(arguments: [
    (["fly"], "'fly' is no command; there are run, "),
    (["blink.py"], "did you mean `vpyboard run blink.py`?"),
    (["."], "did you mean `vpyboard run .`?"),
    (["runn"], "did you mean `vpyboard run`?"),
    (["baord"], "did you mean `vpyboard board`?"),
    (["RUN"], "did you mean `vpyboard run`?"),
    (["help", "runn"], "did you mean `vpyboard help run`?"),
    (["docs", "nothing"], "there are architecture, board, "),
    (["docs", "pitfall"], "did you mean `vpyboard docs pitfalls`?"),
    (["run", "-c", "pass", "--board", "picoo"], "did you mean \"pico\"?"),
    (["board", "no-such-board"], "no-such-board"),
    (["run"], "FILE.py"),
    (["run", "missing.py"], "missing.py"),
    (["run", "."], "main.py"),
    (["run", "-c", "pass", "--speed", "fast"], "max"),
    (["run", "-c", "pass", "--speed", "0"], "max"),
    (["run", "-c", "pass", "--for", "soon"], "500ms"),
    (["run", "-c", "pass", "--slow-step", "soon"], "500ms"),
    (["run", "-c", "pass", "--at", "press=USR"], "3s:USR.pressed=1"),
    (["run", "-c", "pass", "--at", "1s:press=ABC"], "USR"),
    (["run", "-c", "pass", "--at", "1s:tilt=1,2"], "10,0,20"),
    (["run", "-c", "pass", "--wire", "X1-X99"], "X99"),
    (["run", "-c", "pass", "--wire", "X1"], "X1-X2"),
    (["run", "-c", "pass", "--board", "nope"], "pyboard-v1.1"),
    (["run", "-c", "pass", "--board", "broken.yaml"], "broken.yaml:28: "),
    (["run", "-c", "pass", "--diagnostics", "loud"], "json"),
    (["run", "-c", "pass", "--trace", "no/such/folder/trace.txt"], "no/such/folder/trace.txt"),
  ])
  func refusesWithAMessage(arguments: [String], message: String) throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    try tool.write(brokenBoard(), to: "broken.yaml")
    let result = try tool.run(arguments)
    #expect(result.status == 2)
    #expect(result.errors.contains(message), "\(result.errors)")
    #expect(result.output.isEmpty)
  }

  /// The Pyboard with a pin that the processor does not have.
  private func brokenBoard() throws -> String {
    let file = CommandLineTool.package.appending(path: "Boards/pyboard-v1.1.yaml")
    return String(decoding: try Data(contentsOf: file), as: UTF8.self).replacing("X1: A0", with: "X1: Q77")
  }
}
