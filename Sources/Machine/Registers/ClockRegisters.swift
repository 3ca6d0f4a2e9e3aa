import Timebase

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
