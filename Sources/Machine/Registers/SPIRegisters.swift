/// The registers of an SPI peripheral that controls its bus (RM0090, 28.5): mode, divider, status and data.
///
/// The word that a program writes to DR is on the wires while the write lasts, so that TXE and RXNE are set when it is over. Interrupts, DMA, check
/// sums, one line for both directions and being a target are not there.
public final class SPIRegisters: RegisterBank {
  public let addresses: Range<UInt32>
  private let spi: SPIController
  /// CR1 while the peripheral is off; of the bits that say nothing to the model, those that were written last.
  private var control: UInt32 = Bit.controller | Bit.selected | Bit.selectedByProgram
  /// Whether a program has switched off what `SPI(…)` has set up.
  private var isHeld = false
  private var control2: UInt32 = 0
  /// A word that was written while the peripheral was off.
  private var waiting: UInt32?
  private var data: UInt32 = 0
  private var hasData = false
  private var overrun = Overrun.none

  /// An overrun is cleared by reading DR and then SR.
  private enum Overrun { case none, happened, dataRead }

  private static let bases: [Int: UInt32] = [1: 0x4001_3000, 2: 0x4000_3800, 3: 0x4000_3c00]

  private enum Register {
    static let control1: UInt32 = 0x00
    static let control2: UInt32 = 0x04
    static let status: UInt32 = 0x08
    static let data: UInt32 = 0x0c
    static let i2sConfiguration: UInt32 = 0x1c
  }

  private enum Bit {
    static let phase: UInt32 = 1
    static let polarity: UInt32 = 1 << 1
    static let controller: UInt32 = 1 << 2
    static let divider: UInt32 = 7 << 3
    static let enable: UInt32 = 1 << 6
    static let lowestFirst: UInt32 = 1 << 7
    static let selected: UInt32 = 1 << 8
    static let selectedByProgram: UInt32 = 1 << 9
    static let sixteenBits: UInt32 = 1 << 11
    static let known: UInt32 =
      phase | polarity | controller | divider | enable | lowestFirst | selected | selectedByProgram
      | sixteenBits
    /// NSS as an output, in CR2.
    static let selectOutput: UInt32 = 1 << 2
    static let received: UInt32 = 1
    static let canSend: UInt32 = 1 << 1
    static let overrun: UInt32 = 1 << 6
  }

  init?(_ spi: SPIController) {
    guard let base = Self.bases[spi.number] else { return nil }
    addresses = base..<base + 0x400
    self.spi = spi
  }

  public func load(_ offset: UInt32) -> UInt32? {
    switch offset {
    case Register.control1: return control1
    case Register.control2: return control2
    case Register.status:
      let flags =
        Bit.canSend | (hasData ? Bit.received : 0) | (overrun == .none ? 0 : Bit.overrun)
      if overrun == .dataRead { overrun = .none }
      return flags
    case Register.data:
      hasData = false
      if overrun == .happened { overrun = .dataRead }
      return data
    case Register.i2sConfiguration: return 0
    default: return nil
    }
  }

  public func store(_ value: UInt32, _ offset: UInt32, mask: UInt32) -> Bool {
    switch offset {
    case Register.control1: return setControl(control1 & ~mask | value)
    case Register.control2:
      let new = control2 & ~mask | value
      guard new & ~Bit.selectOutput == 0 else { return false }
      control2 = new
    // Nothing there is cleared by writing but the flag of a check sum.
    case Register.status: break
    case Register.data:
      guard !spi.isTarget else { return false }
      if isEnabled { send(value) } else { waiting = value }
    case Register.i2sConfiguration: return value == 0
    default: return false
    }
    return true
  }

  // MARK: CR1

  private var isEnabled: Bool { spi.settings != nil && !isHeld }

  private var control1: UInt32 {
    guard let settings = spi.settings else { return control & ~Bit.enable }
    let divider = UInt32(max(1, spi.prescaler.trailingZeroBitCount) - 1)
    return (settings.phase == 0 ? 0 : Bit.phase) | (settings.polarity == 0 ? 0 : Bit.polarity)
      | (spi.isTarget ? 0 : Bit.controller) | divider << 3 | (isHeld ? 0 : Bit.enable)
      | (settings.isLowestBitFirst ? Bit.lowestFirst : 0) | (settings.bits == 16 ? Bit.sixteenBits : 0)
      | control & (Bit.selected | Bit.selectedByProgram)
  }

  private func setControl(_ new: UInt32) -> Bool {
    let old = control1
    guard new & ~Bit.known == 0, !spi.isTarget || new == old else { return false }
    let isOn = new & Bit.enable != 0
    // A peripheral that controls its bus stays one, and a program cannot make a target of it.
    guard new & Bit.controller != 0 || (spi.settings == nil && !isOn) else { return false }
    control = new
    let mode = Bit.known & ~(Bit.enable | Bit.selected | Bit.selectedByProgram)
    if spi.settings == nil ? isOn : (new ^ old) & mode != 0 {
      spi.start(settings(of: new), prescaler: 2 << Int(new >> 3 & 7))
    }
    isHeld = !isOn && spi.settings != nil
    if isEnabled, let word = waiting {
      waiting = nil
      send(word)
    }
    return true
  }

  private func settings(of control: UInt32) -> SPISettings {
    SPISettings(
      baudRate: spi.sourceClock >> Int((control >> 3 & 7) + 1), polarity: control & Bit.polarity == 0 ? 0 : 1,
      phase: control & Bit.phase == 0 ? 0 : 1, bits: control & Bit.sixteenBits == 0 ? 8 : 16,
      isLowestBitFirst: control & Bit.lowestFirst != 0)
  }

  // MARK: DR

  private func send(_ word: UInt32) {
    let bytes = [UInt8(truncatingIfNeeded: word), UInt8(truncatingIfNeeded: word >> 8)]
    let received = spi.transfer(spi.settings?.bits == 16 ? bytes : [bytes[0]])
    guard !received.isEmpty else { return }
    if hasData {
      // What nobody has read stays; the new word is lost.
      overrun = .happened
    } else {
      data = received.reversed().reduce(0) { $0 << 8 | UInt32($1) }
      hasData = true
    }
  }
}
