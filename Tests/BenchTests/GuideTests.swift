import Bench
import Foundation
import Testing

/// The tests of docs/testing.md, as they stand there.
@Suite("The guide's tests in Swift") struct GuideTests {
  @Test("The red LED blinks at 2 Hz")
  func blinks() throws {
    let bench = try Bench("pyboard-v1.1")
    bench.main.start(
      python: """
        import pyb, time
        while True:
            pyb.LED(1).toggle()
            time.sleep_ms(250)
        """)
    let led = try bench.main.record("led1.brightness")
    try bench.advance(by: .seconds(3))
    try led.isBlinking(atHertz: 2)
  }

  @Test("A button on X3 is answered on the UART within 5 ms")
  func answers() throws {
    let bench = try Bench()
    bench.main.start { board in
      let button = try board.pins["X3"]
      button.configure(.input, pull: .up)
      let uart = try board.uart(4)
      try uart.start(UARTSettings(baudRate: 115200))
      while button.level == .high { try await sleepMs(1) }
      let writer = StreamWriter(uart)
      try writer.write(Array("pressed".utf8))
      try await writer.drain()
      while true { try await sleepMs(1000) }
    }
    try bench.advance(by: .milliseconds(10))
    let answer = try bench.main.bytes("uart4.tx", Array("pressed".utf8), within: .milliseconds(5))
    try bench.board.set("X3.pressed", to: .flag(true))
    try bench.wait(for: answer)
    #expect(bench.main.findings.isEmpty)
  }

  @Test("The page has these tests")
  func page() throws {
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let page = try String(contentsOf: package.appending(path: "docs/testing.md"), encoding: .utf8)
    let shown = try #require(
      page.components(separatedBy: "```swift\n").last?.components(separatedBy: "\n```").first)
    let text = try String(contentsOfFile: #filePath, encoding: .utf8)
    let lines = shown.components(separatedBy: "\n").map { $0.isEmpty ? "" : "  " + $0 }
    #expect(text.contains(lines.joined(separator: "\n")))
  }
}
