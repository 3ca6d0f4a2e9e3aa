import Diagnostics
import Glibc
import Machine
import Testing
import Timebase

/// An I2C controller behind which is a bus of the host, here a pretended one.
@Suite("An I2C bus of the host")
struct HostBusTests {
  private let bus = FakeBus()
  private let board: Board
  private let controller: I2CController

  init() throws {
    board = try Board(
      description: try BoardDescription.load("raspberry-pi"), clock: Clock(mode: .host),
      diagnostics: DiagnosticSink())
    board.use(FakeBuses(bus))
    controller = try board.i2c(1)
  }

  @Test("does each transfer of the firmware's, and leaves the pins alone")
  func transfers() throws {
    controller.start(frequency: 400_000)
    #expect(controller.sclPin.mode == .input)
    #expect(try controller.write(to: 0x40, [0xfe]) == 1)
    bus.answer = [1, 2, 3]
    #expect(try controller.read(from: 0x40, count: 3) == [1, 2, 3])
    #expect(
      bus.transfers == [
        [HostI2CMessage(address: 0x40, .write([0xfe]))], [HostI2CMessage(address: 0x40, .read(count: 3))],
      ])
  }

  @Test("keeps what was written without a stop condition for one transfer with what follows")
  func repeatedStart() throws {
    controller.start(frequency: 400_000)
    #expect(try controller.write(to: 0x50, [0, 16], stop: false) == 2)
    #expect(bus.transfers.isEmpty)
    bus.answer = [7, 8]
    #expect(try controller.read(from: 0x50, count: 2) == [7, 8])
    #expect(
      bus.transfers == [
        [HostI2CMessage(address: 0x50, .write([0, 16])), HostI2CMessage(address: 0x50, .read(count: 2))]
      ])
  }

  @Test("finds who answers, and nobody else")
  func nobody() throws {
    controller.start(frequency: 400_000)
    bus.failure = .bus(.noAcknowledge(address: 0x21))
    #expect(try !controller.isReady(0x21))
    #expect(throws: I2CError.noAcknowledge(address: 0x21)) { try controller.write(to: 0x21, [1]) }
    bus.failure = nil
    #expect(try controller.isReady(0x40))
  }

  @Test("tells what the host refuses")
  func refusals() throws {
    let refusals = Refusals(of: board)
    let missing = HostPinError(errorNumber: ENOENT, "no bus")
    bus.refusal = missing
    controller.start(frequency: 400_000)
    #expect(refusals.told == [missing])
    #expect(throws: I2CError.notStarted(1)) { try controller.write(to: 0x21, [1]) }
    bus.refusal = nil
    controller.start(frequency: 400_000)
    let gone = HostPinError(errorNumber: EIO, "gone")
    bus.failure = .host(gone)
    #expect(try controller.read(from: 0x40, count: 2) == [0, 0])
    #expect(refusals.told == [missing, gone])
    controller.listen(NoTarget())
    #expect(refusals.told.last?.errorNumber == ENOTSUP)
  }
}

/// What the host refuses a board, as the board tells it.
private final class Refusals {
  private(set) var told: [HostPinError] = []
  private var observation: Observation?

  init(of board: Board) {
    observation = board.hostPinFailures.add { [unowned self] in
      told.append($0)
      return true
    }
  }
}

/// An SPI controller behind which is a pretended bus of the host.
@Suite("An SPI bus of the host")
struct HostSPIBusTests {
  private let bus = FakeSPIBus()
  private let board: Board
  private let controller: SPIController

  init() throws {
    board = try Board(
      description: try BoardDescription.load("raspberry-pi"), clock: Clock(mode: .host),
      diagnostics: DiagnosticSink())
    board.use(FakeBuses(spi: bus))
    controller = try board.spi(0)
  }

  @Test("sends and reads at the same time, and leaves the pins alone")
  func transfers() throws {
    controller.start(SPISettings(baudRate: 500_000, polarity: 1))
    #expect(bus.settings == SPISettings(baudRate: 500_000, polarity: 1))
    #expect(controller.sckPin.mode == .input)
    #expect(controller.transfer([1, 2, 3]) == [0xfe, 0xfd, 0xfc])
    controller.stop()
    #expect(bus.settings == nil)
    #expect(controller.transfer([1]) == [])
  }

  @Test("tells what the host refuses")
  func refusals() throws {
    let refusals = Refusals(of: board)
    let missing = HostPinError(errorNumber: ENOENT, "no bus")
    bus.refusal = missing
    controller.start(SPISettings(baudRate: 500_000))
    #expect(refusals.told == [missing])
    #expect(controller.settings == nil)
    bus.refusal = nil
    controller.start(SPISettings(baudRate: 500_000))
    bus.refusal = missing
    #expect(controller.transfer([1, 2]) == [0, 0])
    controller.startAsTarget(SPISettings(baudRate: 500_000))
    #expect(refusals.told.map(\.errorNumber) == [ENOENT, ENOENT, ENOTSUP])
  }
}

private final class FakeSPIBus: HostSPIBus {
  var refusal: HostPinError?
  private(set) var settings: SPISettings?

  func open(_ settings: SPISettings) throws(HostPinError) {
    if let refusal { throw refusal }
    self.settings = settings
  }

  func transfer(_ bytes: [UInt8]) throws(HostPinError) -> [UInt8] {
    if let refusal { throw refusal }
    return bytes.map { ~$0 }
  }

  func close() { settings = nil }
}

private final class FakeBuses: PinBackend {
  private let bus: FakeBus?
  private let spi: FakeSPIBus?

  init(_ bus: FakeBus? = nil, spi: FakeSPIBus? = nil) {
    self.bus = bus
    self.spi = spi
  }

  func spiBus(for controller: SPIController) -> (any HostSPIBus)? { spi }
  func line(for pin: Pin) -> (any HostPin)? { nil }
  func i2cBus(for controller: I2CController) -> (any HostI2CBus)? { bus }
}

private final class FakeBus: HostI2CBus {
  var refusal: HostPinError?
  var failure: HostI2CError?
  var answer: [UInt8] = []
  private(set) var transfers: [[HostI2CMessage]] = []

  func open() throws(HostPinError) { if let refusal { throw refusal } }

  func transfer(_ messages: [HostI2CMessage]) throws(HostI2CError) -> [[UInt8]] {
    if let failure { throw failure }
    transfers.append(messages)
    return messages.map { message in
      if case .read = message.content { answer } else { [] }
    }
  }

  func close() {}
}

private final class NoTarget: I2CTarget {
  func start(address: UInt8, isRead: Bool) -> Bool { false }
  func read() -> UInt8 { 0 }
  func write(_ byte: UInt8) -> Bool { false }
  func stop() {}
}
