import Foundation
import Testing

/// Pictures of what a run shows.
@Suite struct ScreenshotTests {
  private static let signature = Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])

  @Test("--screenshot writes pictures at their times, at the end, and what is not reached at the end too")
  func writes() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let code = """
      import machine, time
      pin = machine.Pin('X1', machine.Pin.OUT, value=1)
      time.sleep(2)
      pin(0)
      time.sleep(1)
      """
    let result = try tool.run([
      "run", "-c", code, "--device", "led:lamp@X1", "--screenshot", "lamp@1s=on.png", "--screenshot",
      "lamp=off.png",
      "--screenshot", "board@9s=late.png", "--for", "4s",
    ])
    #expect(result.status == 0, "\(result.errors)")
    #expect(
      result.errors.contains(
        "vpyboard: --screenshot board@9s=late.png: the run ended before 9000 ms; the picture is of its end\n")
    )
    let files = try ["on.png", "off.png", "late.png"].map {
      try Data(contentsOf: tool.folder.appending(path: $0))
    }
    for file in files { #expect(file.prefix(8) == Self.signature) }
    #expect(files[0] != files[1])
  }

  @Test(
    "a screenshot that cannot be is one message and status 2",
    arguments: [
      ("lam=x.png", "Error: --screenshot lam=x.png: no part \"lam\", did you mean \"lamp\"?"),
      ("uart4=x.png", "Error: --screenshot uart4=x.png: uart4 is nothing to look at"),
      ("lamp=none/x.png", "Error: --screenshot lamp=none/x.png: none/: No such file or directory"),
      ("lamp@2=x.png", "\"2\" is not a time"), ("lamp", "give NAME@TIME=FILE.png"),
    ])
  func refuses(text: String, message: String) throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let result = try tool.run(["run", "-c", "print('ran')", "--device", "led:lamp@X1", "--screenshot", text])
    #expect(result.status == 2)
    #expect(result.output.isEmpty)
    #expect(result.errors.contains(message), "\(result.errors)")
  }
}
