import Bench
import Machine
import Testing
import Timebase

@Suite("A UART")
struct UARTTests {
  private func loopback(_ settings: UARTSettings) throws -> (Bench, UART) {
    let bench = try Bench(isTraced: true)
    try bench.board.connect("X1", "X2")
    let uart = try bench.board.uart(4)
    try uart.start(settings)
    return (bench, uart)
  }

  @Test("sends 11 bytes at 9600 8N1 in 11.458 ms and hears them over a wire")
  func loopbackTime() throws {
    let (bench, uart) = try loopback(UARTSettings(baudRate: 9600))
    #expect(try uart.write(Array("Hello uart\n".utf8)) == 11)
    #expect(bench.clock.now == Instant(nanoseconds: 11_458_333))
    #expect(uart.available == 11)
    #expect(try uart.read(32) == Array("Hello uart\n".utf8))
    #expect(try uart.read(1) == nil)
  }

  @Test("hears nothing without a wire")
  func unwired() throws {
    let bench = try Bench(isTraced: true)
    let uart = try bench.board.uart(4)
    try uart.start(UARTSettings(baudRate: 115200))
    try uart.write([1, 2, 3])
    #expect(uart.available == 0)
    #expect(uart.actualBaudRate == 115068)
  }

  @Test("keeps what fits its buffer and one more, loses the rest and says so once")
  func overrun() throws {
    let (bench, uart) = try loopback(UARTSettings(baudRate: 9600, receiveBufferSize: 8))
    try uart.write((0..<12).map { UInt8($0) })
    #expect(uart.overrunCount == 3)
    #expect(bench.main.findings.count == 1)
    #expect(bench.main.findings.first?.contains("uart-overrun: UART 4 lost a byte") == true)
    #expect(try uart.read(20) == Array(0..<9))
  }

  @Test("waits for a first byte as long as its time-out, and no longer")
  func timeout() throws {
    let (bench, uart) = try loopback(UARTSettings(baudRate: 9600, timeout: 20))
    #expect(try uart.read(1) == nil)
    #expect(bench.clock.now == Instant(nanoseconds: 20_000_000))
  }

  @Test("crosses two ports")
  func twoPorts() throws {
    let bench = try Bench(isTraced: true)
    try bench.board.connect(wire: "X1-X4")
    try bench.board.connect(wire: "X2-X3")
    let (a, b) = (try bench.board.uart(4), try bench.board.uart(2))
    try a.start(UARTSettings(baudRate: 9600, bits: 8, parity: .even))
    try b.start(UARTSettings(baudRate: 9600, bits: 8, parity: .even))
    try a.write(Array("AT".utf8))
    try b.write(Array("OK".utf8))
    #expect(try b.read(8) == Array("AT".utf8))
    #expect(try a.read(8) == Array("OK".utf8))
  }

  @Test("hears garbage at another baud rate, the same in every run, and says why")
  func mismatch() throws {
    let bench = try Bench(isTraced: true)
    try bench.board.connect("X1", "X4")
    let (a, b) = (try bench.board.uart(4), try bench.board.uart(2))
    try a.start(UARTSettings(baudRate: 9600))
    try b.start(UARTSettings(baudRate: 19200))
    try a.write([0x55])
    #expect(try b.read(1) == [0x66])
    #expect(
      bench.main.findings.map(withoutPlace) == [
        "uart-framing: UART 2 listens on X4 at 19195 baud while X1 sends at 9600 baud, or with other bits, "
          + "parity or stop bits; give both ends the same settings"
      ])
  }

  @Test("sends a break, which is heard as a zero")
  func sendsBreak() throws {
    let (bench, uart) = try loopback(UARTSettings(baudRate: 9600))
    try uart.sendBreak()
    bench.clock.busy(for: .milliseconds(2))
    #expect(try uart.read(2) == [0])
    #expect(bench.main.findings.isEmpty)
  }

  @Test("refuses settings that the board refuses")
  func refusals() throws {
    let uart = try Bench(isTraced: true).board.uart(1)
    #expect(throws: UARTError.unsupportedBitsAndParity) {
      try uart.start(UARTSettings(baudRate: 9600, bits: 7))
    }
    #expect(throws: UARTError.baudRateOutOfReach(actual: 5_250_000)) {
      try uart.start(UARTSettings(baudRate: 20_000_000))
    }
    #expect(throws: UARTError.self) { try uart.start(UARTSettings(baudRate: .max)) }
    #expect(throws: UARTError.receiveBufferTooLarge(.max)) {
      try uart.start(UARTSettings(baudRate: 9600, receiveBufferSize: .max))
    }
    #expect(throws: UARTError.notStarted(1)) { try uart.write([1]) }
    #expect(throws: NoSuchPart("UART(5) doesn't exist", available: "1, 2, 3, 4, 6")) {
      try Bench(isTraced: true).board.uart(5)
    }
  }

  @Test("interrupts when a byte has come and when the line has gone idle")
  func interrupts() throws {
    let (bench, uart) = try loopback(UARTSettings(baudRate: 9600))
    let times = Lines()
    uart.irq([.received, .idle]) { times.append("\($0.time.microseconds)") }
    try uart.write([1, 2])
    bench.clock.busy(for: .milliseconds(5))
    #expect(times.all == ["1041", "2083", "3124"])
  }
}
