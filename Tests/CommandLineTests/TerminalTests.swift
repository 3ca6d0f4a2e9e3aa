import Foundation
import Testing

/// What a person at a terminal sees and does. `script` plays the terminal.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script")))
struct TerminalTests {
  /// Runs the tool in a terminal of 24 lines and returns everything that the terminal was sent.
  private func runInTerminal(_ arguments: [String], typing keys: String = "", in tool: CommandLineTool) throws
    -> String
  {
    // A shell that a key's signal reaches too must live on to tell the status; some would, some would not.
    let command =
      (["trap : INT; stty rows 24 cols 80;", CommandLineTool.products.appending(path: "vpyboard").path]
      + arguments.map { "'" + $0.replacing("'", with: "'\\''") + "'" } + ["; echo \"[status $?]\"; stty -a"])
      .joined(separator: " ")
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
    let guardian = DispatchWorkItem { process.terminate() }
    DispatchQueue.global().asyncAfter(deadline: .now() + 60, execute: guardian)
    DispatchQueue.global().asyncAfter(deadline: .now() + 1) {
      try? input.fileHandleForWriting.write(contentsOf: Data(keys.utf8))
    }
    let shown = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guardian.cancel()
    try input.fileHandleForWriting.close()
    return shown
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

  @Test func pressesTheSwitchByKey() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let code =
      "import pyb, time\nsw = pyb.Switch()\nwhile not sw.value(): time.sleep_ms(10)\nprint('pressed')"
    let shown = try runInTerminal(["run", "-c", code], typing: "u", in: tool)
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
    let shown = try runInTerminal(["run", "-c", code], typing: keys, in: tool)
    #expect(shown.contains("'abud'\r\n"), "\(shown.debugDescription)")
    #expect(shown.contains("[status 0]"))
  }

  @Test func interruptsByKey() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let code = "import time\ntry:\n  time.sleep(50)\nexcept KeyboardInterrupt:\n  print('stopped')"
    let shown = try runInTerminal(["run", "-c", code], typing: "\u{03}", in: tool)
    #expect(shown.contains("stopped\r\n"))
    #expect(shown.contains("[status 0]"))
    #expect(shown.contains(" icanon"))
  }
}
