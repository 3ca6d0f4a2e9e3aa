import Foundation
import Testing

/// A crash of the emulator itself. Nothing in it crashes on purpose, so the signal comes from outside.
@Suite struct CrashTests {
  @Test func keepsWhatWasPrinted() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let code = """
      print("before")
      open("printed", "w").close()
      while True:
          pass
      """
    let (process, files) = try tool.start(["run", "-c", code])
    try tool.waitForFile("printed")
    kill(process.processIdentifier, SIGSEGV)
    let result = try tool.finish(process, files)
    #expect(result.status == -SIGSEGV)
    #expect(result.output == "before\n")
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script")))
  func restoresTheTerminal() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let code = """
      print("before", end="")
      open("printed", "w").close()
      while True:
          pass
      """
    try tool.write(code, to: "main.py")
    let program = CommandLineTool.products.appending(path: "vpyboard").path
    // The inner shell becomes the emulator, so that its process number is known.
    let command =
      "stty rows 24 cols 80; (sh -c 'echo $$ > pid; exec \(program) run main.py'); echo \"[status $?]\"; stty -a"
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
    try tool.waitForFile("printed")
    let pid = try #require(pid_t(try tool.read("pid").trimmingCharacters(in: .whitespacesAndNewlines)))
    kill(pid, SIGSEGV)
    let shown = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(shown.contains("before"))
    #expect(shown.contains("[status 139]"), "\(shown)")
    #expect(shown.contains(" icanon") && shown.contains(" echo "))
  }
}

extension CommandLineTool {
  /// Waits until the firmware has made a file in the folder.
  fileprivate func waitForFile(_ name: String) throws {
    let path = folder.appending(path: name).path
    let deadline = Date.now + 60 * Self.patience
    while !FileManager.default.fileExists(atPath: path) {
      try #require(Date.now < deadline, "the firmware never came so far")
      Thread.sleep(forTimeInterval: 0.02)
    }
  }
}
