import Foundation
import Testing

/// Files that a run writes.
@Suite struct OutputFileTests {
  private static let wiring = """
    devices:
      lamp: {kind: led, anode: X1}
      peer: {kind: serial, tx: X4, rx: X3, script: talk.txt}

    """
  private static let scenario = """
    steps:
      - take-screenshot: {part-id: lamp, save-to: main.py}

    """

  private func files() throws -> CommandLineTool {
    let tool = try CommandLineTool()
    for (name, text) in [
      ("main.py", "print('ran')\n"), ("room.yaml", Self.wiring), ("talk.txt", "AT => OK\n"),
      ("steps.yaml", Self.scenario), ("notes.txt", "not a picture\n"),
    ] {
      try tool.write(text, to: name)
    }
    return tool
  }

  @Test(
    "none of them may be one that the run reads, or another's",
    arguments: [
      (["--trace", "room.yaml"], "--trace: room.yaml is room.yaml, which the trace would overwrite"),
      (
        ["--screenshot", "lamp=main.py"],
        "--screenshot lamp=main.py: main.py is main.py, which the picture would overwrite"
      ),
      (["--screenshot", "lamp=./room.yaml"], "./room.yaml is room.yaml, which the picture would overwrite"),
      (["--screenshot", "lamp=notes.txt"], "notes.txt is there and is no PNG file"),
      (
        ["--device", "serial:ear@rx:X5,to=file:main.py"],
        "--device serial:ear@rx:X5,to=file:main.py: main.py is main.py, which what ear hears would overwrite"
      ),
      (
        ["--device", "serial:ear@rx:X5,to=file:talk.txt"],
        "talk.txt is talk.txt, which what ear hears would overwrite"
      ),
      (
        ["--scenario", "steps.yaml"], "--scenario: main.py is main.py, which the picture would overwrite"
      ),
      (
        ["--trace", "steps.yaml", "--scenario", "steps.yaml"], "--trace: steps.yaml is steps.yaml, which the"
      ),
      (
        ["--trace", "out.txt", "--device", "serial:ear@rx:X5,to=file:out.txt"],
        "out.txt is where --trace writes too"
      ),
      (["--trace", "out.txt", "--trace", "./out.txt"], "./out.txt is where --trace writes too"),
    ] as [([String], String)])
  func refuses(options: [String], message: String) throws {
    let tool = try files()
    defer { tool.cleanUp() }
    let result = try tool.run(["run", "main.py", "--wiring", "room.yaml"] + options)
    #expect(result.status == 2)
    #expect(result.output.isEmpty)
    #expect(result.errors.contains(message), "\(result.errors)")
    #expect(result.errors.split(separator: "\n").count == 1)
    #expect(try tool.read("main.py") == "print('ran')\n")
    #expect(try tool.read("room.yaml") == Self.wiring)
    #expect(try tool.read("talk.txt") == "AT => OK\n")
    #expect(try tool.read("steps.yaml") == Self.scenario)
    #expect(try tool.read("notes.txt") == "not a picture\n")
  }

  @Test("a test is not overwritten by what a serial peer hears") func testFile() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let test = "def test_one():\n    pass\n"
    try tool.write(test, to: "test_one.py")
    let result = try tool.run("test", "--device", "serial:ear@rx:X5,to=file:test_one.py")
    #expect(result.status == 2)
    #expect(result.errors.contains("which what ear hears would overwrite"), "\(result.errors)")
    #expect(try tool.read("test_one.py") == test)
  }

  @Test("a picture takes the place of a picture") func pictureOverPicture() throws {
    let tool = try files()
    defer { tool.cleanUp() }
    for _ in 0..<2 {
      let result = try tool.run(
        "run", "main.py", "--wiring", "room.yaml", "--screenshot", "lamp=lamp.png")
      #expect(result.status == 0, "\(result.errors)")
    }
  }

  @Test("what a serial peer hears and cannot be written is told, and the run fails") func fullFile() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let code = "import pyb\npyb.UART(4, 9600).write('hello')\nprint('went on')"
    for (mode, message) in [
      ("on", "device-failed: ear: to=file:/dev/full: could not be written: No space left on device"),
      ("off", "Error: ear: to=file:/dev/full: could not be written: No space left on device"),
    ] {
      let result = try tool.run(
        "run", "-c", code, "--device", "serial:ear@rx:X1,to=file:/dev/full", "--diagnostics", mode)
      #expect(result.status == 1)
      #expect(result.output == "went on\n")
      #expect(result.errors.contains(message), "\(result.errors)")
      #expect(result.errors.split(separator: "\n").count == 1)
    }
  }

  @Test(
    "a list that cannot be written is told",
    arguments: [
      ["devices"], ["devices", "dht22"], ["devices", "--schema"], ["board", "--schema"], ["board"],
      ["boards"], ["docs"],
    ])
  func fullStandardOutput(command: [String]) throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let vpyboard = CommandLineTool.products.appending(path: "vpyboard").path()
    let result = try tool.run(
      program: "/bin/sh", ["-c", "exec \"$0\" \"$@\" > /dev/full", vpyboard] + command)
    #expect(result.status == 1)
    #expect(
      result.errors.contains("vpyboard: standard output could not be written: No space left on device"),
      "\(result.errors)")
  }

  @Test("a second --wiring is refused") func twoWirings() throws {
    let tool = try files()
    defer { tool.cleanUp() }
    for command in [["run", "main.py"], ["test"]] {
      let result = try tool.run(command + ["--wiring", "room.yaml", "--wiring", "room.yaml"])
      #expect(result.status == 2)
      #expect(result.errors.contains("--wiring: is there 2 times"), "\(result.errors)")
    }
  }
}
