/// The registers of the external interrupts (RM0090, 12.3): which lines interrupt, at which edges, what is pending, and interrupts by software.
/// A line has bits only while a pin of its number has a handler (`Pin.irq`, `pyb.ExtInt`).
public final class ExternalInterruptRegisters: RegisterBank {
  public let addresses: Range<UInt32> = 0x4001_3c00..<0x4001_4000
  private let lines: EXTILines

  private enum Register {
    static let interruptMask: UInt32 = 0x00
    static let eventMask: UInt32 = 0x04
    static let rising: UInt32 = 0x08
    static let falling: UInt32 = 0x0c
    static let softwareInterrupt: UInt32 = 0x10
    static let pending: UInt32 = 0x14
  }

  init(_ lines: EXTILines) { self.lines = lines }

  public func load(_ offset: UInt32) -> UInt32? {
    switch offset {
    case Register.interruptMask: lines.lines { $0.isEnabled }
    case Register.eventMask, Register.softwareInterrupt: 0
    case Register.rising: lines.lines { $0.rises }
    case Register.falling: lines.lines { $0.falls }
    case Register.pending: lines.lines { $0.isPending }
    default: nil
    }
  }

  public func store(_ value: UInt32, _ offset: UInt32, mask: UInt32) -> Bool {
    guard let old = load(offset) else { return false }
    let new = old & ~mask | value
    let taken = lines.lines { _ in true }
    guard offset != Register.eventMask, (new ^ old) & ~taken == 0 else { return false }
    for line in 0..<32 where (offset < Register.softwareInterrupt ? new ^ old : value) >> line & 1 == 1 {
      switch offset {
      case Register.interruptMask: lines.setEnabled(new >> line & 1 == 1, line: line)
      case Register.rising: lines.setTrigger(line: line, rises: new >> line & 1 == 1)
      case Register.falling: lines.setTrigger(line: line, falls: new >> line & 1 == 1)
      case Register.softwareInterrupt: lines.trigger(line: line)
      // A flag is cleared by writing 1 to it.
      default: lines.clearPending(line: line)
      }
    }
    return true
  }
}
