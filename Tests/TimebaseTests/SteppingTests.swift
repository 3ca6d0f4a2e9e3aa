import Testing
import Timebase

@Suite("Firmware that is stepped")
struct SteppingTests {
  @Test("stops where it is told, in waits and between, and goes on from there")
  func steps() throws {
    let clock = Clock(mode: .virtual)
    var log: [String] = []
    let firmware = SteppedFirmware(clock: clock) {
      log.append("begin \(clock.now.microseconds)")
      clock.busy(for: .microseconds(500))
      log.append("busy \(clock.now.microseconds)")
      _ = clock.idle(until: Instant(nanoseconds: 2_000_000))
      log.append("idle \(clock.now.microseconds)")
      for _ in 0..<10 {
        clock.charge(.microseconds(100))
        if clock.account.pointee.remaining <= 0 { clock.sliceExpired() }
      }
      log.append("end \(clock.now.microseconds)")
    }
    #expect(log.isEmpty)
    try clock.advance(until: Instant(nanoseconds: 300_000))
    #expect(log == ["begin 0"])
    #expect(clock.now.microseconds == 300)
    #expect(clock.nextActivity?.microseconds == 500)
    try clock.advance(until: Instant(nanoseconds: 1_000_000))
    #expect(log == ["begin 0", "busy 500"])
    #expect(clock.nextActivity?.microseconds == 2_000)
    try clock.advance(until: Instant(nanoseconds: 2_450_000))
    #expect(log.last == "idle 2000")
    // It stops at the end of what it computes.
    #expect(clock.now.microseconds == 2_500)
    #expect(clock.nextActivity == clock.now)
    try clock.advance(until: Instant(nanoseconds: 9_000_000))
    #expect(log.last == "end 3000")
    #expect(firmware.isEnded)
    #expect(clock.now.microseconds == 9_000)
  }

  @Test("finds what was changed while it stood, and events at their times")
  func changes() throws {
    let firmware = WaitingFirmware()
    let clock = firmware.clock
    try clock.advance(until: Instant(nanoseconds: 5_000))
    #expect(clock.nextActivity == nil)
    clock.schedule(at: Instant(nanoseconds: 7_777)) { firmware.isSet = true }
    try clock.advance(until: Instant(nanoseconds: 7_776))
    #expect(firmware.seen == nil)
    try clock.advance(until: Instant(nanoseconds: 7_777))
    #expect(firmware.seen == Instant(nanoseconds: 7_777))
    #expect(firmware.isEnded)
  }

  @Test("is woken by what is done to it while it stood, with no event")
  func wake() throws {
    let firmware = WaitingFirmware()
    let clock = firmware.clock
    try clock.advance(until: Instant(nanoseconds: 5_000))
    #expect(clock.nextActivity == nil)
    firmware.isSet = true
    clock.wake()
    #expect(clock.nextActivity == clock.now)
    try clock.advance(until: Instant(nanoseconds: 9_000))
    #expect(firmware.seen == Instant(nanoseconds: 5_000))
    #expect(firmware.isEnded)
  }

  @Test("is not woken from a busy wait, and does nothing before its end")
  func busyWake() throws {
    let clock = Clock(mode: .virtual)
    var ended: Instant?
    let firmware = SteppedFirmware(clock: clock) {
      clock.busy(for: .microseconds(9))
      ended = clock.now
    }
    try clock.advance(until: Instant(nanoseconds: 5_000))
    clock.wake()
    #expect(clock.nextActivity == Instant(nanoseconds: 9_000))
    try clock.advance(until: Instant(nanoseconds: 20_000))
    #expect(ended == Instant(nanoseconds: 9_000))
    #expect(firmware.isEnded)
  }

  @Test("ends when the board is switched off")
  func ending() throws {
    let clock = Clock(mode: .virtual)
    var outcome: IdleOutcome?
    let firmware = SteppedFirmware(clock: clock) {
      repeat { outcome = clock.idle(until: nil) } while outcome != .poweredOff
    }
    try clock.advance(until: Instant(nanoseconds: 100))
    firmware.end()
    #expect(firmware.isEnded)
    #expect(outcome == .poweredOff)
    #expect(clock.now == Instant(nanoseconds: 100))
  }

  @Test("is seen by two observers alike, each as long as it lives")
  func observers() {
    let clock = Clock(mode: .virtual)
    let (first, second) = (Observer(), Observer())
    var one: Observation? = clock.addObserver(first)
    let two = clock.addObserver(second)
    clock.busy(for: .microseconds(3))
    clock.blockingCall(BlockingCall("wait", file: #fileID, line: #line)) {
      _ = clock.idle(until: Instant(nanoseconds: 10_000))
    }
    #expect(first.log == ["look", "3000", "wait", "look", "7000", "over"])
    #expect(second.log == first.log)
    one = nil
    clock.busy(for: .microseconds(1))
    #expect(first.log.count == 6)
    #expect(second.log.count == 8)
    two.end()
    clock.busy(for: .microseconds(1))
    #expect(second.log.count == 8)
    _ = one
  }
}

private final class Observer: ClockObserver {
  var log: [String] = []

  func waitEnded(_ duration: Interval) { log.append("\(duration.nanoseconds)") }
  func clockLooks() { log.append("look") }
  func blockingCallBegins(_ call: BlockingCall) { log.append("\(call.name)") }
  func blockingCallEnds() { log.append("over") }
}

/// Firmware that sleeps until something is set, and notes when it saw that.
private final class WaitingFirmware {
  let clock = Clock(mode: .virtual)
  var isSet = false
  private(set) var seen: Instant?
  private lazy var firmware = SteppedFirmware(clock: clock) { [unowned self] in
    while !isSet { _ = clock.idle(until: nil) }
    seen = clock.now
  }

  init() { _ = firmware }

  var isEnded: Bool { firmware.isEnded }
}
