import Glibc
import LinuxGPIO
import Machine
import Testing
import Timebase

/// A UART that is a serial port of this machine: the other end of a pseudo-terminal.
@Suite("A UART on a serial port of the host", .serialized)
struct SerialDeviceTests {
  @Test("sends what is written, and receives what arrives")
  func bothWays() throws {
    let terminal = try OtherEnd()
    let bench = try WiredBoard(uartDevice: terminal.path)
    let uart = try bench.board.uart(0)
    try uart.start(UARTSettings(baudRate: 9600, timeout: 1000))
    #expect(try uart.write(Array("hello\r\n\u{1a}".utf8)) == 8)
    uart.flush()
    #expect(terminal.received(8) == "hello\r\n\u{1a}")
    terminal.send("ok\n\u{3}")
    #expect(try uart.read(1) == Array("o".utf8))
    bench.wait { uart.available == 3 }
    #expect(try uart.read(10) == Array("k\n\u{3}".utf8))
    #expect(bench.failures.isEmpty)
  }

  @Test("interrupts for what arrives, and when the line has been idle after it")
  func interrupts() throws {
    let terminal = try OtherEnd()
    let bench = try WiredBoard(uartDevice: terminal.path)
    let uart = try bench.board.uart(0)
    try uart.start(UARTSettings(baudRate: 9600))
    let seen = Texts()
    uart.irq(.received) { _ in seen.append("received") }
    terminal.send("a")
    bench.wait { !seen.all.isEmpty }
    #expect(seen.all == ["received"])
    uart.irq(.idle) { _ in seen.append("idle") }
    terminal.send("b")
    bench.wait { seen.all.count == 2 }
    #expect(seen.all == ["received", "idle"])
  }

  @Test("loses what finds its receive buffer full, and tells")
  func overrun() throws {
    let terminal = try OtherEnd()
    let bench = try WiredBoard(uartDevice: terminal.path)
    let uart = try bench.board.uart(0)
    try uart.start(UARTSettings(baudRate: 9600, receiveBufferSize: 8))
    terminal.send(String(repeating: "x", count: 200))
    bench.wait { uart.overrunCount == 160 }
    #expect(uart.overrunCount == 160)
    // The buffer's, and those that a PL011 keeps.
    #expect(try uart.read(200)?.count == 40)
    #expect(bench.reports.contains { $0.contains("receive buffer was full") })
  }

  @Test("is free again when it is switched off, and can be started anew with other settings")
  func startedAgain() throws {
    let terminal = try OtherEnd()
    let bench = try WiredBoard(uartDevice: terminal.path)
    let uart = try bench.board.uart(0)
    try uart.start(UARTSettings(baudRate: 9600))
    try uart.start(UARTSettings(baudRate: 250_000, bits: 7, parity: .even, stopBits: 2, timeout: 1000))
    terminal.send("x")
    #expect(try uart.read(1) == Array("x".utf8))
    let other = open(terminal.path, O_RDWR | O_NOCTTY)
    defer { close(other) }
    #expect(flock(other, LOCK_EX | LOCK_NB) != 0)
    uart.stop()
    #expect(flock(other, LOCK_EX | LOCK_NB) == 0)
    #expect(throws: UARTError.notStarted(0)) { try uart.write([1]) }
  }

  @Test("says what was looked for and what to do when it is not there, in use, or no serial port")
  func refusals() throws {
    func failure(_ device: String) throws -> HostPinError? {
      let bench = try WiredBoard(uartDevice: device)
      let uart = try bench.board.uart(0)
      try uart.start(UARTSettings(baudRate: 9600))
      #expect(uart.settings == nil)
      return bench.failures.first
    }
    let missing = try failure("/dev/no-such-port")
    #expect(missing?.errorNumber == ENOENT)
    let advice = "this machine has no serial port /dev/no-such-port: switch it on in raspi-config"
    #expect(missing?.description.hasPrefix(advice) == true)
    #expect(try failure("/dev/null")?.description == "/dev/null is not a serial port")
    let terminal = try OtherEnd()
    let other = open(terminal.path, O_RDWR | O_NOCTTY)
    defer { close(other) }
    #expect(flock(other, LOCK_EX) == 0)
    let used = try failure(terminal.path)
    #expect(used?.errorNumber == EBUSY)
    #expect(used?.description.contains("is in use: end what has it open") == true)
  }

  @Test("tells when it goes away")
  func goesAway() throws {
    let terminal = try OtherEnd()
    let bench = try WiredBoard(uartDevice: terminal.path)
    let uart = try bench.board.uart(0)
    try uart.start(UARTSettings(baudRate: 9600))
    terminal.hangUp()
    bench.wait { !bench.failures.isEmpty }
    #expect(bench.failures.first?.errorNumber == EIO)
  }
}

@Suite("An I2C bus of the host")
struct I2CDeviceTests {
  @Test("says what was looked for and what to do when it is not there, or is none")
  func refusals() throws {
    let bench = try WiredBoard(i2cDevice: "/dev/no-such-bus")
    try bench.board.i2c(1).start(frequency: 100_000)
    #expect(bench.failures.first?.errorNumber == ENOENT)
    let advice = "this machine has no I2C bus /dev/no-such-bus: switch it on in raspi-config"
    #expect(bench.failures.first?.description.hasPrefix(advice) == true)
    let other = try WiredBoard(i2cDevice: "/dev/null")
    let controller = try other.board.i2c(1)
    controller.start(frequency: 100_000)
    #expect(try controller.read(from: 0x40, count: 2) == [0, 0])
    #expect(other.failures.map(\.errorNumber) == [ENOTTY])
  }
}

@Suite("An SPI bus of the host")
struct SPIDeviceTests {
  @Test("says what was looked for and what to do when it is not there, or is none")
  func refusals() throws {
    let bench = try WiredBoard(spiDevice: "/dev/no-such-bus")
    try bench.board.spi(0).start(SPISettings(baudRate: 100_000))
    #expect(bench.failures.first?.errorNumber == ENOENT)
    let advice = "this machine has no SPI bus /dev/no-such-bus: switch it on in raspi-config"
    #expect(bench.failures.first?.description.hasPrefix(advice) == true)
    let other = try WiredBoard(spiDevice: "/dev/null")
    let controller = try other.board.spi(0)
    controller.start(SPISettings(baudRate: 100_000))
    #expect(controller.settings == nil)
    #expect(other.failures.map(\.errorNumber) == [ENOTTY])
  }
}

/// Whoever is at the other end of the line.
private final class OtherEnd {
  let path: String
  private var master: Int32

  init() throws {
    // TIOCSPTLCK and TIOCGPTN, of which unlockpt and ptsname are made, which Swift does not see.
    var unlocked: Int32 = 0
    var number: Int32 = 0
    master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    try #require(master >= 0 && ioctl(master, 0x4004_5431, &unlocked) == 0)
    try #require(ioctl(master, 0x8004_5430, &number) == 0)
    path = "/dev/pts/\(number)"
    _ = fcntl(master, F_SETFL, O_NONBLOCK)
  }

  deinit { hangUp() }

  func send(_ text: String) { _ = write(master, text, text.utf8.count) }

  /// What has arrived; waits for that many bytes, a second at most.
  func received(_ count: Int) -> String {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 256)
    for _ in 0..<1000 where bytes.count < count {
      let got = read(master, &buffer, buffer.count)
      if got > 0 { bytes += buffer.prefix(got) } else { usleep(1000) }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  func hangUp() {
    if master >= 0 { close(master) }
    master = -1
  }
}
