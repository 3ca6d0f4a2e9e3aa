/// The generator of random numbers (RM0090, 24.4). Its next number is always ready while it is on.
public final class RandomRegisters: RegisterBank {
  public let addresses: Range<UInt32> = 0x5006_0800..<0x5006_0c00
  private unowned let board: Board
  private static let enable: UInt32 = 1 << 2
  private var control: UInt32 = RandomRegisters.enable

  init(_ board: Board) { self.board = board }

  private var isOn: Bool { control & Self.enable != 0 }

  public func load(_ offset: UInt32) -> UInt32? {
    switch offset {
    case 0x00: control
    case 0x04: isOn ? 1 : 0
    case 0x08: isOn ? board.random.next() : 0
    default: nil
    }
  }

  public func store(_ value: UInt32, _ offset: UInt32, mask: UInt32) -> Bool {
    switch offset {
    case 0x00:
      let new = control & ~mask | value
      guard new & ~Self.enable == 0 else { return false }
      control = new
    // Flags of faults that there are not.
    case 0x04: break
    default: return false
    }
    return true
  }
}
