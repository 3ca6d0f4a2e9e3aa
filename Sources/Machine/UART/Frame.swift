import Timebase

/// The length of a bit: `divider` ticks of a `clock` in Hz; exact, so that many bits in a row do not drift.
struct BitTime: Hashable {
  let clock: Int
  let divider: Int

  /// The nearest that the baud-rate register can do.
  /// - Parameter dividers: the whole numbers that it can divide the clock by.
  init(baudRate: Int, clock: Int, dividers: ClosedRange<Int> = 16...0xFFFF) {
    self.clock = clock
    let nearest = (clock + baudRate / 2) / max(1, baudRate)
    divider = min(max(nearest, dividers.lowerBound), dividers.upperBound)
  }

  var baudRate: Int { clock / divider }

  func interval(bits: Int) -> Interval {
    .nanoseconds(Int128(bits) * Int128(divider) * 1_000_000_000 / Int128(clock))
  }
}

/// One character on its way over a line: a start bit, data bits from the lowest, parity, stop bits.
struct Frame {
  struct Format: Hashable {
    var dataBits: Int
    var parity: UARTSettings.Parity?
    var stopBits: Int

    /// Start bit included.
    var bitCount: Int { 1 + dataBits + (parity == nil ? 0 : 1) + stopBits }
  }

  let value: UInt16
  let format: Format
  let bitTime: BitTime
  /// Who sends it: the name of the TX pin.
  let sender: String
  /// Low for the whole of the frame, stop bit included.
  var isBreak = false

  /// The level of the line in the middle of bit `index` of a receiver with its own idea of a bit's length.
  /// The line is high after the frame.
  private func level(at index: Int, sampledBy receiver: BitTime) -> Level {
    let ticks = (2 * Int128(index) + 1) * Int128(receiver.divider) * Int128(bitTime.clock)
    let bit = Int(ticks / (2 * Int128(bitTime.divider) * Int128(receiver.clock)))
    switch bit {
    case 0: return .low
    case 1..<format.bitCount where isBreak: return .low
    case 1...format.dataBits: return value >> (bit - 1) & 1 == 1 ? .high : .low
    case format.dataBits + 1 where format.parity != nil: return parityLevel
    default: return .high
    }
  }

  private var mask: UInt16 { (1 << UInt16(format.dataBits)) - 1 }

  private var parityLevel: Level {
    let ones = (value & mask).nonzeroBitCount + (format.parity == .odd ? 1 : 0)
    return ones % 2 == 1 ? .high : .low
  }

  /// What a receiver makes of it: exact when its settings are the sender's, otherwise what it samples in the
  /// middle of what it takes for the bits.
  func received(as other: Format, bitTime otherTime: BitTime) -> (value: UInt16, isFramingError: Bool) {
    if other == format && otherTime == bitTime && !isBreak {
      return (value & mask, false)
    }
    var result: UInt16 = 0
    for bit in 0..<other.dataBits where level(at: bit + 1, sampledBy: otherTime) == .high {
      result |= 1 << UInt16(bit)
    }
    let stop = other.dataBits + (other.parity == nil ? 1 : 2)
    return (result, level(at: stop, sampledBy: otherTime) == .low)
  }
}

/// Something that listens to a net for frames.
protocol FrameReceiver: AnyObject {
  /// The last bit of the frame has passed.
  func receive(_ frame: Frame, at time: Instant)
}
