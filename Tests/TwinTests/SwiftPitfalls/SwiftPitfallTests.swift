import Asyncio
import Diagnostics
import Drivers
import Machine
import Session
import Synchronization
import Testing
import Timebase

/// docs/pitfalls.md says what the emulator says of Swift firmware.
@Suite struct SwiftPitfallTests {
  @Test(arguments: SwiftPitfallExample.all)
  func mistakeIsTold(example: SwiftPitfallExample) throws {
    let first = try #require(
      SwiftPitfallExample.firstLine(of: example.mistake), "the document shows other firmware than is run")
    let firmware = try #require(PitfallFirmware.mistakes[example.code])
    let findings = try run(firmware).map { Self.inDocument($0, first: first) }
    #expect(findings == example.findings)
    #expect(findings.contains { $0.contains(": \(example.code): ") })
  }

  @Test(arguments: SwiftPitfallExample.all)
  func curedFirmwareRunsWithoutAWord(example: SwiftPitfallExample) throws {
    #expect(
      SwiftPitfallExample.firstLine(of: example.cure) != nil, "the document shows other firmware than is run")
    let firmware = try #require(PitfallFirmware.cures[example.code])
    #expect(try run(firmware) == [])
  }

  @Test func everyExampleIsShown() {
    #expect(Set(SwiftPitfallExample.all.map(\.code)) == Set(PitfallFirmware.mistakes.keys))
    #expect(Set(PitfallFirmware.cures.keys) == Set(PitfallFirmware.mistakes.keys))
  }

  @Test func eventsThatAreKeptElsewhereAreNotLost() throws {
    let findings = try run { board in
      let (flag, event) = (ThreadSafeFlag(), ThreadSafeEvent())
      let count = Count()
      let timer = board.makeSoftTimer()
      try timer.start(period: 10) { _ in
        count.number.add(1, ordering: .relaxed)
        flag.set(eventIsKept: true)
        event.set(eventIsKept: true)
      }
      for _ in 0..<3 {
        try await flag.wait()
        try await sleepMs(50)
      }
      timer.stop()
      #expect(count.number.load(ordering: .relaxed) > 10)
    }
    #expect(findings == [])
  }

  @Test func whatPrimitivesAreMadeOfKeepsItsEvents() throws {
    let findings = try run { board in
      let queue = ThreadSafeQueue<Int>(size: 20)
      let delay = RetriggerableDelay(milliseconds: 20)
      let encoder = try Encoder(board.pins["X1"], board.pins["X3"])
      let output = try board.pins["X2"]
      output.configure(.outputPushPull)
      let message = Message<Int>()
      let reader = createTask { for try await _ in queue { try await sleepMs(50) } }
      let listener = createTask { for try await _ in message { try await sleepMs(50) } }
      try await sleepMs(10)
      for number in 0..<8 {
        try queue.putSync(number)
        message.set(number)
        try delay.trigger()
        output.toggle()
        try busyWait(.milliseconds(1))
      }
      try await sleepMs(600)
      try encoder.end()
      try delay.end()
      for task in [reader, listener] {
        try task.cancel()
        _ = try? await task.value
      }
    }
    #expect(findings == [])
  }

  @Test func bouncesThatTheFirmwareClearsAreNotEvents() throws {
    let findings = try run { board in
      let pressed = ThreadSafeFlag()
      let timer = board.makeSoftTimer()
      try timer.start(period: 10) { _ in pressed.set() }
      for _ in 0..<3 {
        try await pressed.wait()
        try await sleepMs(50)
        pressed.clear()
      }
      timer.stop()
    }
    #expect(findings == [])
  }

  @Test func aThreadSafeEventIsWatchedToo() throws {
    let line = #line + 5
    let findings = try run { board in
      let event = ThreadSafeEvent()
      let timer = try board.timer(4)
      try timer.start(frequency: 100)
      timer.callback { _ in event.set() }
      for _ in 0..<3 {
        try await event.wait()
        event.clear()
        try await sleepMs(50)
      }
      timer.stop()
    }
    #expect(findings.count == 1)
    #expect(
      findings.first?.contains("SwiftPitfallTests.swift:\(line) [main]: flag-set-twice: ") == true,
      "\(findings)")
  }

  @Test func aDriversTaskIsNamedByTheFirmwareThatMadeIt() throws {
    let line = #line + 5
    let findings = try run { board in
      let pin = try board.pins["X1"]
      pin.configure(.input, pull: .up)
      let button = Pushbutton(pin)
      button.onPress { try busyWait(.milliseconds(200)) }
      let driver = try board.pins["X2"]
      driver.configure(.outputPushPull, level: .low)
      try await sleepMs(400)
      try button.end()
    }
    #expect(findings.count == 1)
    #expect(
      findings.first?.contains("SwiftPitfallTests.swift:\(line) [Pushbutton]: blocking-call: busyWait()")
        == true, "\(findings)")
  }

  /// Counts lines from the first one that the document shows.
  private static func inDocument(_ finding: String, first: Int) -> String {
    finding.replacing(/TwinTests\/PitfallFirmware\.swift:(\d+)/) { match in
      "Firmware.swift:\((Int(match.1) ?? 0) - first + 1)"
    }
  }

  /// What is told of a run, as a session tells it.
  private func run(_ firmware: @escaping PitfallFirmware.Firmware) throws -> [String] {
    let lines = Mutex<[String]>([])
    let sink = DiagnosticSink { line in lines.withLock { $0.append(line) } }
    let clock = Clock(mode: .virtual)
    let board = try Board(
      description: .load("pyboard-v1.1"), clock: clock, diagnostics: sink)
    try board.connect(wire: "X1-X2")
    let scheduler = Scheduler(clock: clock)
    scheduler.diagnostics = sink
    board.report(on: scheduler)
    do {
      try scheduler.run(lending: board, firmware)
      scheduler.reportAbandonedTasks()
    } catch SchedulerError.stalled {
      // That is what some of them show.
    } catch is TimeoutError {
      // And one shows this.
    }
    scheduler.reportUnretrievedErrors()
    return lines.withLock { $0 }
  }
}

private final class Count: Sendable {
  let number = Atomic(0)
}
