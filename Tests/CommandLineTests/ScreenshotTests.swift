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

  @Test("--show shows a display when it has changed, once for what is written piece by piece") func shows()
    throws
  {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let code = """
      from machine import I2C
      import time
      bus = I2C('X')
      def nibble(value, rs=0):
          for byte in (value << 4 | 12 | rs, value << 4 | 8 | rs): bus.writeto(0x27, bytes((byte,)))
          time.sleep_ms(2)
      for value in (3, 3, 3, 2, 2, 8, 0, 12): nibble(value)
      for letter in b'Hi':
          nibble(letter >> 4, 1)
          nibble(letter & 15, 1)
      time.sleep(1)
      print('done')
      """
    let device = ["--device", "lcd_i2c:lcd@X9,X10,columns=8"]
    let result = try tool.run(["run", "-c", code, "--show", "lcd"] + device)
    #expect(result.output == "done\n")
    let bar = String(repeating: "─", count: 8)
    #expect(result.errors.hasPrefix("lcd at 0.0"), "\(result.errors)")
    #expect(result.errors.hasSuffix("\n┌\(bar)┐\n│Hi      │\n│        │\n└\(bar)┘\n"), "\(result.errors)")
    #expect(result.errors.split(separator: "\n").count == 5)
    for (name, message) in [
      ("lc", "--show lc: there is no display and no signal of this name (lcd)"),
      ("uart4", "--show uart4: uart4 is no display: one of its signals can be shown (uart4.tx, uart4.rx)"),
    ] {
      let refused = try tool.run(["run", "-c", code, "--show", name] + device)
      #expect(refused.status == 2)
      #expect(refused.errors.contains(message), "\(refused.errors)")
    }
  }
}
