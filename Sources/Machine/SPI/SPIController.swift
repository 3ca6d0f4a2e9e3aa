import Glibc
import Timebase

/// How an SPI bus is set up.
public struct SPISettings: Sendable, Hashable {
  /// Bits a second that were asked for; the divider gives at most that.
  public var baudRate: Int
  /// The clock's level between transfers: 0 or 1.
  public var polarity: Int
  /// 0: bits are read at the first edge of the clock; 1: at the second.
  public var phase: Int
  /// Bits of a word: 8 or 16.
  public var bits: Int
  public var isLowestBitFirst: Bool

  public init(
    baudRate: Int, polarity: Int = 0, phase: Int = 0, bits: Int = 8, isLowestBitFirst: Bool = false
  ) {
    self.baudRate = baudRate
    self.polarity = polarity
    self.phase = phase
    self.bits = bits
    self.isLowestBitFirst = isLowestBitFirst
  }
}

/// One of the processor's SPI peripherals, as the controller of a bus.
///
/// A transfer holds the firmware up for as long as it takes on the wires; interrupts come meanwhile. Nothing selects a target by
/// itself: that is for a pin of the firmware's, as with the board's drivers (ports/stm32/spi.c).
public final class SPIController {
  /// 0 to 6.
  public let number: Int
  /// The connector's name that firmware may use instead of the number: `X`.
  public let connector: String?
  public private(set) var sckPin: Pin
  public private(set) var mosiPin: Pin
  public private(set) var misoPin: Pin
  /// `nil` while the peripheral is off.
  public private(set) var settings: SPISettings?
  /// Divisor of `sourceClock` for the clock of the bus.
  public private(set) var prescaler = 2

  /// Observers of the bytes of each transfer.
  let sentBytes = SignalObservers()
  let receivedBytes = SignalObservers()

  /// Hz.
  public var sourceClock: Int { context.clocks.frequency(of: bus) }
  private let bus: BoardDescription.Bus
  private let model: BoardDescription.SPI.Model
  private let context: PartContext
  private var outputs: (sck: PinOutput, mosi: PinOutput)?
  /// Output that it drives as the target of another controller.
  private var targetOutput: PinOutput?
  /// The host's bus that takes the place of the pins; `nil` for a virtual one.
  private var host: (any HostSPIBus)?
  /// The host's device file that it is with real lines.
  public let device: String?
  /// The last bit that went out stays on the line.
  /// Level of MOSI between transfers.
  private var idleLevel = Level.low

  init(description: BoardDescription.SPI, sck: Pin, mosi: Pin, miso: Pin, context: PartContext) {
    number = description.number
    connector = description.name
    sckPin = sck
    mosiPin = mosi
    misoPin = miso
    model = description.model
    bus = description.bus
    device = description.device
    self.context = context
  }

  /// Bits a second that the divider gives; 0 while the peripheral is off.
  public var baudRate: Int { settings == nil ? 0 : sourceClock / prescaler }

  // MARK: Setting up

  /// From now on it is a bus of the host; its pins stay out of it.
  func connect(to bus: any HostSPIBus) { host = bus }

  /// Takes the three pins.
  /// - Parameter prescaler: divides the source clock, instead of the one that the baud rate asks for.
  public func start(_ settings: SPISettings, prescaler: Int? = nil) {
    self.prescaler = model.prescaler(baudRate: settings.baudRate, clock: sourceClock, asked: prescaler)
    self.settings = settings
    if let host {
      do throws(HostPinError) { try host.open(settings) } catch {
        self.settings = nil
        context.fail(error)
      }
      return
    }
    let idle = settings.polarity == 0 ? Level.low : .high
    let pull = model.pull(idle: idle)
    outputs = (
      sckPin.connectPeripheral(signal("SCK"), output: idle, pull: pull),
      mosiPin.connectPeripheral(signal("MOSI"), output: idleLevel, pull: pull)
    )
    _ = misoPin.connectPeripheral(signal("MISO"), output: nil, pull: pull)
  }

  /// Takes the three pins as the target of another controller. It is selected all the time, as with the board's drivers.
  public func startAsTarget(_ settings: SPISettings) {
    stop()
    if host != nil {
      context.fail(
        HostPinError(
          errorNumber: ENOTSUP, "\(device ?? name) only controls its bus: Linux has no SPI target there"))
      return
    }
    self.settings = settings
    let pull = model.pull(idle: settings.polarity == 0 ? .low : .high)
    _ = sckPin.connectPeripheral(signal("SCK"), output: nil, pull: pull)
    _ = mosiPin.connectPeripheral(signal("MOSI"), output: nil, pull: pull)
    targetOutput = misoPin.connectPeripheral(signal("MISO"), output: .low, pull: pull)
  }

