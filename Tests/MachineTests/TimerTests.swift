import Bench
import Machine
import Synchronization
import Testing
import Timebase

@Suite("A timer")
struct TimerTests {
  @Test(
    "divides its clock as the board does",
    arguments: [
      (4, 1000, 4, 16799), (4, 1, 3124, 26879), (1, 1000, 4, 33599), (2, 1, 0, 83_999_999),
      (7, 10_000_000, 0, 7),
    ])
  func division(number: Int, frequency: Int, prescaler: Int, period: Int) throws {
    let timer = try Bench(isTraced: true).board.timer(number)
    try timer.start(frequency: frequency)
    #expect(timer.division == TimerDivision(prescaler: prescaler, period: period))
  }

  @Test("refuses what its registers cannot do")
  func impossible() throws {
    let timer = try Bench(isTraced: true).board.timer(4)
    #expect(throws: TimerError.frequencyNotPositive) { try timer.start(frequency: 0) }
    #expect(throws: TimerError.frequencyTooSmall) {
      try timer.start(TimerDivision(frequency: Float(0.001), source: 84_000_000, bits: 16))
    }
  }

  @Test("interrupts at exact multiples of its period, without drift")
  func updates() throws {
    let bench = try Bench(isTraced: true)
    let times = Mutex<[Instant]>([])
    let timer = try bench.board.timer(4)
    // 84 MHz / 27 is not a whole number of nanoseconds: 3 updates take 964.28... ns.
    timer.callback { interrupt in times.withLock { $0.append(interrupt.time) } }
    try timer.start(TimerDivision(prescaler: 26, period: 999))
    bench.clock.busy(for: .milliseconds(9))
    let expected = (1...28).map { Instant(nanoseconds: $0 * 27000 * 1000 / 84) }
    #expect(times.withLock { $0 } == expected)
  }

  @Test("counts up, down and both ways")
  func counter() throws {
    let bench = try Bench(isTraced: true)
    let timer = try bench.board.timer(4)
    let division = TimerDivision(prescaler: 83, period: 999)
    try timer.start(division)
    bench.clock.busy(for: .microseconds(1250))
    #expect(timer.counter == 250)
    try timer.start(division, mode: .down)
    bench.clock.busy(for: .microseconds(250))
    #expect(timer.counter == 749)
    try timer.start(division, mode: .center)
    bench.clock.busy(for: .microseconds(1100))
    #expect(timer.counter == 898)
  }

  @Test("changes its frequency at the next update")
  func buffered() throws {
    let bench = try Bench(isTraced: true)
    let times = Mutex<[Int64]>([])
    let timer = try bench.board.timer(2)
    timer.callback { interrupt in times.withLock { $0.append(interrupt.time.microseconds) } }
    try timer.start(TimerDivision(prescaler: 83, period: 999))
    bench.clock.busy(for: .microseconds(1500))
    try timer.change(TimerDivision(prescaler: 83, period: 199))
    #expect(timer.division.period == 199)
    #expect(timer.frequency == 5000)
    bench.clock.busy(for: .microseconds(1000))
    #expect(times.withLock { $0 } == [1000, 2000, 2200, 2400])
  }

  @Test("that the system tick serves fires on whole milliseconds, once or again and again")
  func softTimers() throws {
    let bench = try Bench(isTraced: true)
    let times = Lines()
    bench.clock.busy(for: .microseconds(300))
    let periodic = bench.board.makeSoftTimer()
    let once = bench.board.makeSoftTimer()
    try periodic.start(period: 10, kind: .hard) { times.append("\($0.time.microseconds)") }
    try once.start(period: 15, periodic: false) { times.append("once \($0.time.microseconds)") }
    bench.clock.busy(for: .milliseconds(35))
    #expect(times.all == ["10000", "once 15000", "20000", "30000"])
  }
}
