import Foundation
import Testing
import Timebase

/// What events write down when they run.
private final class Log {
  var lines: [String] = []
}

private func at(_ microseconds: Int) -> Instant { .powerOn + .microseconds(microseconds) }

@Suite struct VirtualClockTests {
  private let clock = Clock(mode: .virtual)
  private let log = Log()

  private func schedule(_ name: String, at microseconds: Int) -> Clock.EventID {
    clock.schedule(at: at(microseconds)) { [clock, log] in
      log.lines.append("\(name)@\(clock.now.microseconds)")
    }
  }

  @Test func eventsRunInOrderOfInstantThenOfScheduling() {
    for (name, time) in [("c", 30), ("a", 10), ("b1", 20), ("b2", 20), ("b3", 20)] {
      _ = schedule(name, at: time)
    }
    #expect(clock.idle(until: nil) == .eventRan)
    #expect(log.lines == ["a@10"])
    #expect(clock.idle(until: at(20)) == .eventRan)
    #expect(log.lines == ["a@10", "b1@20", "b2@20", "b3@20"])
    #expect(clock.idle(until: at(25)) == .reached)
    #expect(clock.now == at(25))
    #expect(clock.idle(until: nil) == .eventRan)
    #expect(clock.idle(until: nil) == .nothingToWaitFor)
  }

  @Test func cancelledEventsNeverRunAndOthersKeepTheirOrder() {
    var generator = SystemRandomNumberGenerator()
    let times = (0..<300).map { _ in Int.random(in: 1...50, using: &generator) }
    let events = times.enumerated().map { (name: $0, time: $1, id: schedule("\($0)", at: $1)) }
    for event in events where event.name % 3 == 0 {
      clock.cancel(event.id)
      clock.cancel(event.id)
    }
    while clock.idle(until: nil) == .eventRan {}
    let expected = events.filter { $0.name % 3 != 0 }
      .sorted { ($0.time, $0.name) < ($1.time, $1.name) }
      .map { "\($0.name)@\($0.time)" }
    #expect(log.lines == expected)
  }

  @Test func busyWaitRunsEventsAtTheirInstantsAndEndsOnTime() {
    _ = schedule("a", at: 10)
    clock.schedule(at: at(20)) { [clock] in clock.charge(.microseconds(15)) }
    _ = schedule("b", at: 30)
    #expect(clock.busy(for: .microseconds(40)))
    #expect(log.lines == ["a@10", "b@35"])
    #expect(clock.now == at(40))
  }

  @Test func anEventCanEndABusyWait() {
    clock.schedule(at: at(10)) { [clock] in clock.abandonBusyWait() }
    #expect(!clock.busy(for: .seconds(1)))
    #expect(clock.now == at(10))
  }

  @Test func aSliceEndsWhereTheNextEventIsDue() {
    #expect(clock.account.pointee.remaining == 16_000_000)
    _ = schedule("a", at: 300)
    #expect(clock.account.pointee.remaining == 300_000)
    clock.charge(.microseconds(301))
    #expect(clock.account.pointee.remaining <= 0)
    clock.sliceExpired()
    #expect(log.lines == ["a@301"])
    #expect(clock.account.pointee.remaining == 16_000_000)
    #expect(clock.now == at(301))
  }

  @Test func aHandlerSlowerThanItsPeriodLeavesTheFirmwareARun() {
    func again() {
      clock.charge(.microseconds(20))
      clock.schedule(at: clock.now, again)
    }
    clock.schedule(at: at(10), again)
    clock.charge(.microseconds(10))
    clock.sliceExpired()
    #expect(clock.now == at(30))
  }

  @Test func nothingRunsAtPowerOffOrLater() {
    _ = schedule("before", at: 99)
    _ = schedule("then", at: 100)
    clock.powerOff = at(100)
    #expect(clock.idle(until: nil) == .eventRan)
    #expect(clock.idle(until: at(500)) == .poweredOff)
    #expect(clock.isPoweredOff)
    #expect(clock.now == at(100))
    #expect(log.lines == ["before@99"])
  }

  @Test func wakeEndsIdlingOnce() {
    clock.wake()
    clock.wake()
    #expect(clock.idle(until: at(10)) == .woken)
    #expect(clock.idle(until: at(10)) == .reached)
  }
}

@Test func wakeFromAnotherThreadEndsAPacedWait() {
  let clock = Clock(mode: .paced(factor: 1))
  let signal = clock.wakeSignal
  Thread.detachNewThread { signal.wake() }
  #expect(clock.idle(until: .powerOn + .seconds(3600)) == .woken)
  #expect(clock.now < .powerOn + .seconds(3600))
}

@Test func slowMotionStretchesBoardTime() {
  let clock = Clock(mode: .paced(factor: 0.1))
  let wall = ContinuousClock().measure { _ = clock.idle(until: .powerOn + .milliseconds(2)) }
  #expect(clock.now == .powerOn + .milliseconds(2))
  #expect(wall >= .milliseconds(19))
}

@Test func hostTimeGoesOnByItself() {
  let clock = Clock(mode: .host)
  let before = clock.now
  #expect(clock.idle(until: before + .milliseconds(3)) == .reached)
  #expect(clock.now >= before + .milliseconds(3))
}

@Test(arguments: [
  (Interval.seconds(1.5), "1.500000000 s"), (.nanoseconds(-1), "-0.000000001 s"),
  (.seconds(Double.infinity), "9223372036.854775807 s"), (.seconds(Double.nan), "0.000000000 s"),
  (.seconds(Int64.max) + .seconds(1), "9223372036.854775807 s"),
])
func intervalsSaturate(interval: Interval, text: String) {
  #expect(interval.description == text)
}

@Test func millisecondsRoundDown() {
  #expect(Instant(nanoseconds: 1_999_999).milliseconds == 1)
  #expect(Interval(nanoseconds: -1).milliseconds == -1)
  #expect(Interval(.milliseconds(5) + .nanoseconds(7)).nanoseconds == 5_000_007)
}
