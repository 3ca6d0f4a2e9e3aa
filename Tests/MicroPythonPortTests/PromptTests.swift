import Testing

/// What the board's prompt answers, byte for byte (shared/runtime/pyexec.c, shared/readline/readline.c).
@Suite struct PromptTests {
  /// What is answered behind the first prompt.
  private func answer(_ typed: String) throws -> String {
    let run = try ConsoleRun(typed)
    let start = ConsoleRun.banner + ">>> "
    try #require(run.output.hasPrefix(start), "\(run.output)")
    return String(run.output.dropFirst(start.count))
  }

  @Test("the value of an expression is printed and kept as _")
  func expressions() throws {
    #expect(try answer("6 * 7\r_ + 1\rNone\r") == "6 * 7\r\n42\r\n>>> _ + 1\r\n43\r\n>>> None\r\n>>> ")
  }

  @Test("sys.ps1 and sys.ps2 are what it shows")
  func ownPrompt() throws {
    #expect(
      try answer("import sys\rsys.ps1, sys.ps2\rsys.ps1 = '$ '\r1\r")
        == "import sys\r\n>>> sys.ps1, sys.ps2\r\n('>>> ', '... ')\r\n>>> sys.ps1 = '$ '\r\n$ 1\r\n1\r\n$ ")
  }

  @Test("Enter is CR, LF or both")
  func enter() throws {
    #expect(try answer("1\r2\n3\r\n4\n") == "1\r\n1\r\n>>> 2\r\n2\r\n>>> 3\r\n3\r\n>>> 4\r\n4\r\n>>> ")
  }

  @Test("compound statements go on with indented lines until an empty one")
  func compoundStatements() throws {
    #expect(
      try answer("for i in range(2):\rprint(i)\r\r\r\r")
        == "for i in range(2):\r\n...     print(i)\r\n...     \r\n...     \r\n... \r\n0\r\n1\r\n>>> ")
    #expect(try answer("(1 +\r2)\r") == "(1 +\r\n... 2)\r\n3\r\n>>> ")
    #expect(try answer("'''a\rb'''\r") == "'''a\r\n... b'''\r\n'a\\nb'\r\n>>> ")
  }

  @Test("Ctrl-C gives a line up, Ctrl-D ends a compound statement")
  func givingUp() throws {
    #expect(try answer("abc\u{3}1\r") == "abc\r\n>>> 1\r\n1\r\n>>> ")
  }

  @Test("lines are edited as on the board")
  func editing() throws {
    #expect(try answer("12\u{8}3\r") == "12\u{8}\u{1B}[K3\r\n13\r\n>>> ")
    // Left, insert, end.
    #expect(try answer("13\u{1B}[D2\u{5}4\r") == "13\u{8}23\u{8}34\r\n1234\r\n>>> ")
    // Home, delete, kill the line.
    #expect(try answer("912\u{1}\u{4}\r") == "912\u{8}\u{8}\u{8}\u{1B}[K12\u{8}\u{8}\r\n12\r\n>>> ")
    #expect(try answer("123456\u{15}7\r") == "123456\u{1B}[6D\u{1B}[K7\r\n7\r\n>>> ")
  }

  @Test("the arrow keys show the last lines")
  func history() throws {
    #expect(
      try answer("1\r2\r\u{1B}[A\u{1B}[A\u{1B}[B\r")
        == "1\r\n1\r\n>>> 2\r\n2\r\n>>> 2\u{8}1\u{8}2\r\n2\r\n>>> ")
  }

  @Test("the tab key completes names")
  func completion() throws {
    #expect(try answer("imp\tsys\rsys.imple\t\u{3}") == "import sys\r\n>>> sys.implementation\r\n>>> ")
    #expect(
      try answer("import sys\rsys.std\t\u{3}")
        == "import sys\r\n>>> sys.std\r\nstderr          stdin           stdout\r\n>>> sys.std\r\n>>> ")
  }

  @Test("paste mode runs what was pasted as a whole")
  func pasteMode() throws {
    #expect(
      try answer("\u{5}x = 1\rprint(x)\u{4}")
        == "\r\npaste mode; Ctrl-C to cancel, Ctrl-D to finish\r\n=== x = 1\r\n=== print(x)\r\n1\r\n>>> ")
    #expect(
      try answer("\u{5}x\u{3}") == "\r\npaste mode; Ctrl-C to cancel, Ctrl-D to finish\r\n=== x\r\n>>> ")
  }

  @Test("a paste that is longer than the board's memory is refused at its end")
  func longPaste() throws {
    let text = String(repeating: "x", count: 150_000)
    #expect(
      try answer("\u{5}\(text)\u{4}").hasSuffix(
        "MemoryError: memory allocation failed, allocating 102400 bytes\r\n>>> "))
  }

  @Test("an exception shows its traceback, each line feed with a carriage return")
  func exceptions() throws {
    #expect(
      try answer("1/0\r")
        == "1/0\r\nTraceback (most recent call last):\r\n  File \"<stdin>\", line 1, in <module>\r\n"
        + "ZeroDivisionError: divide by zero\r\n>>> ")
    #expect(try answer("print('b\\r\\nc')\r").contains("b\r\r\nc\r\n"))
    #expect(try answer("import sys; sys.stdout.buffer.write(b'x\\ny')\r").contains("x\ny3\r\n"))
  }

  @Test("Ctrl-D begins anew: main.py runs again, names are gone, files stay")
  func softReset() throws {
    let run = try ConsoleRun("x = 1\r\u{4}", "x\r", files: ["main.py": "print('main')"])
    #expect(
      run.output == "main\r\n" + ConsoleRun.banner
        + ">>> x = 1\r\n>>> \r\nMPY: sync filesystems\r\nMPY: soft reboot\r\nmain\r\n"
        + ConsoleRun.banner
        + ">>> x\r\nTraceback (most recent call last):\r\n  File \"<stdin>\", line 1, in <module>\r\n"
        + "NameError: name 'x' isn't defined\r\n>>> ")
  }

  // MARK: Raw

  private func raw(_ typed: String...) throws -> String {
    var pieces = typed
    pieces[0] = "\u{1}" + pieces[0]
    let run = try ConsoleRun(pieces.joined())
    let start = ConsoleRun.banner + ">>> \r\nraw REPL; CTRL-B to exit\r\n>"
    try #require(run.output.hasPrefix(start), "\(run.output)")
    return String(run.output.dropFirst(start.count))
  }

  @Test("a raw command answers with output and traceback, each ended by Ctrl-D")
  func rawCommands() throws {
    #expect(try raw("print(1)\u{4}") == "OK1\r\n\u{4}\u{4}>")
    #expect(
      try raw("1/0\u{4}")
        == "OK\u{4}Traceback (most recent call last):\r\n  File \"<stdin>\", line 1, in <module>\r\n"
        + "ZeroDivisionError: divide by zero\r\n\u{4}>")
    #expect(try raw("x=1\u{4}print(x)\u{4}") == "OK\u{4}\u{4}>OK1\r\n\u{4}\u{4}>")
    #expect(try raw("\r\u{4}") == "OK\u{4}\u{4}>")
    #expect(try raw("rubbish\u{3}print(2)\u{4}") == "OK2\r\n\u{4}\u{4}>")
    #expect(try raw("rubbish\u{1}") == "raw REPL; CTRL-B to exit\r\n>")
    #expect(try raw("\u{2}") == "\r\n" + ConsoleRun.banner + ">>> ")
  }

  @Test("an empty raw command is a soft reset, after which main.py does not run and the prompt is raw")
  func rawSoftReset() throws {
    let run = try ConsoleRun("\u{1}\u{4}", files: ["main.py": "print('main')", "boot.py": "print('boot')"])
    #expect(
      run.output.hasSuffix(
        ">OK\r\nMPY: sync filesystems\r\nMPY: soft reboot\r\nboot\r\nraw REPL; CTRL-B to exit\r\n>"))
  }

  @Test("SystemExit is a soft reset")
  func systemExit() throws {
    #expect(
      try raw("raise SystemExit\u{4}")
        == "OK\u{4}\u{4}MPY: sync filesystems\r\nMPY: soft reboot\r\nraw REPL; CTRL-B to exit\r\n>")
  }

  @Test("raw paste grants windows of 128 bytes")
  func rawPaste() throws {
    let run = try ConsoleRun(
      "\u{1}\u{5}A\u{1}" + "#" + String(repeating: "x", count: 255) + "\nprint(7)\u{4}")
    let expected: [UInt8] = [0x52, 1, 0x80, 0, 1, 1, 1, 4, 0x37, 13, 10, 4, 4, 0x3e]
    #expect(Array(run.bytes.suffix(expected.count)) == expected)
    let interrupted = try ConsoleRun("\u{1}\u{5}A\u{1}abc\u{3}")
    #expect(interrupted.output.hasSuffix("\u{4}\u{4}KeyboardInterrupt: \r\n\u{4}>"))
    #expect(try ConsoleRun("\u{1}\u{5}B\u{1}").bytes.suffix(3) == [0x52, 0, 0x3e])
  }
}
