import Bench
import Machine
import Synchronization
import Testing
import Timebase

@Suite("A channel of a timer")
struct TimerChannelTests {
  /// Microseconds a count.
  private static let slow = 83

  /// The edges of a pin's net, as `+` or `-` and the time since the first one, in counts of a microsecond.
  private final class Edges {
    private var listening: NetListening?
    private(set) var all: [(level: Level, time: Instant)] = []

    init(_ pin: Pin) { listening = pin.net.listen { [unowned self] in all.append(($0.level, $0.time)) } }

    var text: String {
      guard let first = all.first else { return "" }
      return all.map { "\($0.level == .high ? "+" : "-")\(($0.time - first.time).microseconds)" }
        .joined(separator: " ")
    }
  }

  private func edges(
    _ mode: HardwareTimer.CountingMode, period: Int, _ output: TimerChannel.OutputMode, compare: Int
  ) throws -> String {
    let bench = try Bench()
    let timer = try bench.board.timer(2)
    let pin = try bench.board.pins["X1"]
    try timer.start(TimerDivision(prescaler: Self.slow, period: period), mode: mode)
    try timer.connect(pin)
    try timer.channel(1).start(output, compare: compare)
    let edges = Edges(pin)
    bench.clock.busy(for: .microseconds(Int64(4 * period)))
    return edges.text
  }

  @Test(
    "puts out pulses of exact length, counting up, down and both ways",
    arguments: [
      (
        HardwareTimer.CountingMode.up, 999, TimerChannel.OutputMode.pwm, 250,
        "-0 +750 -1000 +1750 -2000 +2750 -3000"
      ),
      (.up, 999, .pwmInverted, 250, "+0 -750 +1000 -1750 +2000 -2750 +3000"),
      (.down, 999, .pwm, 250, "+0 -251 +1000 -1251 +2000 -2251 +3000"),
      (.center, 1000, .pwm, 250, "-0 +1500 -2000 +3500"),
      (.up, 999, .toggleOnMatch, 100, "+0 -1000 +2000 -3000"),
      (.center, 1000, .toggleOnMatch, 100, "+0 -1800 +2000 -3800"),
      (.up, 999, .activeOnMatch, 100, "+0"),
      (.up, 999, .forcedActive, 0, ""), (.up, 999, .pwm, 1000, ""), (.up, 999, .pwm, 0, ""),
      (.center, 1000, .pwm, 1000, ""), (.up, 999, .toggleOnMatch, 1000, ""),
    ])
  func outputs(
    mode: HardwareTimer.CountingMode, period: Int, output: TimerChannel.OutputMode, compare: Int,
    expected: String
  ) throws {
    #expect(try edges(mode, period: period, output, compare: compare) == expected)
  }

  @Test("has exact edges however long it runs, where a tick is no whole number of nanoseconds")
  func exactness() throws {
    let bench = try Bench()
    let timer = try bench.board.timer(1)
    let pin = try bench.board.pins["SD"]
    try timer.start(TimerDivision(prescaler: 4, period: 33_600))
    try timer.connect(pin)
    try timer.channel(1).start(.pwm, compare: 1)
    let pulses = try #require(pin.net.waveform as? PulseWaveform)
    let edge = try #require(pulses.nextEdge(after: Instant(nanoseconds: 3_000_000_000_000)))
    // In ticks of 168 MHz.
    let tick = (edge.nanoseconds * 168 + 999) / 1000
    #expect([0, 5].contains(tick % (5 * 33601)))
  }

  @Test("takes a new pulse width over at the update, so that no pulse is cut, and a compare value at once")
  func preload() throws {
    let bench = try Bench()
    let timer = try bench.board.timer(2)
    let pin = try bench.board.pins["X1"]
    try timer.start(TimerDivision(prescaler: Self.slow, period: 999))
    try timer.connect(pin)
    let channel = try timer.channel(1)
    channel.start(.pwm, compare: 800)
    let edges = Edges(pin)
    bench.clock.busy(for: .microseconds(100))
    channel.compare = 200
    #expect(channel.compare == 200)
    bench.clock.busy(for: .microseconds(1500))
    #expect(edges.text == "-0 +200 -400")
    channel.start(.toggleOnMatch, compare: 900)
    channel.compare = 700
    bench.clock.busy(for: .microseconds(200))
    #expect(edges.text == "-0 +200 -400 +900")
  }

  @Test("changes its frequency at the update")
  func frequency() throws {
    let bench = try Bench()
    let timer = try bench.board.timer(2)
    let pin = try bench.board.pins["X1"]
    try timer.start(TimerDivision(prescaler: Self.slow, period: 999))
    try timer.connect(pin)
    try timer.channel(1).start(.pwm, compare: 100)
    let edges = Edges(pin)
    bench.clock.busy(for: .microseconds(500))
    try timer.change(TimerDivision(prescaler: Self.slow, period: 199))
    bench.clock.busy(for: .microseconds(900))
    #expect(edges.text == "-0 +900 -1000 +1100 -1200 +1300")
  }

