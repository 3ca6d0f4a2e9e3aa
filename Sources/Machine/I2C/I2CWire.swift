import Timebase

/// The bus as a controller sees it during one transfer, from its start condition to its stop condition.
protocol I2CWire: AnyObject {
  /// A start condition, or another one without a stop before.
  func start() throws(I2CError)
  /// - Returns: whether the byte was acknowledged.
  func write(_ byte: UInt8) throws(I2CError) -> Bool
  /// - Parameter acknowledge: whether the controller wants another byte.
  func read(acknowledge: Bool) throws(I2CError) -> UInt8
  func stop() throws(I2CError)
}

extension I2CWire {
  /// A start condition and an address.
  /// - Returns: whether a target acknowledged it; if none did, the transfer has yet to be ended.
  func select(_ address: Int, isRead: Bool) throws(I2CError) -> Bool {
    try start()
    return try write(UInt8(truncatingIfNeeded: address << 1) | (isRead ? 1 : 0))
  }

  /// Writes bytes up to the first that is not acknowledged.
  /// - Returns: how many were.
  func write(_ bytes: [UInt8]) throws(I2CError) -> Int {
    for (count, byte) in bytes.enumerated() {
      guard try write(byte) else { return count }
    }
    return bytes.count
  }

  /// - Parameter refusesLast: whether the last byte is not acknowledged, which ends the transfer for the target.
  func read(count: Int, refusesLast: Bool = true) throws(I2CError) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    for index in 0..<count {
      bytes.append(try read(acknowledge: !(refusesLast && index + 1 == count)))
    }
    return bytes
  }
}

/// How long the phases of the clock are, in ticks of a clock.
struct I2CTiming: Hashable {
  var rate: TickRate
  let low: Int
  let high: Int

  init(rate: TickRate, low: Int, high: Int) {
    self.rate = rate
    self.low = low
    self.high = high
  }

  /// As an STM32F4 divides its bus clock (RM0090, 27.6.8): up to 100 kHz in equal halves, above that 16 to 9.
  init(frequency: Int, busClock: Int) {
    rate = TickRate(hertz: busClock)
    let frequency = max(1, frequency)
    if frequency <= 100_000 {
      low = min(0xfff, max(4, (busClock - 1) / (2 * frequency) + 1))
      high = low
    } else {
      let divider = min(0xfff, max(1, (busClock - 1) / (25 * frequency) + 1))
      (low, high) = (16 * divider, 9 * divider)
    }
  }

  /// As an RP2040 divides its system clock: three fifths low (pico-sdk, `i2c_set_baudrate`).
  init(frequency: Int, systemClock: Int) {
    rate = TickRate(hertz: systemClock)
    let frequency = max(1, frequency)
    let period = max(5, (systemClock + frequency / 2) / frequency)
    low = period * 3 / 5
    high = period - low
  }

  /// Half a period for each phase, in microseconds, as bit-banging drivers wait.
  init(halfPeriod microseconds: Int) {
    rate = TickRate(hertz: 1_000_000)
    (low, high) = (microseconds, microseconds)
  }

  /// Bits a second.
  var frequency: Int { rate.hertz / (low + high) }

  func interval(bits: Int) -> Interval { rate.interval(ticks: Int128(bits) * Int128(low + high)) }
}

/// A transfer that is handed over byte by byte to targets that understand it, in the time that its bits take.
final class I2CByteWire: I2CWire {
  private let ports: [I2CTargetPort]
  private let timing: I2CTiming
  private let clock: Clock
  private var selected: [I2CTargetPort] = []
  private var isAddress = false
  /// Bits since the start condition, whose times follow without rounding errors.
  private var bits = 0
  private var began = Instant.powerOn

  init(_ ports: [I2CTargetPort], timing: I2CTiming, clock: Clock) {
    self.ports = ports
    self.timing = timing
    self.clock = clock
    began = clock.now
  }

  func start() throws(I2CError) {
    endSelection()
    isAddress = true
    spend(bits: 1)
  }

  func write(_ byte: UInt8) throws(I2CError) -> Bool {
    spend(bits: 9)
    var isAcknowledged = false
    if isAddress {
      isAddress = false
      for port in ports where port.isConnected {
        guard port.target.start(address: byte >> 1, isRead: byte & 1 == 1) else { continue }
        selected.append(port)
        isAcknowledged = true
      }
    } else {
      for port in selected where port.target.write(byte) { isAcknowledged = true }
    }
    stretch()
    return isAcknowledged
  }

