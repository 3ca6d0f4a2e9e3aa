import Timebase

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
