import Timebase

/// The registers of the two digital-to-analogue converters (RM0090, 14.5): on and off, and the values that they put out. Triggers, waves and DMA
/// are not there.
public final class DACRegisters: RegisterBank {
  public let addresses: Range<UInt32> = 0x4000_7400..<0x4000_7800
  private let converters: [Int: DAC]
  /// Whether the output buffers are off, which makes no difference here.
  private var unbuffered: UInt32 = 0

  private enum Register {
    static let control: UInt32 = 0x00
    static let outputs: ClosedRange<UInt32> = 0x2c...0x30
  }

  /// Channel and left shift of a value, by the register's offset.
  private static let values: [UInt32: (number: Int, shift: Int)] = [
    0x08: (1, 0), 0x0c: (1, -4), 0x10: (1, 4), 0x14: (2, 0), 0x18: (2, -4), 0x1c: (2, 4),
  ]

  init?(_ converters: [Int: DAC]) {
    guard !converters.isEmpty else { return nil }
    self.converters = converters
  }

  public func load(_ offset: UInt32) -> UInt32? {
    switch offset {
    case Register.control:
      return converters.values.reduce(unbuffered) { $1.isOn ? $0 | 1 << Self.bit($1.number) : $0 }
    case Register.outputs:
      return UInt32(converters[Int(offset - Register.outputs.lowerBound) / 4 + 1]?.output ?? 0)
    default:
      guard let (number, shift) = Self.values[offset] else { return nil }
      let output = UInt32(converters[number]?.output ?? 0)
      return shift < 0 ? output << 4 : output >> UInt32(shift)
    }
  }

  /// Its bit that switches a converter on.
  private static func bit(_ number: Int) -> UInt32 { UInt32(16 * (number - 1)) }

  public func store(_ value: UInt32, _ offset: UInt32, mask: UInt32) -> Bool {
    if offset == Register.control {
      let new = (load(offset) ?? 0) & ~mask | value
      guard new & ~0x0003_0003 == 0 else { return false }
      unbuffered = new & 0x0002_0002
      for converter in converters.values {
        let isOn = new >> Self.bit(converter.number) & 1 != 0
        if isOn, !converter.isOn {
          converter.start()
          // It puts out at once what its register holds.
          converter.write(0)
        } else if !isOn, converter.isOn {
          converter.stop()
        }
      }
      return true
    }
    guard let (number, shift) = Self.values[offset], let converter = converters[number] else { return false }
    converter.write(Int(shift < 0 ? value >> 4 : value << UInt32(shift)) & 0xfff)
    return true
  }
}
