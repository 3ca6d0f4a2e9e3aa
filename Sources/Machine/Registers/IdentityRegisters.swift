/// Values that tell the chips of a family apart (RM0090, 38.6.1 and 39.2; RM0383, 23.6.1 and 24.2).
public struct ChipIdentity: Sendable, Hashable {
  public let device: UInt32
  public let revision: UInt32
  /// KiB.
  public let flashSize: UInt32

  /// - Parameter name: the processor's, `STM32F411RE`.
  public init(processor name: String) {
    let isF411 = name.hasPrefix("STM32F411")
    (device, revision, flashSize) = isF411 ? (0x431, 0x1000, 512) : (0x413, 0x1001, 1024)
  }
}

/// Values written by the factory: the unique device identifier, the size of the flash in KiB, and the
/// calibration of reference and temperature sensor at 30 °C and 110 °C (RM0090, 39; data sheet DS8626,
/// 6.3.22).
public final class IdentityRegisters: RegisterBank {
  public let addresses: Range<UInt32> = 0x1fff_7a00..<0x1fff_7a30

  /// Twelve bytes, as `machine.unique_id()` gives them.
  public static let uniqueIdentifier = Array("VirtualPyb1.".utf8)

  private let identity: ChipIdentity

  init(_ identity: ChipIdentity) { self.identity = identity }

  /// Readings at 3.3 V of 12 bits: 1.21 V, 0.76 V + 5 K × 2.5 mV, + 85 K × 2.5 mV.
  private static let calibration: [UInt32: UInt32] = [0x28: 1502 << 16, 0x2c: 1207 << 16 | 959]

  public func load(_ offset: UInt32) -> UInt32? {
    switch offset {
    case 0x10..<0x1c:
      let first = Int(offset - 0x10)
      return (0..<4).reduce(0) { $0 | UInt32(Self.uniqueIdentifier[first + $1]) << (8 * $1) }
    case 0x20: return identity.flashSize << 16
    default: return Self.calibration[offset]
    }
  }

  public func store(_ value: UInt32, _ offset: UInt32, mask: UInt32) -> Bool { false }
}
