import Bench
import Machine
import Testing
import Timebase

@Suite("The bits of a UART")
struct SerialLineTests {
  /// The edges of a character at 9600 baud, 8N1, in nanoseconds since its start bit.
  private func edgeTimes(_ value: UInt8, of uart: UART) -> [Int64] {
    var times: [Int64] = []
    var level = true
    for bit in 0...9 {
      let next = bit == 0 ? false : bit == 9 ? true : value >> (bit - 1) & 1 == 1
      // 42 MHz through a divider of 4375.
      if next != level { times.append(Int64(bit) * 4375 * 1_000_000_000 / 42_000_000) }
      level = next
    }
    return times
  }

  @Test("are edges at their exact times for another pin's interrupt")
  func interrupts() throws {
    let bench = try Bench()
    try bench.board.connect("X1", "X3")
    let uart = try bench.board.uart(4)
    try uart.start(UARTSettings(baudRate: 9600))
    let times = Lines()
    try bench.board.pins["X3"].irq(.risingOrFalling) { times.append("\($0.time.nanoseconds)") }
    try uart.write([0x4B])
    #expect(times.all == edgeTimes(0x4B, of: uart).map(String.init))
  }

  @Test("are read by a pin in the middle of each bit, as by a receiver in software")
  func softwareReceiver() throws {
    let bench = try Bench()
    try bench.board.connect("X1", "X3")
    let uart = try bench.board.uart(4)
    let pin = try bench.board.pins["X3"]
    try uart.start(UARTSettings(baudRate: 9600))
    var value = 0
    for bit in 0..<8 {
      bench.clock.schedule(at: Instant(nanoseconds: 104_166 * (2 * Int64(bit) + 3) / 2)) {
        if pin.level == .high { value |= 1 << bit }
      }
    }
    try uart.write([0xA7])
    #expect(value == 0xA7)
  }

  @Test("cost no event when a UART hears them, and none when nobody does", arguments: [true, false])
  func noEvents(isHeard: Bool) throws {
    let bench = try Bench()
    if isHeard { try bench.board.connect("X1", "X2") }
    let uart = try bench.board.uart(4)
    try uart.start(UARTSettings(baudRate: 9600))
    // The one event of a break, which does not wait, is its end.
    try uart.sendBreak()
    #expect(bench.clock.nextEventDue == Instant(nanoseconds: 1_041_666))
  }

  @Test("put on a pin by firmware are heard by a UART", arguments: [0x00, 0x55, 0x80, 0xFF] as [UInt16])
  func bitBanged(value: UInt16) throws {
    let bench = try Bench()
    try bench.board.connect("X1", "X4")
    let pin = try bench.board.pins["X1"]
    pin.configure(.outputPushPull, level: .high)
    let uart = try bench.board.uart(2)
    // It listens on X4.
    try uart.start(UARTSettings(baudRate: 9600))
    for byte in [value, 0x31] {
      for bit in [0] + (0..<8).map({ Int(byte >> $0 & 1) }) + [1] {
        pin.level = bit == 1 ? .high : .low
        bench.clock.busy(for: .microseconds(104))
      }
    }
    bench.clock.busy(for: .milliseconds(2))
    #expect(try uart.read(8) == [UInt8(value), 0x31])
    #expect(bench.main.findings.isEmpty)
  }

  @Test("of a line that is held low are a zero without a stop bit; a spike is nothing")
  func stuckAndSpike() throws {
    let bench = try Bench()
    let uart = try bench.board.uart(4)
    try uart.start(UARTSettings(baudRate: 9600))
    let hand = NetDriver(name: "hand")
    uart.rxPin.net.attach(hand)
    hand.drive(.low)
    bench.clock.busy(for: .microseconds(20))
    hand.release()
    bench.clock.busy(for: .milliseconds(3))
    #expect(uart.available == 0)
    hand.drive(.low)
    bench.clock.busy(for: .milliseconds(10))
    hand.release()
    bench.clock.busy(for: .milliseconds(3))
    #expect(try uart.read(4) == [0])
  }

