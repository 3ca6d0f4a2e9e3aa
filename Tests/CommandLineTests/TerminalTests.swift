import Foundation
import Testing

/// What a person at a terminal sees and does. `script` plays the terminal.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script")))
struct TerminalTests {
  /// Runs the tool in a terminal of 24 lines and returns everything that the terminal was sent.
  /// - Parameters:
  ///   - typing: keys, each with the text that must have been shown since the keys before.
  ///   - meanwhile: a command of the shell that runs beside the tool.
  private func runInTerminal(
    _ arguments: [String], typing steps: [(after: String, keys: String)] = [], meanwhile: String? = nil,
    in tool: CommandLineTool
  ) throws -> String {
    // A shell that a key's signal reaches too must live on to tell the status; some would, some would not.
    var words = ["trap : INT; stty rows 24 cols 80;"]
    if let meanwhile { words.append("{ \(meanwhile); } &") }
    words.append(CommandLineTool.products.appending(path: "vpyboard").path)
    for argument in arguments { words.append("'" + argument.replacing("'", with: "'\\''") + "'") }
    words.append("; echo \"[status $?]\"; stty -a")
    let command = words.joined(separator: " ")
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/script")
    process.arguments = ["-q", "-e", "-c", command, "/dev/null"]
    process.currentDirectoryURL = tool.folder
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["TERM": "xterm-256color", "SHELL": "/bin/sh"]) { $1 }
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    let guardian = DispatchWorkItem { [weak process] in process?.terminate() }
    DispatchQueue.global().asyncAfter(deadline: .now() + 60 * CommandLineTool.patience, execute: guardian)
    var shown = Data()
    for (text, keys) in steps {
      let start = shown.endIndex
      // At the end of the output, also because the guardian has ended the run, the test goes on and tells what it misses.
      while shown[start...].firstRange(of: Data(text.utf8)) == nil,
        let more = try output.fileHandleForReading.read(upToCount: 1)
      {
        shown += more
      }
      try input.fileHandleForWriting.write(contentsOf: Data(keys.utf8))
    }
    shown += output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guardian.cancel()
    try input.fileHandleForWriting.close()
    return String(decoding: shown, as: UTF8.self)
  }

  @Test func showsTheBoardBelowTheOutput() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let code = """
      import pyb, time
      pyb.LED(1).on()
      print('par', end='')
      time.sleep_ms(500)
      print('tial')
      """
    let shown = try runInTerminal(["run", "-c", code], in: tool)
    // The status goes to the last line, where nothing scrolls, and the cursor returns to where it was.
    let drawings = shown.split(separator: "\u{1B}7").dropFirst()
    #expect(drawings.contains { $0.contains("\u{1B}[24;1H") && $0.contains("●") && $0.contains("\u{1B}8") })
    #expect(shown.contains("u: press USR"))
    // What the firmware printed is all there, in order, with nothing but such excursions in between.
    let withoutStatus = shown.replacing(/\x1B7.*?\x1B8/.dotMatchesNewlines(), with: "")
      .replacing("\u{1B}D\u{1B}[1A", with: "")
    #expect(withoutStatus.hasPrefix("partial\r\n[status 0]"), "\(withoutStatus.debugDescription)")
    // The scrolling region is the whole screen again, and the terminal's mode what it was.
    #expect(shown.contains("\u{1B}[r"))
    #expect(shown.contains(" icanon") && shown.contains(" echo "))
  }

  @Test("a terminal that changes its size gets its last line back, and another one shows the status")
  func resizes() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let code = """
      import pyb, time
      switch = pyb.Switch()
      count = 0
      while not switch.value():
          print('line', count)
          count += 1
          time.sleep_ms(20)
          if count == 30:
              open('resize', 'w').close()
      """
    try tool.write(code, to: "lines.py")
    let resize = "while [ ! -e resize ]; do sleep 0.1; done; stty -F /dev/tty rows 20 cols 60"
    let shown = try runInTerminal(
      ["run", "lines.py"], typing: [("\u{1B}[1;19r", "u")], meanwhile: resize, in: tool)
    let parts = shown.split(separator: "\u{1B}[1;19r")
    #expect(parts.count == 2)
    #expect(parts[0].contains("\u{1B}[24;1H") && !parts[0].contains("\u{1B}[20;1H"))
    // What the old line left below the cursor is cleared before the new one is taken.
    #expect(parts[0].hasSuffix("\u{1B}[J\u{1B}8\u{1B}[1A\u{1B}D\u{1B}7"))
    #expect(parts[1].contains("\u{1B}[20;1H") && !parts[1].contains("\u{1B}[24;1H"))
    #expect(shown.contains("[status 0]"))
  }

  @Test func pressesTheSwitchByKey() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let code =
      "import pyb, time\nsw = pyb.Switch()\nprint('ready')\nwhile not sw.value(): time.sleep_ms(10)\nprint('pressed')"
    let shown = try runInTerminal(["run", "-c", code], typing: [("ready", "u")], in: tool)
    #expect(shown.contains("pressed\r\n"))
    #expect(shown.contains("[status 0]"))
  }

  @Test func readsALineThatIsEdited() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let code =
      "import pyb\nline = input('? ')\nwhile not pyb.Switch()(): pass\nprint(repr(line))"
    // Left, backspace, a letter that works the switch elsewhere, Enter; then the key that always works it.
    let keys = "abcd\u{1B}[D\u{7F}u\n\u{14}"
    let shown = try runInTerminal(["run", "-c", code], typing: [("? ", keys)], in: tool)
    #expect(shown.contains("'abud'\r\n"), "\(shown.debugDescription)")
    #expect(shown.contains("[status 0]"))
  }

  @Test func interruptsByKey() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let code =
      "import time\ntry:\n  print('ready')\n  time.sleep(50)\nexcept KeyboardInterrupt:\n  print('stopped')"
    let shown = try runInTerminal(["run", "-c", code], typing: [("ready", "\u{03}")], in: tool)
    #expect(shown.contains("stopped\r\n"))
    #expect(shown.contains("[status 0]"))
    #expect(shown.contains(" icanon"))
  }

  @Test("the prompt in a terminal edits, remembers, completes, pastes, interrupts, resets and leaves")
  func typesAtThePrompt() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let prompt = "\n>>> "
    let shown = try runInTerminal(
      ["repl", "."],
      typing: [
        (prompt, "open('kept.txt', 'w').write('abc')\r"),
        (prompt, "6 * 7\r"),
        (prompt, "_ + 1\r"),
        ("43", ""),
        (prompt, "\u{1B}[A\u{1B}[A\r"),
        ("42", ""),
        (prompt, "import mach\t, sys\r"),
        (prompt, "machine.res\tt\u{7F}et\u{7F}\u{7F}\u{3}"),
        (prompt, "\u{5}"),
        ("=== ", "def twice(x):\r    return 2 * x\r\rprint(twice(50))\r\u{4}"),
        ("100", ""),
        (prompt, "while True: pass\r\r"),
        ("... ", ""),
        ("\n", "\u{3}"),
        ("KeyboardInterrupt", ""),
        (prompt, "\u{4}"),
        ("soft reboot", ""),
        (prompt, "twice\r"),
        ("NameError: name 'twice' isn't defined", ""),
        (prompt, "\u{1D}"),
      ], in: tool)
    let lines = String(decoding: shown.utf8.filter { $0 != 0x0d }, as: UTF8.self).split(separator: "\n")
    #expect(lines.filter { $0 == "42" }.count == 2, "\(shown)")
    for line in [
      "43", ">>> import machine, sys", "100", "MPY: soft reboot", "NameError: name 'twice' isn't defined",
    ] {
      #expect(lines.contains { $0 == line }, "\(line): \(shown)")
    }
    #expect(shown.contains(" icanon"), "\(shown)")
    #expect(try tool.read("kept.txt") == "abc")
  }
}