  /// Whether another controller's clock decides about its transfers.
  public var isTarget: Bool { targetOutput != nil }

  /// Switches the peripheral off and gives its pins back.
  public func stop() {
    if let host {
      settings = nil
      return host.close()
    }
    guard outputs != nil || targetOutput != nil else { return }
    settings = nil
    outputs = nil
    targetOutput = nil
    sckPin.disconnectPeripheral(signal("SCK"))
    mosiPin.disconnectPeripheral(signal("MOSI"))
    misoPin.disconnectPeripheral(signal("MISO"))
  }

  /// Uses another pin from the next start on.
  /// - Parameter line: `SCK`, `MOSI` or `MISO`.
  /// - Returns: false when the pin cannot carry the signal.
  public func choose(_ pin: Pin, for line: String) -> Bool {
    guard pin.carries(model.signal(line, number: number)) else { return false }
    stop()
    switch line {
    case "SCK": sckPin = pin
    case "MOSI": mosiPin = pin
    default: misoPin = pin
    }
    return true
  }

  private func signal(_ line: String) -> String { model.signal(line, number: number) }

  // MARK: Transfers

  /// Sends bytes and reads as many at the same time; words of more than eight bits are two bytes, the lower one first.
  /// - Returns: the bytes read; fewer when the power went.
  public func transfer(_ bytes: [UInt8]) -> [UInt8] {
    if let host { return transfer(bytes, through: host) }
    guard let settings, let outputs, !bytes.isEmpty else { return [] }
    let format = SPIFormat(settings)
    let bits = format.bits(of: bytes)
    guard !bits.isEmpty else { return [] }
    let timing = SPITiming(
      start: context.clock.now, rate: TickRate(hertz: 2 * sourceClock), halfTicks: prescaler,
      polarity: settings.polarity == 0 ? .low : .high, readsAtSecondEdge: settings.phase != 0,
      bitCount: bits.count)
    outputs.sck.drive(SPIClockWaveform(timing), at: timing.start)
    let data = SPIDataWaveform(timing, bits: bits, before: idleLevel)
    outputs.mosi.drive(data, at: timing.start)
    idleLevel = format.idleLevel(after: bits, readsAtSecondEdge: timing.readsAtSecondEdge)
    let heard = context.clock.isPoweredOff ? [] : read(timing, sending: data)
    outputs.sck.drive(timing.polarity, at: timing.end)
    outputs.mosi.drive(idleLevel, at: timing.end)
    context.interrupts.poll()
    let received = format.bytes(of: heard)
    record(bytes, received)
    return received
  }

  /// As the target: waits until the other controller has clocked as many bits.
  /// - Returns: the received bytes; nil when the time was over, or the power went.
  /// - Throws: the error of an observer of `Board.waits`.
  public func answer(_ bytes: [UInt8], within timeout: Interval) throws -> [UInt8]? {
    guard let settings, let targetOutput, !bytes.isEmpty else { return [] }
    let (clock, format) = (context.clock, SPIFormat(settings))
    let register = SPIShiftRegister(
      format.bits(of: bytes), clock: sckPin.net, mosi: mosiPin.net, miso: targetOutput, settings: settings)
    let end = clock.now + timeout
    while !register.isDone {
      guard clock.now < end, !clock.isPoweredOff else { return nil }
      _ = clock.idle(until: end)
      context.interrupts.poll()
      try context.waits.callEach { try $0() }
    }
    let received = format.bytes(of: register.received)
    record(bytes, received)
    return received
  }

  /// Lets the transfer pass and reads a bit at each of its instants.
  /// - Parameter data: what goes out meanwhile.
  private func read(_ timing: SPITiming, sending data: SPIDataWaveform) -> [Bool] {
    // If nothing follows the clock, here or on another board, nothing can answer: the line is known
    // beforehand.
    if sckPin.net.hearers.isEmpty, sckPin.net.followers.isEmpty {
      let bits = foreseen(timing, data)
      return context.clock.busy(for: timing.end - context.clock.now) ? bits : []
    }
    let heard = Bits()
    expect(0, timing, heard)
    guard context.clock.busy(for: timing.end - context.clock.now) else { return [] }
    return heard.bits
  }