  @Test("captures what another channel puts out, and interrupts for it")
  func capture() throws {
    let bench = try Bench()
    try bench.board.connect(wire: "X1-X4")
    let (output, input) = (try bench.board.timer(2), try bench.board.timer(5))
    try output.start(frequency: 1000)
    try output.connect(bench.board.pins["X1"])
    try output.channel(1).start(.pwm, compare: output.fullCompare * 37 / 100)
    try input.start(TimerDivision(prescaler: 0, period: Int(UInt32.max)))
    try input.connect(bench.board.pins["X4"])
    let channel = try input.channel(4)
    let counts = Mutex<[Int]>([])
    channel.startCapture(.risingOrFalling)
    channel.callback(kind: .soft) { interrupt in
      interrupt.perform { board in
        let capture = (try? board.timer(5).channel(4).capture) ?? 0
        counts.withLock { $0.append(capture) }
      }
    }
    bench.clock.busy(for: .milliseconds(4))
    let lengths = counts.withLock { counts in zip(counts.dropFirst(), counts).map { $0 - $1 } }
    #expect(lengths.prefix(4) == [52_920, 31_080, 52_920, 31_080])
    channel.compare = 5
    #expect(channel.compare > 5)
  }

  @Test(
    "lets the counter follow an encoder both ways, with overflows",
    arguments: [TimerEncoder.Edges.a, .b, .both])
  func encoder(edges: TimerEncoder.Edges) throws {
    let bench = try Bench()
    let timer = try bench.board.timer(4)
    try timer.start(TimerDivision(prescaler: 0, period: 99))
    for name in ["X9", "X10"] { try timer.connect(bench.board.pins[name]) }
    let knob = [NetDriver(name: "A"), NetDriver(name: "B")]
    for (driver, name) in zip(knob, ["X9", "X10"]) {
      driver.drive(.low)
      try bench.board.pins[name].net.attach(driver)
    }
    try timer.startEncoder(edges)
    let overflows = Mutex(0)
    timer.callback { _ in overflows.withLock { $0 += 1 } }
    let steps: [(Level, Level)] = [(.high, .low), (.high, .high), (.low, .high), (.low, .low)]
    func turn(_ steps: [(Level, Level)]) {
      for step in steps {
        knob[0].drive(step.0)
        knob[1].drive(step.1)
        bench.clock.busy(for: .microseconds(10))
      }
    }
    for _ in 1...3 { turn(steps) }
    #expect(timer.counter == (edges == .both ? 12 : 6))
    for _ in 1...4 { turn([(.low, .high), (.high, .high), (.high, .low), (.low, .low)]) }
    #expect(timer.counter == (edges == .both ? 96 : 98))
    #expect(overflows.withLock { $0 } == 1)
  }

  @Test("drives its complementary output with dead times")
  func complement() throws {
    let bench = try Bench()
    let timer = try bench.board.timer(1)
    try timer.start(TimerDivision(prescaler: 167, period: 99), deadTime: 168)
    for name in ["SD", "Y6"] { try timer.connect(bench.board.pins[name]) }
    try timer.channel(1).start(.pwm, compare: 40)
    let (main, complement) = (Edges(try bench.board.pins["SD"]), Edges(try bench.board.pins["Y6"]))
    bench.clock.busy(for: .microseconds(210))
    #expect(main.text == "+0 -39 +100 -139 +200")
    #expect(complement.text == "+0 -59 +100 -159")
    #expect((complement.all[0].time - main.all[1].time).microseconds == 1)
  }

  @Test("lets go of its outputs at a break, until it is started again")
  func breaks() throws {
    let bench = try Bench()
    let timer = try bench.board.timer(1)
    let (output, input) = (try bench.board.pins["SD"], try bench.board.pins["Y5"])
    let button = NetDriver(name: "button")
    button.drive(.low)
    input.net.attach(button)
    input.configure(.alternatePushPull, alternateFunction: 1)
    try timer.start(TimerDivision(prescaler: 167, period: 99), breakLevel: .high)
    try timer.connect(output)
    let channel = try timer.channel(1)
    channel.start(.forcedActive)
    #expect(output.level == .high)
    button.drive(.high)
    #expect(output.net.state == .floating)
    channel.start(.forcedActive)
    #expect(output.net.state == .floating)
    button.drive(.low)
    #expect(output.net.state == .floating)
    channel.start(.forcedActive)
    #expect(output.level == .high)
  }

  @Test("costs no event while nobody listens to its pulses")
  func cost() throws {
    let bench = try Bench()
    let timer = try bench.board.timer(2)
    try timer.start(frequency: 1_000_000)
    try timer.connect(bench.board.pins["X1"])
    try timer.channel(1).start(.pwm, compare: 37)
    #expect(bench.clock.nextActivity == nil)
  }

  @Test("shows its signal on every pin whose alternate function it is, and on none that is something else")
  func pins() throws {
    let bench = try Bench()
    let timer = try bench.board.timer(3)
    try timer.start(frequency: 1000)
    try timer.channel(1).start(.forcedActive)
    let (first, second) = (try bench.board.pins["X7"], try bench.board.pins["Y1"])
    #expect(first.level == .low)
    first.configure(.alternatePushPull, alternateFunction: 2)
    second.configure(.alternatePushPull, alternateFunction: 2)
    #expect((first.level, second.level) == (.high, .high))
    second.configure(.alternatePushPull, alternateFunction: 3)
    #expect((first.level, second.level) == (.high, .low))
    timer.stop()
    #expect(first.net.state == .floating)
  }

  @Test("is refused where there is none")
  func refusals() throws {
    let board = try Bench(isTraced: true).board
    #expect(throws: TimerError.noSuchChannel(1, timer: 6)) { try board.timer(6).channel(1) }
    #expect(throws: TimerError.noSuchChannel(3, timer: 9)) { try board.timer(9).channel(3) }
    #expect(throws: TimerError.noEncoder(timer: 9)) { try board.timer(9).startEncoder(.both) }
    #expect(throws: TimerError.noTimerPin("B6", timer: 2)) { try board.timer(2).connect(board.pins["X9"]) }
  }
}
