import Bench
import Machine
import Testing
import Timebase

@Suite("SPI")
struct SPITests {
  @Test(
    "puts clock and data on its pins, each mode with its own edges",
    arguments: [(0, 0), (0, 1), (1, 0), (1, 1)])
  func edges(polarity: Int, phase: Int) throws {
    let bench = try Bench()
    let spi = try bench.board.spi(1)
    spi.start(SPISettings(baudRate: 84_000_000 / 256, polarity: polarity, phase: phase))
    var clocked: [Level] = []
    var edges: [Int64] = []
    let began = bench.clock.now
    // What a target does: reads the data at the edge that the mode says.
    let sampling: Level = polarity == phase ? .high : .low
    let listening = spi.sckPin.net.listen { edge in
      edges.append((edge.time - began).nanoseconds)
      if edge.level == sampling { clocked.append(spi.mosiPin.net.level) }
    }
    _ = spi.transfer([0xB1])
    listening.cancel()
    #expect(clocked.map { $0 == .high ? 1 : 0 } == [1, 0, 1, 1, 0, 0, 0, 1])
    #expect(edges.count == 16)
    // Half a period is 256 ticks of twice the bus's clock.
    #expect(edges.last == Int64(phase == 0 ? 16 : 15) * 256 * 1_000_000_000 / 168_000_000)
    #expect(spi.sckPin.net.level == (polarity == 0 ? .low : .high))
    #expect((bench.clock.now - began).nanoseconds >= 8 * 256 * 1_000_000_000 / 84_000_000)
  }

  @Test("reads what a target puts out after the edges of the clock, and the same when nobody watches")
  func target() throws {
    let bench = try Bench()
    let spi = try bench.board.spi(1)
    spi.start(SPISettings(baudRate: 1_000_000))
    let device = NetDriver(name: "device")
    spi.misoPin.net.attach(device)
    var bits = [1, 0, 1, 0, 0, 1, 1, 1].map { $0 == 1 ? Level.high : .low }
    device.drive(bits.removeFirst())
    let listening = spi.sckPin.net.listen { edge in
      if edge.level == .low, !bits.isEmpty { device.drive(bits.removeFirst(), at: edge.time) }
    }
    #expect(spi.transfer([0]) == [0xA7])
    listening.cancel()
    device.drive(.high)
    #expect(spi.transfer([0, 1]) == [0xFF, 0xFF])
    device.drive(.low)
    #expect(spi.transfer([3]) == [0])
  }

  @Test("reads what stands on its line while nobody follows the clock: its own data, pulses, a level")
  func unwatched() throws {
    let bench = try Bench()
    let board = bench.board
    let spi = try board.spi(1)
    spi.start(SPISettings(baudRate: 84_000_000 / 256, bits: 16))
    #expect(spi.transfer([1, 2]) == [0, 0])
    let device = NetDriver(name: "device")
    spi.misoPin.net.attach(device)
    // A period of eight bits, of which three are high.
    let bit = 256.0 / 84_000_000 * 1e9
    device.drive(
      BurstWaveform(
        initial: .low,
        steps: [(0.25, Level.high), (3.25, .low), (8.25, .high), (11.25, .low)].map { bits, level in
          BurstWaveform.Step(bench.now + .nanoseconds(Int64(bits * bit)), level)
        }))
    #expect(spi.transfer([0xff, 0xff]) == [0xE0, 0xE0])
    spi.misoPin.net.detach(device)
    try board.connect("X7", "X8")
    #expect(spi.transfer([0x41, 0x0A, 0x99]) == [0x41, 0x0A])
    device.drive(.low)
    spi.misoPin.net.attach(device)
    #expect(spi.transfer([0xff, 0x0f]) == [0, 0])
  }

  @Test("shows the bytes of its transfers")
  func signals() throws {
    let bench = try Bench(isTraced: true)
    let board = bench.board
    try board.connect("X7", "X8")
    let spi = try board.spi(1)
    let seen = Lines()
    let observation = try #require(board.signal("spi1.received")).observe { value, _ in
      seen.append("\(value)")
    }
    spi.start(SPISettings(baudRate: 1_000_000))
    #expect(spi.transfer([0x41, 0x0A]) == [0x41, 0x0A])
    #expect(seen.all == ["A\\n"])
    #expect(bench.main.trace.last?.hasSuffix(" spi 1 tx 410a rx 410a") == true)
    observation.end()
    spi.stop()
    #expect(spi.transfer([1]).isEmpty)
  }
}
