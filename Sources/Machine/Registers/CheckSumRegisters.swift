/// The unit that works check sums out (RM0090, 4.4): CRC-32 over whole words.
public final class CheckSumRegisters: RegisterBank {
  public let addresses: Range<UInt32> = 0x4002_3000..<0x4002_3400
  private static let polynomial: UInt32 = 0x04c1_1db7
  private var sum: UInt32 = .max
  private var independentData: UInt32 = 0

  public func load(_ offset: UInt32) -> UInt32? {
    switch offset {
    case 0x00: sum
    case 0x04: independentData
    case 0x08: 0
    default: nil
    }
  }

  public func store(_ value: UInt32, _ offset: UInt32, mask: UInt32) -> Bool {
    switch offset {
    case 0x00:
      sum ^= value
      for _ in 0..<32 { sum = sum << 1 ^ (sum >> 31 == 0 ? 0 : Self.polynomial) }
    case 0x04: independentData = value & 0xff
    case 0x08: if value & 1 != 0 { sum = .max }
    default: return false
    }
    return true
  }
}
