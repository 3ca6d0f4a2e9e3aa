/// A UART's status and data, its divider, and whether it receives (RM0090, 30.6).
public final class UARTRegisters: RegisterBank {
  public let addresses: Range<UInt32>
  private let uart: UART

  private static let bases: [Int: UInt32] = [
    1: 0x4001_1000, 2: 0x4000_4400, 3: 0x4000_4800, 4: 0x4000_4c00, 5: 0x4000_5000, 6: 0x4001_1400,
  ]

  init?(_ uart: UART) {
    guard let base = Self.bases[uart.number] else { return nil }
    addresses = base..<base + 0x400
    self.uart = uart
  }

  public func load(_ offset: UInt32) -> UInt32? {
    switch offset {
    case 0x00:
      (uart.isReadable ? 1 << 5 : 0) | (uart.isIdle ? 1 << 6 : 0) | (uart.isWritable ? 1 << 7 : 0)
    case 0x04: UInt32(uart.takeCharacter() ?? 0)
    case 0x08: uart.settings == nil ? 0 : UInt32(uart.divider)
    case 0x0c: control
    default: nil
    }
  }

  public func store(_ value: UInt32, _ offset: UInt32, mask: UInt32) -> Bool {
    switch offset {
    case 0x04:
      do throws(UARTError) {
        try uart.write(characters: [UInt16(value & 0x1ff)])
        return true
      } catch { return false }
    case 0x08:
      let divider = (load(offset) ?? 0) & ~mask | value
      guard uart.settings != nil, (16...0xffff).contains(divider) else { return false }
      uart.setDivider(Int(divider))
    case 0x0c:
      let new = control & ~mask | value
      guard (new ^ control) & ~Self.receiverEnable == 0 else { return false }
      uart.setReceiving(new & Self.receiverEnable != 0)
    default: return false
    }
    return true
  }

  private static let receiverEnable: UInt32 = 1 << 2

  /// CR1: on, with its transmitter and the interrupt for received characters; word length and parity.
  private var control: UInt32 {
    guard let settings = uart.settings else { return 0 }
    let isLong = settings.bits + (settings.parity == nil ? 0 : 1) == 9
    let parity: UInt32 =
      switch settings.parity {
      case nil: 0
      case .even: 1 << 10
      case .odd: 3 << 9
      }
    return 1 << 13 | 1 << 5 | 1 << 3 | (isLong ? 1 << 12 : 0) | parity
      | (uart.isReceiving ? Self.receiverEnable : 0)
  }
}
