import Timebase

/// Registers of one peripheral as a program finds them at their addresses.
public protocol RegisterBank: AnyObject {
  /// The addresses that belong to it.
  var addresses: Range<UInt32> { get }
  /// The word at an offset from the first address, which is a multiple of four.
  /// - Returns: `nil` where no register is modelled.
  func load(_ offset: UInt32) -> UInt32?
  /// Writes some bits of the word at an offset.
  /// - Parameter mask: the bits that are written; a store of a byte or half a word leaves the others alone.
  /// - Returns: false where no register is modelled.
  func store(_ value: UInt32, _ offset: UInt32, mask: UInt32) -> Bool
}

/// The processor's view of the board: the peripherals' registers at their addresses (RM0090, 2.3). Addresses
/// without a model are distinguished from those with one; nothing is made up.
public final class RegisterMap {
  private let banks: [any RegisterBank]

  public init(_ banks: [any RegisterBank]) { self.banks = banks }

  /// Reads 1, 2 or 4 bytes at an address that is a multiple of their number.
  /// - Returns: `nil` where no register is modelled.
  public func load(_ address: UInt32, byteCount: Int) -> UInt32? {
    guard let bank = bank(at: address) else { return nil }
    let shift = 8 * (address & 3)
    return bank.load((address & ~3) - bank.addresses.lowerBound).map {
      $0 >> shift & Self.mask(byteCount)
    }
  }

  /// Writes 1, 2 or 4 bytes at an address that is a multiple of their number.
  /// - Returns: false where no register is modelled.
  public func store(_ value: UInt32, _ address: UInt32, byteCount: Int) -> Bool {
    guard let bank = bank(at: address) else { return false }
    let shift = 8 * (address & 3)
    let mask = Self.mask(byteCount)
    return bank.store(
      (value & mask) << shift, (address & ~3) - bank.addresses.lowerBound, mask: mask << shift)
  }

  private func bank(at address: UInt32) -> (any RegisterBank)? {
    banks.first { $0.addresses.contains(address) }
  }

  private static func mask(_ byteCount: Int) -> UInt32 {
    byteCount == 4 ? .max : (1 << (8 * UInt32(byteCount))) - 1
  }
}

extension RegisterMap {
  /// The registers of an STM32F405 that are modelled.
  /// - Parameters:
  ///   - watchdog: the independent one.
  ///   - backupSRAM: 1024 words.
  ///   - backupRegisters: 20 words.
  public static func stm32f405(
    _ board: Board, watchdog: Watchdog, backupSRAM: any WordStorage, backupRegisters: any WordStorage
  ) -> RegisterMap {
    var banks: [any RegisterBank] = (0..<9).map { number in
      GPIORegisters(port: number, pins: board.pins.filter { $0.port == number })
    }
    for timer in board.timers.values { if let bank = TimerRegisters(timer) { banks.append(bank) } }
    for uart in board.uarts.values { if let bank = UARTRegisters(uart) { banks.append(bank) } }
    for spi in board.spis.values { if let bank = SPIRegisters(spi) { banks.append(bank) } }
    for i2c in board.i2cs.values { if let bank = I2CRegisters(i2c) { banks.append(bank) } }
    banks.append(ADCRegisters(board.context))
    if let bank = DACRegisters(board.dacs) { banks.append(bank) }
    banks += StoredRegisters.stm32f405()
    let identity = ChipIdentity(processor: board.description.processor.name)
    banks.append(ClockRegisters(board.clock, board.context.clocks, identity))
    banks.append(BackupRegisters(board, backupRegisters))
    banks.append(BackupSRAM(backupSRAM))
    banks.append(IdentityRegisters(identity))
    banks.append(ExternalInterruptRegisters(board.externalInterrupts))
    banks.append(CheckSumRegisters())
    banks.append(RandomRegisters(board))
    banks.append(WatchdogRegisters(watchdog))
    return RegisterMap(banks)
  }
}

/// Registers that keep the words written to them, without effect: clock gates and options that the model has
/// no use for.
public final class StoredRegisters: RegisterBank {
  public let addresses: Range<UInt32>
  private var words: [UInt32: UInt32]

  /// - Parameter words: the existing registers, by offset, with their values after a reset.
  public init(at base: UInt32, size: UInt32 = 0x400, _ words: [UInt32: UInt32]) {
    addresses = base..<base + size
    self.words = words
  }

  public func load(_ offset: UInt32) -> UInt32? { words[offset] }

  public func store(_ value: UInt32, _ offset: UInt32, mask: UInt32) -> Bool {
    guard let old = words[offset] else { return false }
    words[offset] = old & ~mask | value
    return true
  }

  /// RCC (RM0090, 7.3), with the clocks of every peripheral on, PLL and bus dividers as the board's start-up sets them; PWR, SYSCFG,
  /// FLASH access control.
  static func stm32f405() -> [StoredRegisters] {
    [
      StoredRegisters(
        at: 0x4002_3800,
        [
          0x00: 0x0303_5f83, 0x04: 0x0740_5408, 0x08: 0x0000_940a, 0x0c: 0, 0x10: 0, 0x14: 0, 0x18: 0,
          0x20: 0, 0x24: 0, 0x30: 0x0060_01ff, 0x34: 0x40, 0x38: 0, 0x40: 0x36fe_c9ff, 0x44: 0x0007_5f33,
          0x50: 0x7e67_91ff, 0x54: 0xf1, 0x58: 1, 0x60: 0x36fe_c9ff, 0x64: 0x0007_5f33, 0x70: 0x8101,
          0x74: 0x0e00_0000, 0x80: 0, 0x84: 0x2400_3000,
        ]),
      StoredRegisters(at: 0x4000_7000, [0: 0x4100, 4: 0]),
      StoredRegisters(at: 0x4001_3800, [0: 0, 4: 0, 8: 0, 0xc: 0, 0x10: 0, 0x14: 0, 0x20: 0]),
      StoredRegisters(at: 0x4002_3c00, [0: 0x705]),
    ]
  }
}
