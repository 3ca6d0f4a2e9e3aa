import Timebase

/// The length of a bit: `divider` ticks of a clock; exact, so that many bits in a row do not drift.
public struct BitTime: Hashable, Sendable {
  public let rate: TickRate
  /// At least 1.
  public let divider: Int

  /// The nearest that the baud-rate register can do.
  /// - Parameters:
  ///   - baudRate: bits a second.
  ///   - clock: Hz.
  ///   - dividers: the whole numbers that it can divide the clock by.
  public init(baudRate: Int, clock: Int, dividers: ClosedRange<Int> = 16...0xFFFF) {
    rate = TickRate(hertz: clock)
    let nearest = (clock + baudRate / 2) / max(1, baudRate)
    divider = min(max(nearest, dividers.lowerBound), dividers.upperBound)
  }

  /// Creates the bit time that a divider makes of a clock.
  init(clock: Int, divider: Int) {
    rate = TickRate(hertz: clock)
    self.divider = max(1, divider)
  }

  /// Bits of exactly this rate, as a device with a clock of its own sends them.
  public init(baudRate: Int) {
    rate = TickRate(hertz: baudRate)
    divider = 1
  }

  /// Bits a second, rounded down.
  public var baudRate: Int { rate.hertz / divider }

  public func interval(bits: Int) -> Interval { rate.interval(ticks: Int128(bits) * Int128(divider)) }

  /// From the beginning of a frame to the middle of one of its bits.
  func middle(ofBit bit: Int) -> Interval {
    TickRate(hertz: 2 * rate.hertz).interval(ticks: Int128(2 * bit + 1) * Int128(divider))
  }
}

/// The bits that a character is sent as: a start bit, data bits from the lowest, parity, stop bits.
public struct SerialFormat: Hashable, Sendable {
  /// 5 to 9.
  public var dataBits: Int
  public var parity: UARTSettings.Parity?
  /// 1 or 2.
  public var stopBits: Int

  public init(dataBits: Int = 8, parity: UARTSettings.Parity? = nil, stopBits: Int = 1) {
    self.dataBits = dataBits
    self.parity = parity
    self.stopBits = stopBits
  }

  /// Start bit included.
  public var bitCount: Int { firstStopBit + stopBits }

  var mask: UInt16 { (1 << UInt16(dataBits)) - 1 }

  /// The position of the first stop bit, counted from the start bit.
  var firstStopBit: Int { 1 + dataBits + (parity == nil ? 0 : 1) }

  /// The levels of all bits of a character, the start bit lowest.
  func pattern(_ value: UInt16) -> UInt32 {
    let data = UInt32(value & mask)
    var pattern = data << 1 | ~0 << UInt32(firstStopBit)
    if let parity {
      let ones = data.nonzeroBitCount + (parity == .odd ? 1 : 0)
      pattern |= UInt32(ones & 1) << UInt32(1 + dataBits)
    }
    return pattern
  }
}

/// One character on its way over a line, which is high before and after it.
public final class FrameWaveform: Waveform {
  public let value: UInt16
  public let format: SerialFormat
  public let bitTime: BitTime
  /// Low for the whole of the frame, stop bits included.
  public let isBreak: Bool
  /// Whether the line has the opposite of every level, and is low before and after it.
  public let isInverted: Bool
  /// When its start bit begins.
  public let start: Instant
  /// When its last stop bit ends.
  public let end: Instant
  public var isTracedByItsPart: Bool { true }

  /// Characters that follow each other without a gap count their bits from one instant, so that nothing adds up.
  private let origin: Instant
  private let firstBit: Int
  /// The levels of its bits, the start bit lowest; high from there on.
  private let pattern: UInt32

  /// - Parameters:
  ///   - origin: instant that the bits are counted from.
  ///   - firstBit: how many of them pass before the start bit.
  init(
    value: UInt16, format: SerialFormat, bitTime: BitTime, isBreak: Bool, isInverted: Bool, origin: Instant,
    firstBit: Int
  ) {
    self.value = value
    self.format = format
    self.bitTime = bitTime
    self.isBreak = isBreak
    self.isInverted = isInverted
    self.origin = origin
    self.firstBit = firstBit
    start = origin + bitTime.interval(bits: firstBit)
    end = origin + bitTime.interval(bits: firstBit + format.bitCount)
    pattern = isBreak ? ~0 << UInt32(format.bitCount) : format.pattern(value)
  }

  /// A character on its own.
  public convenience init(
    _ value: UInt16, at start: Instant, format: SerialFormat = SerialFormat(), bitTime: BitTime
  ) {
    self.init(
      value: value, format: format, bitTime: bitTime, isBreak: false, isInverted: false, origin: start,
      firstBit: 0)
  }

  public func level(at instant: Instant) -> Level? {
    let isWithin = instant >= start && instant < end
    let level = isWithin ? level(ofBit: bit(at: instant)) : .high
    return isInverted ? level.opposite : level
  }

  public func nextEdge(after instant: Instant) -> Instant? {
    if instant < start { return start }
    guard instant < end else { return nil }
    let bit = bit(at: instant)
    let rest = pattern >> UInt32(bit)
    let unchanged = rest & 1 == 1 ? (~rest).trailingZeroBitCount : rest.trailingZeroBitCount
    let next = bit + unchanged
    return next > format.bitCount ? nil : origin + bitTime.interval(bits: firstBit + next)
  }

  /// Whether a receiver that counts on these settings hears the very character.
  func isUnderstood(as other: SerialFormat, bitTime otherTime: BitTime) -> Bool {
    other == format && otherTime == bitTime && !isBreak
  }

  /// The level of the line in the middle of bit `index` of a receiver with its own idea of a bit's length.
  func level(atBit index: Int, sampledBy receiver: BitTime) -> Level {
    let ticks = (2 * Int128(index) + 1) * Int128(receiver.divider) * Int128(bitTime.rate.hertz)
    return level(ofBit: Int(ticks / (2 * Int128(bitTime.divider) * Int128(receiver.rate.hertz))))
  }

  private func bit(at instant: Instant) -> Int {
    Int(bitTime.rate.ticks(within: instant - origin) / Int128(bitTime.divider)) - firstBit
  }

  private func level(ofBit bit: Int) -> Level { pattern >> UInt32(min(bit, 31)) & 1 == 1 ? .high : .low }
}