  /// The bits that will be on the line, if everybody goes on as now. A line that stays as it is, and the transfer's own data on a wire, need no look
  /// at each bit.
  private func foreseen(_ timing: SPITiming, _ data: SPIDataWaveform) -> [Bool] {
    let net = misoPin.net
    if net.waveDrivers.isEmpty { return [Bool](repeating: net.level == .high, count: timing.bitCount) }
    if net.waveform === data, net.waveDrivers.allSatisfy({ !$0.isOpenDrain }) { return data.bits }
    return (0..<timing.bitCount).map { net.level(at: timing.sample(ofBit: $0)) == .high }
  }

  private final class Bits { var bits: [Bool] = [] }

  private func expect(_ bit: Int, _ timing: SPITiming, _ heard: Bits) {
    guard bit < timing.bitCount else { return }
    let time = timing.sample(ofBit: bit)
    context.clock.schedule(at: time) { [weak self] in
      guard let self else { return }
      heard.bits.append(misoPin.net.level(at: time) == .high)
      expect(bit + 1, timing, heard)
    }
  }

  /// - Returns: zeros when the host has failed, which is reported.
  private func transfer(_ bytes: [UInt8], through host: any HostSPIBus) -> [UInt8] {
    guard settings != nil, !bytes.isEmpty else { return [] }
    do throws(HostPinError) {
      let received = try host.transfer(bytes)
      record(bytes, received)
      return received
    } catch {
      context.fail(error)
      return [UInt8](repeating: 0, count: bytes.count)
    }
  }

  private func record(_ sent: [UInt8], _ received: [UInt8]) {
    let now = context.clock.now
    context.trace.record(.spi(number, sent: sent, received: received), at: now)
    sentBytes.tell(.bytes(sent), at: now)
    receivedBytes.tell(.bytes(received), at: now)
  }
}

/// The order of the bits of words.
struct SPIFormat {
  private let bitsOfWord: Int
  private let isLowestBitFirst: Bool

  init(_ settings: SPISettings) {
    bitsOfWord = min(max(settings.bits, 1), 16)
    isLowestBitFirst = settings.isLowestBitFirst
  }

  private var bytesOfWord: Int { bitsOfWord > 8 ? 2 : 1 }

  func bits(of bytes: [UInt8]) -> [Bool] {
    var bits: [Bool] = []
    bits.reserveCapacity(bytes.count * 8)
    for first in stride(from: 0, through: bytes.count - bytesOfWord, by: bytesOfWord) {
      var word = UInt16(bytes[first])
      if bytesOfWord == 2 { word |= UInt16(bytes[first + 1]) << 8 }
      for bit in 0..<bitsOfWord {
        bits.append(word >> UInt16(isLowestBitFirst ? bit : bitsOfWord - 1 - bit) & 1 == 1)
      }
    }
    return bits
  }

  /// The level of MOSI behind the last bit. Where bits go out at the second edge of the clock, the last of these edges puts out the first bit of
  /// the word once more, as the shift register is loaded again. (Measured on an STM32F072: michaeltien8901.github.io, "MOSI State When SPI is
  /// Idle"; drivers that send to WS2812 lights through SPI, as JanBednarik's for the Pyboard, need the low that follows.)
  func idleLevel(after bits: [Bool], readsAtSecondEdge: Bool) -> Level {
    let index = bits.count - (readsAtSecondEdge ? 1 : bitsOfWord)
    return bits.indices.contains(index) && bits[index] ? .high : .low
  }

  func bytes(of bits: [Bool]) -> [UInt8] {
    var bytes: [UInt8] = []
    for first in stride(from: 0, through: bits.count - bitsOfWord, by: bitsOfWord) {
      var word: UInt16 = 0
      for bit in 0..<bitsOfWord where bits[first + bit] {
        word |= 1 << UInt16(isLowestBitFirst ? bit : bitsOfWord - 1 - bit)
      }
      bytes.append(UInt8(truncatingIfNeeded: word))
      if bytesOfWord == 2 { bytes.append(UInt8(word >> 8)) }
    }
    return bytes
  }
}

extension Net {
  /// The level at `time`, if the drivers go on as they are.
  func level(at time: Instant) -> Level { (waveDrivers.isEmpty ? settledState : state(at: time)).level }
}
