import Bench
import Machine
import Testing
import Timebase

@Suite("Waveforms on a net")
struct WaveformTests {
  private static let ms = TickRate(hertz: 1000)

  private func edges(_ waveform: any Waveform, from start: Instant, count: Int) -> [(Int64, Level?)] {
    var edges: [(Int64, Level?)] = []
    var time = start
    while edges.count < count, let next = waveform.nextEdge(after: time) {
      #expect(next > time)
      #expect(waveform.level(at: next) != waveform.level(at: next - .nanoseconds(1)))
      edges.append((next.nanoseconds, waveform.level(at: next)))
      time = next
    }
    return edges
  }

  // MARK: Pulses

  @Test("pulses of a clock that no nanosecond divides keep their places for a year")
  func exactPulses() {
    // 84 MHz: a tick is 11.904761… ns. Period of 3 ticks, pulse of 1.
    let pulses = PulseWaveform(
      start: Instant(nanoseconds: 1_000), rate: TickRate(hertz: 84_000_000), period: 3, pulse: 1)
    #expect(
      edges(pulses, from: .powerOn, count: 6).map(\.0) == [1_000, 1_011, 1_035, 1_047, 1_071, 1_083])
    let year = Interval.seconds(365 * 86_400)
    let late = edges(pulses, from: Instant(nanoseconds: 999) + year, count: 2)
    #expect(late.map(\.0) == [1_000 + year.nanoseconds, 1_011 + year.nanoseconds])
    #expect(late.map(\.1) == [.high, .low])
  }

  @Test("a servo's pulse of 1.5 ms in 20 ms")
  func servo() {
    let pulses = PulseWaveform(
      start: .powerOn, rate: TickRate(hertz: 1_000_000), period: 20_000, pulse: 1_500)
    #expect(pulses.level(at: .powerOn) == .high)
    #expect(pulses.level(at: Instant(nanoseconds: 1_499_999)) == .high)
    #expect(pulses.level(at: Instant(nanoseconds: 1_500_000)) == .low)
    #expect(
      edges(pulses, from: .powerOn, count: 3).map(\.0) == [1_500_000, 20_000_000, 21_500_000])
  }

  @Test("pulses may be never, always, inverted, shifted, or come to an end")
  func pulseShapes() {
    func pulses(_ pulse: Int, offset: Int = 0, active: Level = .high, count: Int? = nil) -> PulseWaveform {
      PulseWaveform(
        start: Instant(nanoseconds: 5_000_000), rate: Self.ms, period: 10, pulse: pulse, offset: offset,
        activeLevel: active, count: count)
    }
    #expect(edges(pulses(0), from: .powerOn, count: 5).isEmpty)
    #expect(edges(pulses(10), from: .powerOn, count: 5).map(\.0) == [5_000_000])
    #expect(edges(pulses(10, count: 2), from: .powerOn, count: 5).map(\.0) == [5_000_000, 25_000_000])
    #expect(pulses(10).level(at: Instant(nanoseconds: 9_000_000_000)) == .high)
    #expect(pulses(3, active: .low).level(at: Instant(nanoseconds: 5_000_000)) == .low)
    #expect(
      edges(pulses(3, offset: 4), from: .powerOn, count: 3).map(\.0) == [9_000_000, 12_000_000, 19_000_000])
    // A pulse over the end of the period goes on at its beginning.
    #expect(
      edges(pulses(4, offset: 8), from: .powerOn, count: 4).map(\.0)
        == [5_000_000, 7_000_000, 13_000_000, 17_000_000])
    let three = edges(pulses(3, count: 3), from: .powerOn, count: 10)
    #expect(three.map(\.0) == [5_000_000, 8_000_000, 15_000_000, 18_000_000, 25_000_000, 28_000_000])
  }

  @Test("a burst has its edges where they were put, and none where the level stays")
  func burst() {
    let burst = BurstWaveform(
      initial: nil,
      steps: [
        .init(Instant(nanoseconds: 30), .high), .init(Instant(nanoseconds: 10), .low),
        .init(Instant(nanoseconds: 20), .low), .init(Instant(nanoseconds: 40), .low),
        .init(Instant(nanoseconds: 40), nil),
      ])
    #expect(burst.level(at: Instant(nanoseconds: 9)) == nil)
    #expect(burst.level(at: Instant(nanoseconds: 29)) == .low)
    #expect(edges(burst, from: .powerOn, count: 9).map(\.0) == [10, 30, 40])
    #expect(burst.level(at: Instant(nanoseconds: 99)) == nil)
    #expect(burst.end == Instant(nanoseconds: 40))
  }

  // MARK: On a net

  private func bench(_ waveform: any Waveform) throws -> (Bench, Net, NetDriver) {
    let bench = try Bench()
    let net = try bench.board.pins["X1"].net
    let driver = NetDriver(name: "generator")
    net.attach(driver)
    driver.drive(waveform)
    return (bench, net, driver)
  }

  private var square: PulseWaveform {
    PulseWaveform(start: .powerOn, rate: Self.ms, period: 2, pulse: 1)
  }

  @Test("a pin reads a waveform at any moment, and nobody who listens means no events")
  func lazy() throws {
    let (bench, net, _) = try bench(square)
    #expect(bench.clock.nextEventDue == nil)
    let pin = try bench.board.pins["X1"]
    #expect(pin.level == .high)
    bench.clock.busy(for: .microseconds(1_000))
    #expect(pin.level == .low)
    #expect(net.state == .low)
    bench.clock.busy(for: .microseconds(999))
    #expect(pin.level == .low)
    bench.clock.busy(for: .microseconds(1))
    #expect(net.voltage == Net.supply)
    #expect(bench.clock.nextEventDue == nil)
  }

  @Test("each listener has every edge at its time from when it begins until it ends, whatever the others do")
  func listening() throws {
    let (bench, net, _) = try bench(square)
    var first: [Int64] = []
    var second: [Int64] = []
    var one: NetListening? = net.listen { first.append($0.time.milliseconds) }
    bench.clock.busy(for: .microseconds(2_500))
    let two = net.listen { second.append($0.time.milliseconds) }
    bench.clock.busy(for: .milliseconds(2))
    one = nil
    bench.clock.busy(for: .milliseconds(2))
    #expect(first == [1, 2, 3, 4])
    #expect(second == [3, 4, 5, 6])
    two.cancel()
    #expect(bench.clock.nextEventDue == nil)
    _ = one
  }

  @Test("a waveform that a listener takes as a whole makes no events for it, and all for the others")
  func taking() throws {
    let bench = try Bench()
    let net = try bench.board.pins["X1"].net
    let driver = NetDriver(name: "generator")
    net.attach(driver)
    let taker = Taker()
    let listening = net.listen(taker)
    driver.drive(square)
    #expect(taker.taken == 1)
    #expect(bench.clock.nextEventDue == nil)
    var heard = 0
    let other = net.listen { _ in heard += 1 }
    bench.clock.busy(for: .milliseconds(10))
    #expect(heard == 10)
    #expect(taker.edges.isEmpty)
    other.cancel()
    #expect(bench.clock.nextEventDue == nil)
    driver.drive(.low)
    #expect(taker.ended == [10_000])
    withExtendedLifetime(listening) {}
  }

  @Test(
    "a second driver spoils a waveform: who took it follows the edges from there on, and conflicts are found at their time"
  )
  func rivals() throws {
    let bench = try Bench()
    let net = try bench.board.pins["X1"].net
    let (driver, rival) = (NetDriver(name: "generator"), NetDriver(name: "rival"))
    net.attach(driver)
    net.attach(rival)
    let taker = Taker()
    let listening = net.listen(taker)
    driver.drive(square)
    bench.clock.busy(for: .microseconds(1_500))
    rival.drive(.low)
    #expect(taker.ended == [1_500])
    bench.clock.busy(for: .microseconds(1_000))
    #expect(
      bench.main.findings.map(withoutPlace) == [
        "net-conflict: generator drives high and rival drives low on one net at 0.002000000 s; "
          + "make one of them an input or open drain, or take the wire away"
      ])
    rival.release()
    bench.clock.busy(for: .milliseconds(2))
    #expect(taker.edges == [.high, .low, .high])
    withExtendedLifetime(listening) {}
  }

  @Test("an open drain lets the pull-up decide where the waveform is high")
  func openDrain() throws {
    let bench = try Bench()
    let net = try bench.board.pins["X1"].net
    let (driver, pull, other) = (NetDriver(name: "a"), NetDriver(name: "pull"), NetDriver(name: "b"))
    for driver in [driver, pull, other] { net.attach(driver) }
    pull.hold(.up)
    driver.drive(square, openDrain: true)
    #expect(net.state == .high)
    other.drive(.low)
    #expect(net.state == .low)
    bench.clock.busy(for: .milliseconds(5))
    #expect(bench.main.findings.isEmpty)
    other.release()
    #expect(driver.level == .low)
    bench.clock.busy(for: .milliseconds(1))
    #expect(driver.level == nil)
    #expect(net.state == .high)
  }

  @Test("a pin interrupts at the edges of pulses on a wire")
  func interrupts() throws {
    let (bench, _, _) = try bench(square)
    try bench.board.connect("X1", "X2")
    let times = Lines()
    try bench.board.pins["X2"].irq(.falling) { times.append("\($0.time.microseconds)") }
    bench.clock.busy(for: .milliseconds(4))
    #expect(times.all == ["1000", "3000"])
  }

  @Test("a DAC's samples are read at any moment and make no events until somebody listens")
  func samples() throws {
    let bench = try Bench()
    let dac = try #require(bench.board.dacs[1])
    dac.start()
    dac.play([0, 1000, 4095, 3000], frequency: 1000, repeats: true)
    #expect(bench.clock.nextEventDue == nil)
    bench.clock.busy(for: .microseconds(3_500))
    #expect(dac.output == 4095)
    #expect(dac.pin.net.voltage == Net.supply)
    var edges: [String] = []
    let listening = dac.pin.net.listen { edges.append("\($0.time.milliseconds) \($0.level)") }
    bench.clock.busy(for: .milliseconds(4))
    #expect(edges == ["5 low", "7 high"])
    dac.write(5)
    #expect(edges == ["5 low", "7 high", "7 low"])
    #expect(bench.clock.nextEventDue == nil)
    withExtendedLifetime(listening) {}
  }

  @Test("a dimmed LED is pulses on its pin, and pulses on its pin are brightness")
  func dimming() throws {
    let bench = try Bench()
    let led = try bench.board.led(4)
    led.intensity = 51
    #expect(led.intensity == 51)
    var edges: [Int64] = []
    let listening = led.pin.net.listen { edges.append($0.time.microseconds) }
    bench.clock.busy(for: .milliseconds(20))
    #expect(edges == [1_999, 10_000, 11_999, 20_000])
    led.off()
    #expect(led.intensity == 0)
    let timer = NetDriver(name: "timer")
    led.pin.configure(.alternatePushPull)
    led.pin.net.attach(timer)
    timer.drive(PulseWaveform(start: bench.clock.now, rate: Self.ms, period: 100, pulse: 50))
    #expect((127...129).contains(led.intensity))
    withExtendedLifetime(listening) {}
  }
}

/// Takes every waveform.
private final class Taker: NetListener {
  var taken = 0
  var ended: [Int64] = []
  var edges: [Level] = []

  func netChanged(_ edge: Net.Edge) { edges.append(edge.level) }

  func takes(_ waveform: any Waveform, from driver: NetDriver, at start: Instant) -> Bool {
    taken += 1
    return true
  }

  func stopsTaking(_ waveform: any Waveform, from driver: NetDriver, at time: Instant) {
    ended.append(time.microseconds)
  }
}