  func read(acknowledge: Bool) throws(I2CError) -> UInt8 {
    // Open drain: a zero wins.
    let byte = selected.reduce(UInt8(0xff)) { $0 & $1.target.read() }
    stretch()
    spend(bits: 9)
    for port in selected { port.target.acknowledge(acknowledge) }
    return byte
  }

  func stop() throws(I2CError) {
    spend(bits: 1)
    endSelection()
  }

  private func endSelection() {
    for port in selected { port.target.stop() }
    selected = []
  }

  private func stretch() {
    let longest = selected.map(\.target.clockStretch).max() ?? .zero
    guard longest > .zero else { return }
    clock.busy(for: longest)
    began = clock.now
    bits = 0
  }

  private func spend(bits count: Int) {
    bits += count
    let end = began + timing.interval(bits: bits)
    // Time that a handler used meanwhile has held the clock low.
    if clock.now < end {
      clock.busy(for: end - clock.now)
    } else {
      began = clock.now
      bits = 0
    }
  }
}

/// One of the two open-drain lines, for a controller that moves it bit by bit.
protocol I2CLine: AnyObject {
  func pullLow()
  func release()
  var isHigh: Bool { get }
}

/// A transfer bit by bit, on lines that every participant may hear and hold. It takes as long as one byte by byte: a bit for each
/// start and stop condition, nine for a byte.
final class I2CBitWire: I2CWire {
  private let scl: any I2CLine
  private let sda: any I2CLine
  private let timing: I2CTiming
  private let clock: Clock
  /// How long a target may hold the clock low.
  private let timeout: Interval
  /// Whether losing a bit to another controller is noticed; bit-banging drivers do not.
  private let seesArbitration: Bool
  private var isStarted = false

  init(
    scl: any I2CLine, sda: any I2CLine, timing: I2CTiming, timeout: Interval, seesArbitration: Bool,
    clock: Clock
  ) {
    self.scl = scl
    self.sda = sda
    self.timing = timing
    self.timeout = timeout
    self.seesArbitration = seesArbitration
    self.clock = clock
  }

  func start() throws(I2CError) {
    if isStarted {
      // The target may still hold its acknowledgement, until the clock falls.
      scl.pullLow()
      sda.release()
      wait(timing.low)
      try releaseClock()
      wait(timing.high - timing.high / 2)
      sda.pullLow()
      wait(timing.high / 2)
    } else {
      sda.release()
      try releaseClock()
      wait(timing.high)
      sda.pullLow()
      wait(timing.low)
    }
    isStarted = true
  }

  func write(_ byte: UInt8) throws(I2CError) -> Bool {
    for place in (0..<8).reversed() { try write(bit: byte >> place & 1 == 1) }
    return try !exchange(isReleased: true)
  }

  func read(acknowledge: Bool) throws(I2CError) -> UInt8 {
    var byte: UInt8 = 0
    for _ in 0..<8 { byte = byte << 1 | (try exchange(isReleased: true) ? 1 : 0) }
    _ = try exchange(isReleased: !acknowledge)
    return byte
  }

  func stop() throws(I2CError) {
    scl.pullLow()
    sda.pullLow()
    wait(timing.low)
    try releaseClock()
    wait(timing.high)
    sda.release()
    isStarted = false
  }

  private func write(bit: Bool) throws(I2CError) {
    let level = try exchange(isReleased: bit)
    if seesArbitration && bit && !level {
      sda.release()
      scl.release()
      throw .arbitrationLost
    }
  }

  /// One bit: puts it out while the clock is low and reads the line while it is high.
  private func exchange(isReleased: Bool) throws(I2CError) -> Bool {
    scl.pullLow()
    if isReleased { sda.release() } else { sda.pullLow() }
    wait(timing.low)
    do throws(I2CError) { try releaseClock() } catch {
      sda.release()
      throw error
    }
    let level = sda.isHigh
    wait(timing.high)
    return level
  }

  private func releaseClock() throws(I2CError) {
    scl.release()
    guard !scl.isHigh else { return }
    // Held low: looked at each microsecond, as a driver polls.
    let end = clock.now + timeout
    while !scl.isHigh {
      guard clock.now < end, clock.busy(for: .microseconds(1)) else { throw .timeout }
    }
  }

  private func wait(_ ticks: Int) { clock.busy(for: timing.rate.interval(ticks: Int128(ticks))) }
}
