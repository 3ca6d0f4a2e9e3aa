import Timebase

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

/// The independent watchdog (RM0090, 21.4): its clock of 32 kHz, divided by 4 to 256, counts a value of twelve bits down.
public final class WatchdogRegisters: RegisterBank {
  public let addresses: Range<UInt32> = 0x4000_3000..<0x4000_3400
  private let watchdog: Watchdog
  private var prescaler: UInt32 = 0
  private var reload: UInt32 = 0xfff
  private var isUnlocked = false

  private enum Key {
    static let unlock: UInt32 = 0x5555
    static let feed: UInt32 = 0xaaaa
    static let start: UInt32 = 0xcccc
  }

  public init(_ watchdog: Watchdog) { self.watchdog = watchdog }

  public func load(_ offset: UInt32) -> UInt32? {
    switch offset {
    case 0x00, 0x0c: 0
    case 0x04: prescaler
    case 0x08: reload
    default: nil
    }
  }

  public func store(_ value: UInt32, _ offset: UInt32, mask: UInt32) -> Bool {
    switch offset {
    case 0x00:
      isUnlocked = value == Key.unlock
      if value == Key.start || value == Key.feed && watchdog.timeout != nil { start() }
    // Without the key nothing is written, and nothing is reported.
    case 0x04: if isUnlocked { prescaler = value & 7 }
    case 0x08: if isUnlocked { reload = value & 0xfff }
    default: return false
    }
    return true
  }

  private func start() {
    watchdog.start(timeout: .microseconds(Int64(reload + 1) * 125 << Int64(min(prescaler, 6))))
  }
}

/// The processor's own counters: SysTick (PM0214, 4.5), which counts down once a millisecond, and the cycle counter (ARMv7-M, C1.8).
public final class ClockRegisters: RegisterBank {
  public let addresses: Range<UInt32> = 0xe000_0000..<0xe010_0000
  private let clock: Clock
  private let clocks: ClockTree
  private var frequency: Int { clocks.frequencies.processor }
  /// Cycles that the firmware has set the cycle counter back by.
  private var cycleOffset: UInt32 = 0
  private var controls: [UInt32: UInt32] = [0x1000: 1, 0xedfc: 0x0100_0000]

  private let identity: ChipIdentity

  init(_ clock: Clock, _ clocks: ClockTree, _ identity: ChipIdentity) {
    self.clock = clock
    self.clocks = clocks
    self.identity = identity
  }

  private var cycles: UInt32 {
    UInt32(
      truncatingIfNeeded: Int128(clock.now.nanoseconds) * Int128(frequency) / 1_000_000_000)
  }

  private var cyclesPerMillisecond: Int64 { Int64(frequency) / 1000 }

  public func load(_ offset: UInt32) -> UInt32? {
    switch offset {
    case 0x1004: return cycles &- cycleOffset
    // Enabled, with interrupt, from the processor's clock.
    case 0xe010: return 7
    case 0xe014: return UInt32(cyclesPerMillisecond - 1)
    case 0xe018:
      let within = Int128(clock.now.nanoseconds % 1_000_000) * Int128(cyclesPerMillisecond) / 1_000_000
      return UInt32(cyclesPerMillisecond - 1) - UInt32(within)
    // CPUID: Cortex-M4 r0p1.
    case 0xed00: return 0x410f_c241
    // DBGMCU, with reserved bits as the chip has them.
    case 0x4_2000: return identity.revision << 16 | 0x6000 | identity.device
    default: return controls[offset]
    }
  }

  public func store(_ value: UInt32, _ offset: UInt32, mask: UInt32) -> Bool {
    if offset == 0x1004 {
      cycleOffset = cycles &- value
      return true
    }
    guard let old = controls[offset] else { return false }
    controls[offset] = old & ~mask | value
    return true
  }
}

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

/// What tells the chips of a family apart (RM0090, 38.6.1 and 39.2; RM0383, 23.6.1 and 24.2).
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
