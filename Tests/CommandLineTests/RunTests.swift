import Foundation
import Testing

/// What a run gives back to the shell: output, errors, exit status.
@Suite struct RunTests {
  @Test func separatesOutputFromErrors() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    try tool.write("def f():\n    print('before')\n    {}[1]\n\nf()\n", to: "crash.py")
    let result = try tool.run("run", "crash.py")
    #expect(result.status == 1)
    #expect(result.output == "before\n")
    #expect(
      result.errors == """
        Traceback (most recent call last):
          File "crash.py", line 5, in <module>
          File "crash.py", line 3, in f
        KeyError: 1

        """)
  }

  @Test(arguments: [
    ("pass", 0), ("raise ValueError", 1), ("import sys; sys.exit()", 0), ("import sys; sys.exit(7)", 7),
    ("raise SystemExit(3)", 3), ("raise SystemExit", 0), ("x = (", 1),
  ])
  func exitsWithStatus(code: String, status: Int32) throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    #expect(try tool.run("run", "-c", code).status == status)
  }

  /// Numbers as a board file says: small integers of a 64-bit processor and double precision.
  @Test("pyb.Switch() is USR on a board with several switches, and the one on a board with one")
  func switchOfABoardWithSeveral() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let other = "switches:\n  B1: {pin: Y2, pull: up, pressed: low}\n"
    try tool.write("board: two\nextends: pyboard-v1.1\n" + other, to: "two.yaml")
    try tool.write("board: one\nextends: pyboard-v1.1\n" + other + "  USR: none\n", to: "one.yaml")
    let code = "import pyb, time\ntime.sleep(1)\nprint(pyb.Switch()())"
    for (board, pressed, output) in [
      ("two.yaml", "USR", "True\n"), ("two.yaml", "B1", "False\n"), ("one.yaml", "B1", "True\n"),
    ] {
      let result = try tool.run(
        "run", "--board", board, "-c", code, "--at", "500ms:press=\(pressed)", "--speed", "max")
      #expect(result.output == output, "\(result.errors)")
    }
  }

  @Test func countsAsTheBoardFileSays() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let file = CommandLineTool.package.appending(path: "Boards/pyboard-v1.1.yaml")
    let board = try String(contentsOf: file, encoding: .utf8)
      .replacing(/small-int-bits: *31/, with: "small-int-bits: 63")
      .replacing(/float-bits: *32/, with: "float-bits: 64")
    try tool.write(board, to: "wide.yaml")
    let code = "import sys; print(sys.maxsize, 2 ** 40 - 1, 1 / 3)"
    let result = try tool.run("run", "--board", "wide.yaml", "-c", code)
    #expect(result.output == "9223372036854775807 1099511627775 0.3333333333333333\n", "\(result.errors)")
  }

  @Test func takesFirmwareFromWhereverItIs() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    try tool.write("import part\nprint(part.name, __name__)\n", to: "firmware/main.py")
    try tool.write("name = 'part'\n", to: "firmware/part.py")
    #expect(try tool.run("run", "firmware").output == "part __main__\n")
    #expect(try tool.run("run", "firmware/main.py").output == "part __main__\n")
    #expect(try tool.run("run", "-c", "print(1 + 1)").output == "2\n")
    #expect(try tool.run("run", "-", input: "print('typed')\n").output == "typed\n")
  }

  /// A board knows nothing of the host's folders; whoever reads a diagnostic does.
  @Test func tracebacksNameFilesAsTheBoardDoesAndDiagnosticsAsTheHost() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    try tool.write("import part\npart.start()\n1 // 0\n", to: "firmware/main.py")
    try tool.write("async def work():\n    pass\n\ndef start():\n    work()\n", to: "firmware/part.py")
    for path in ["firmware", "firmware/", "firmware/main.py"] {
      let errors = try tool.run("run", path).errors
      #expect(errors.contains("  File \"main.py\", line 3, in <module>\nZeroDivisionError"), "\(errors)")
      #expect(errors.contains("firmware/part.py:5: never-awaited: "), "\(errors)")
    }
  }

  @Test func handsArgumentsToTheFirmware() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    try tool.write("import sys\nprint(sys.argv[1:])\n", to: "show.py")
    let result = try tool.run("run", "show.py", "--for", "1s", "--", "a", "--for", "b c")
    #expect(result.output == "['a', '--for', 'b c']\n")
  }

  @Test func namesTheLineOfASyntaxError() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    try tool.write("print('never')\nwhile True print(1)\n", to: "wrong.py")
    let result = try tool.run("run", "wrong.py")
    #expect(result.status == 1)
    #expect(result.output.isEmpty)
    #expect(result.errors.contains("File \"wrong.py\", line 2"))
    #expect(result.errors.contains("SyntaxError: invalid syntax"))
  }

  @Test func survivesBinaryRubbish() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    var generator = SystemRandomNumberGenerator()
    for size in [1, 100, 10_000] {
      let bytes = (0..<size).map { _ in UInt8.random(in: 0...255, using: &generator) } + [0xFF]
      try Data(bytes).write(to: tool.folder.appending(path: "rubbish.py"))
      let result = try tool.run("run", "rubbish.py")
      #expect(result.status == 1, "\(result.errors)")
      #expect(result.errors.contains("rubbish.py"))
    }
  }

  @Test func switchesOffAfterBoardTime() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let code = "import time\nwhile True:\n  print(time.ticks_ms())\n  time.sleep(1)\n"
    let result = try tool.run("run", "-c", code, "--for", "3.5s")
    #expect(result.status == 0)
    #expect(result.output.split(separator: "\n").count == 4)
    #expect(try tool.run("run", "-c", "while True: pass", "--for", "100ms").status == 0)
  }

  @Test func pressesAndTiltsWhenAsked() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let code = """
      import pyb, time
      switch, accel = pyb.Switch(), pyb.Accel()
      for _ in range(3):
          print(switch.value(), accel.x(), accel.y(), accel.z())
          time.sleep(1)
      """
    let result = try tool.run(
      "run", "-c", code, "--at", "500ms:press=USR", "--at", "1500ms:release=USR", "--at",
      "600ms:tilt=10,-5,20")
    #expect(result.output == "False 0 0 21\nTrue 10 -5 20\nFalse 10 -5 20\n", "\(result.errors)")
  }

  @Test func reportsTwoOutputsOnOneWire() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let code = "from pyb import Pin\nPin('X1', Pin.OUT, value=1)\nPin('X2', Pin.OUT, value=0)\nprint('on')"
    let arguments = ["run", "-c", code, "--wire", "X1-X2"]
    let result = try tool.run(arguments)
    #expect(result.status == 0)
    #expect(result.output == "on\n")
    #expect(result.errors.contains("X1") && result.errors.contains("X2"))
    #expect(try tool.run(arguments + ["--diagnostics", "off"]).errors.isEmpty)
    #expect(try tool.run(arguments + ["--diagnostics", "error"]).status == 1)
    let json = try tool.run(arguments + ["--diagnostics", "json"]).errors
    let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
    #expect(object?["code"] as? String == "net-conflict")
  }

  @Test func saysWhenItCannotWrite() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let result = try tool.run(
      "run", "-c", "import pyb\npyb.LED(1).on()\nprint('done')", "--trace", "/dev/full")
    #expect(result.status == 1)
    #expect(result.output == "done\n")
    #expect(result.errors.contains("/dev/full") && result.errors.contains("No space left"))
  }

  @Test func interruptsAsOnABoard() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    try tool.write(
      """
      import time
      print('started')
      try:
          time.sleep(3600)
      except KeyboardInterrupt:
          print('interrupted')
      while True:
          pass
      """, to: "stubborn.py")
    let (process, files) = try tool.start(["run", "stubborn.py", "--speed", "1"])
    try waitUntil(process, files, show: "started\n")
    process.interrupt()
    try waitUntil(process, files, show: "started\ninterrupted\n")
    process.interrupt()
    #expect(try tool.finish(process, files).status == 130)
  }

  @Test func interruptsABusyLoop() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    try tool.write(
      "print('started')\ntry:\n    while True:\n        pass\nexcept KeyboardInterrupt:\n    print('caught')\n",
      to: "busy.py")
    let (process, files) = try tool.start(["run", "busy.py", "--speed", "1"])
    try waitUntil(process, files, show: "started\n")
    process.interrupt()
    let result = try tool.finish(process, files)
    #expect(result.output == "started\ncaught\n")
    #expect(result.status == 0)
  }

  @Test func endsCleanlyWhenTerminated() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    try tool.write("import pyb\npyb.LED(1).on()\nprint('started')\nwhile True:\n    pass\n", to: "busy.py")
    let (process, files) = try tool.start(["run", "busy.py", "--speed", "1", "--trace", "trace.txt"])
    try waitUntil(process, files, show: "started\n")
    process.terminate()
    #expect(try tool.finish(process, files).status == 143)
    #expect(try tool.read("trace.txt").contains("led 1 on\n"))
  }

  private func waitUntil(_ process: Process, _ files: CommandLineTool.RunFiles, show output: String) throws {
    let start = ContinuousClock.now
    while try files.text("stdout") != output {
      try #require(process.isRunning && ContinuousClock.now - start < .seconds(30 * CommandLineTool.patience))
      Thread.sleep(forTimeInterval: 0.01)
    }
  }
}
