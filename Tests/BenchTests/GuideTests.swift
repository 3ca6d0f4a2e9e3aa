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
    let shown = try #require(
      try Self.page().components(separatedBy: "```swift\n").last?.components(separatedBy: "\n```").first)
    let text = try String(contentsOfFile: #filePath, encoding: .utf8)
    let lines = shown.components(separatedBy: "\n").map { $0.isEmpty ? "" : "  " + $0 }
    #expect(text.contains(lines.joined(separator: "\n")))
  }

  @Test("The page's driver fails the page's test, and passes it with the mistake mended")
  func driver() throws {
    let failure = #expect(throws: BenchFailure.self) { try MistakenLamp().lit() }
    #expect(try Self.page().contains("LampTests.swift:6:2: Caught error: \(failure?.description ?? "")\n"))
    try MendedLamp().lit()
    for name in ["Package.swift", "Sources/Lamp/Lamp.swift", "Tests/LampTests/LampTests.swift"] {
      #expect(try Self.page().contains("```swift \(name)\n"))
    }
    // Its code is what runs here.
    let text = try String(contentsOfFile: #filePath, encoding: .utf8)
    for name in ["Sources/Lamp/Lamp.swift", "Tests/LampTests/LampTests.swift"] {
      let block = try #require(
        try Self.page().components(separatedBy: "```swift \(name)\n").last?.components(separatedBy: "\n```")
          .first)
      let function = try #require(
        block.components(separatedBy: "\n\n").last?.replacing("public func", with: "func"))
      let lines = function.components(separatedBy: "\n").filter {
        !$0.hasPrefix("@Test") && !$0.hasPrefix("///")
      }
      #expect(text.contains(lines.map { "  " + $0 }.joined(separator: "\n")), "\(name)")
    }
  }

  private static func page() throws -> String {
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try String(contentsOf: package.appending(path: "docs/testing.md"), encoding: .utf8)
  }
}

/// The guide's driver, which a test lights.
private protocol Lamp: Sendable {
  @Firmware func lamp(_ board: Board, pin: String, led number: Int) async throws
}

extension Lamp {
  func lit() throws {
    let bench = try Bench()
    bench.main.start { board in try await lamp(board, pin: "X1", led: 3) }
    try bench.advance(by: .milliseconds(10))
    try bench.board.set("X1.pressed", to: .flag(true))
    try bench.wait(for: bench.main.value("led3.brightness", .integer(255), within: .milliseconds(5)))
    try bench.board.set("X1.pressed", to: .flag(false))
    try bench.wait(for: bench.main.value("led3.brightness", .integer(0), within: .milliseconds(5)))
  }
}

/// The driver with its mistake.
private struct MistakenLamp: Lamp {
  @Firmware func lamp(_ board: Board, pin: String, led number: Int) async throws {
    let (button, led) = (try board.pins[pin], try board.led(number))
    button.configure(.input, pull: .up)
    while true {
      if button.level == .low { led.on() }
      try await sleepMs(1)
    }
  }
}

/// The same without its mistake.
private struct MendedLamp: Lamp {
  @Firmware func lamp(_ board: Board, pin: String, led number: Int) async throws {
    let (button, led) = (try board.pins[pin], try board.led(number))
    button.configure(.input, pull: .up)
    while true {
      if button.level == .low { led.on() } else { led.off() }
      try await sleepMs(1)
    }
  }
}
