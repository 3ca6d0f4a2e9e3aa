/// Words that outlive resets.
public protocol WordStorage: AnyObject {
  var wordCount: Int { get }
  subscript(word index: Int) -> UInt32 { get set }
}

/// The real-time clock's time and date and its twenty backup registers, which a reset leaves alone (RM0090, 26.6).
public final class BackupRegisters: RegisterBank {
  public let addresses: Range<UInt32> = 0x4000_2800..<0x4000_2c00
  private unowned let board: Board
  private let backup: any WordStorage

  /// - Parameter backup: the backup registers.
  init(_ board: Board, _ backup: any WordStorage) {
    self.board = board
    self.backup = backup
  }

  private var wakeUp: WakeUpTimer.Setting? { board.realTimeClock.wakeUpTimer.setting }

  public func load(_ offset: UInt32) -> UInt32? {
    let now = board.realTimeClock.dateTime
    func coded(_ number: Int) -> UInt32 { UInt32(number / 10 << 4 | number % 10) }
    switch offset {
    case 0x00: return coded(now.hour) << 16 | coded(now.minute) << 8 | coded(now.second)
    case 0x04:
      return coded(now.year % 100) << 16 | UInt32(board.realTimeClock.weekday) << 13
        | coded(now.month) << 8 | coded(now.day)
    // CR: the wake-up timer with its interrupt. ISR: the calendar is set, in step with the bus; whether the wake-up timer can be written.
    case 0x08: return wakeUp.map { 1 << 14 | 1 << 10 | UInt32($0.clockSelection) } ?? 0
    case 0x0c: return 0x30 | (wakeUp == nil ? 4 : 0)
    // PRER: 128 times 256 periods of the crystal are a second.
    case 0x10: return 0x7f << 16 | 0xff
    case 0x14: return UInt32(wakeUp?.reload ?? 0xffff)
    case 0x28: return UInt32(board.realTimeClock.subseconds)
    case 0x3c:
      let steps = board.realTimeClock.calibration
      return steps > 0 ? 1 << 15 | UInt32(512 - steps) : UInt32(-steps)
    default: return index(of: offset).map { backup[word: $0] }
    }
  }

  public func store(_ value: UInt32, _ offset: UInt32, mask: UInt32) -> Bool {
    guard let index = index(of: offset) else { return false }
    backup[word: index] = backup[word: index] & ~mask | value
    return true
  }

  private func index(of offset: UInt32) -> Int? {
    let index = (Int(offset) - 0x50) / 4
    return offset >= 0x50 && index < backup.wordCount ? index : nil
  }
}

/// The backup SRAM of 4 KiB (RM0090, 2.3.1).
public final class BackupSRAM: RegisterBank {
  public let addresses: Range<UInt32> = 0x4002_4000..<0x4002_5000
  private let storage: any WordStorage

  init(_ storage: any WordStorage) { self.storage = storage }

  public func load(_ offset: UInt32) -> UInt32? {
    Int(offset / 4) < storage.wordCount ? storage[word: Int(offset / 4)] : nil
  }

  public func store(_ value: UInt32, _ offset: UInt32, mask: UInt32) -> Bool {
    guard let old = load(offset) else { return false }
    storage[word: Int(offset / 4)] = old & ~mask | value
    return true
  }
}
