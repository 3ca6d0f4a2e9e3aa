import Bench
import Machine
import Testing
import Timebase

@Suite("A servo's connector")
struct ServoTests {
  /// Microseconds, of the waveform that is on the pin.
  private func pulse(_ servo: Servo) throws -> Int {
    let pulses = try #require(servo.pin.net.waveform as? PulseWaveform)
    #expect(pulses.rate.interval(ticks: pulses.period) == .milliseconds(20))
    return Int(pulses.rate.interval(ticks: pulses.pulse).microseconds)
  }

  @Test("puts out pulses of its angle, at the next of fifty a second")
  func angle() throws {
    let bench = try Bench()
    let servo = try bench.board.servo(1)
    #expect(servo.pin.net.waveform == nil)
    try servo.start()
    #expect(try pulse(servo) == 1500)
    servo.setAngle(90)
    #expect(try pulse(servo) == 1500)
    bench.clock.busy(for: .milliseconds(21))
    #expect(try pulse(servo) == 2420)
    servo.setAngle(-45)
    bench.clock.busy(for: .milliseconds(21))
    #expect(try pulse(servo) == 1020)
    #expect((servo.angle, servo.pulseWidth) == (-44, 1020))
  }

  @Test("moves in steps within the time that it is given, beside another one")
  func slowly() throws {
    let bench = try Bench()
    let (first, second) = (try bench.board.servo(1), try bench.board.servo(4))
    try first.start()
    try second.start()
    var seen: [PartValue] = []
    let observation = try #require(bench.board.signal("servo1.pulse")).observe { value, _ in
      seen.append(value)
    }
    bench.clock.busy(for: .milliseconds(5))
    first.setAngle(45, in: 200)
    second.setSpeed(100, in: 100)
    bench.clock.busy(for: .milliseconds(250))
    observation.end()
    #expect(seen.count == 10)
    #expect(seen.last == .real(1980))
    #expect((try pulse(first), try pulse(second)) == (1980, 2200))
    #expect((first.angle, second.speed) == (44, 100))
    #expect(bench.clock.nextActivity == nil)
  }

  @Test("goes on through a soft reset, and ends with a hard one")
  func resets() throws {
    let bench = try Bench()
    let servo = try bench.board.servo(2)
    try servo.start()
    servo.setPulseWidth(microseconds: 1000)
    bench.clock.busy(for: .milliseconds(30))
    bench.board.reset(.soft)
    #expect(try pulse(servo) == 1000)
    #expect(servo.pulseWidth == 1500)
    bench.board.reset(.hard)
    #expect(servo.pin.net.waveform == nil)
  }
}