  @Test("that another driver disturbs are heard as they are on the line")
  func disturbed() throws {
    let bench = try Bench()
    try bench.board.connect("X1", "X2")
    let uart = try bench.board.uart(4)
    try uart.start(UARTSettings(baudRate: 9600))
    let thief = NetDriver(name: "thief")
    uart.rxPin.net.attach(thief)
    // From the middle of data bit 3 to that of data bit 5: a conflict, which reads as low.
    bench.clock.schedule(at: Instant(nanoseconds: 104_166 * 4)) { thief.drive(.low) }
    bench.clock.schedule(at: Instant(nanoseconds: 104_166 * 6)) { thief.release() }
    try uart.write([0xFF])
    #expect(try uart.read(4) == [0xE7])
    #expect(bench.main.findings.first?.contains("net-conflict: X1 drives high and thief drives low") == true)
  }

  @Test("of two UARTs on one wire are a conflict with both of them named")
  func twoSenders() throws {
    let bench = try Bench()
    // UART 4 sends on X1, UART 2 on X3.
    try bench.board.connect("X1", "X3")
    let (a, b) = (try bench.board.uart(4), try bench.board.uart(2))
    try a.start(UARTSettings(baudRate: 9600))
    try b.start(UARTSettings(baudRate: 9600))
    #expect(bench.main.findings.isEmpty)
    try a.write([0x55])
    #expect(
      bench.main.findings.first.map(withoutPlace)?.hasPrefix("net-conflict: X3 drives high and X1 drives low")
        == true)
  }

  @Test("come from a device too, and go to one")
  func device() throws {
    let bench = try Bench()
    let uart = try bench.board.uart(4)
    try uart.start(UARTSettings(baudRate: 9600, parity: .odd))
    let format = SerialFormat(dataBits: 8, parity: .odd)
    let driver = NetDriver(name: "gps")
    driver.drive(.high)
    uart.rxPin.net.attach(driver)
    let sender = SerialTransmitter(
      clock: bench.clock, output: driver, format: format, bitTime: BitTime(baudRate: 9600))
    var heard: [UInt16] = []
    let receiver = SerialReceiver(clock: bench.clock, format: format, bitTime: BitTime(baudRate: 9600)) {
      character, _ in heard.append(character.value)
    }
    receiver.start(on: uart.txPin.net)
    for byte in Array("$GP".utf8) { sender.send(UInt16(byte)) }
    try uart.write(Array("ok".utf8))
    bench.clock.busy(for: .milliseconds(4))
    #expect(try uart.read(8) == Array("$GP".utf8))
    #expect(heard == Array("ok".utf8).map(UInt16.init))
  }

  @Test("are in a trace that records all edges, and not in one in words")
  func traced() throws {
    for all in [false, true] {
      let bench = try Bench(isTraced: true)
      bench.board.trace.recordsAllEdges = all
      let uart = try bench.board.uart(4)
      try uart.start(UARTSettings(baudRate: 9600))
      try uart.write([0x55])
      let edges = bench.main.changes.filter { $0.contains(" pin X1 ") }
      #expect(edges.count == (all ? 11 : 1))
      #expect(bench.main.trace.contains { $0.hasSuffix("uart 4 tx 55") })
    }
  }

  @Test("that are still on their way when the board goes do no harm")
  func boardGoes() throws {
    let clock = Clock(mode: .virtual)
    do {
      let board = try Board(description: .load("pyboard-v1.1"), clock: clock)
      try board.connect("X1", "X2")
      let uart = try board.uart(4)
      try uart.start(UARTSettings(baudRate: 9600))
      try uart.sendBreak()
      let listening = uart.txPin.net.listen { _ in }
      clock.busy(for: .microseconds(300))
      withExtendedLifetime(listening) {}
    }
    clock.busy(for: .milliseconds(5))
    #expect(clock.nextEventDue == nil)
  }

  @Test("go on when firmware takes the pin away and gives it back to the UART")
  func pinComesBack() throws {
    let bench = try Bench()
    try bench.board.connect("X1", "X2")
    let uart = try bench.board.uart(4)
    try uart.start(UARTSettings(baudRate: 9600))
    let function = uart.txPin.alternateFunction
    uart.txPin.configure(.outputPushPull, level: .high)
    try uart.write([0x41])
    #expect(uart.available == 0)
    uart.txPin.configure(.alternatePushPull, alternateFunction: function)
    try uart.write([0x42])
    #expect(try uart.read(4) == [0x42])
  }
}
