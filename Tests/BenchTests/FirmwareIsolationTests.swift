import Bench
import Foundation
import Testing

@Suite("Firmware in tests, and where it does not belong") struct FirmwareIsolationTests {
  @Firmware private static func touch() {}

  @Test("A test that is itself @Firmware is told that it needs a board, instead of waiting for ever")
  func withoutBoard() async throws {
    let result = await #expect(processExitsWith: .exitCode(2), observing: [\.standardErrorContent]) {
      await FirmwareIsolationTests.touch()
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("code that is isolated to @Firmware has waited 5 s for a board, and none runs"))
  }

  @Test("The same where a board has run before")
  func afterBoard() async throws {
    let result = await #expect(processExitsWith: .exitCode(2), observing: [\.standardErrorContent]) {
      let bench = try Bench()
      bench.main.start { _ in }
      try bench.advance(by: .milliseconds(1))
      bench.end()
      await FirmwareIsolationTests.touch()
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("code that is isolated to @Firmware has waited 5 s for a board, and none runs"))
  }

  @Test("Code of the firmware's own actor runs on the board of the bench, also from a test's own tasks")
  func onBoard() throws {
    let bench = try Bench()
    bench.main.start { board in
      FirmwareIsolationTests.touch()
      try board.led(1).on()
      try await sleepMs(10)
      try board.led(1).off()
    }
    try bench.wait(for: bench.main.value("led1.brightness", .integer(255), within: .milliseconds(1)))
    try bench.wait(for: bench.main.value("led1.brightness", .integer(0), within: .milliseconds(11)))
  }
}
