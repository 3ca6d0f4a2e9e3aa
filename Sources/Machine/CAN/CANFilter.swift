/// The messages that a CAN controller takes, and into which of its two FIFOs: one bank of filters (RM0090,
/// 32.7.4).
///
/// A filter compares the words that the controller makes of a message: 16 bits (identifier, RTR, IDE, the upper three bits of an extended
/// identifier) or 32 (identifier, IDE, RTR).
public struct CANFilterBank: Sendable, Hashable {
  public enum Filters: Sendable, Hashable {
    /// Two pairs of a word and a mask.
    case masks16([UInt16])
    /// Four words.
    case list16([UInt16])
    /// A word and a mask.
    case mask32(UInt32, UInt32)
    /// Two words.
    case list32(UInt32, UInt32)
  }

  public var filters: Filters
  /// 0 or 1.
  public var fifo: Int
  public var isActive: Bool

  public init(_ filters: Filters, fifo: Int, isActive: Bool = true) {
    self.filters = filters
    self.fifo = fifo
    self.isActive = isActive
  }

  /// As after reset.
  static let idle = CANFilterBank(.masks16([0, 0, 0, 0]), fifo: 0, isActive: false)

  /// How many filters it counts for, active or not.
  var count: Int {
    switch filters {
    case .masks16, .list32: 2
    case .list16: 4
    case .mask32: 1
    }
  }

  /// Of two that match the lower goes first: 32 bits before 16, lists before masks.
  private var rank: Int {
    switch filters {
    case .list32: 0
    case .mask32: 1
    case .list16: 2
    case .masks16: 3
    }
  }

  /// Returns the filter that takes a message.
  private func match(_ frame: CANFrame) -> Int? {
    guard isActive else { return nil }
    let narrow = frame.filterWord16
    let wide = frame.filterWord32
    switch filters {
    case .masks16(let words):
      return (0..<2).first { (narrow ^ words[2 * $0]) & words[2 * $0 + 1] == 0 }
    case .list16(let words): return words.firstIndex(of: narrow)
    case .mask32(let word, let mask): return (wide ^ word) & mask == 0 ? 0 : nil
    case .list32(let first, let second): return wide == first ? 0 : wide == second ? 1 : nil
    }
  }

  /// Routes a message to a FIFO.
  /// - Returns: the FIFO and the number of the filter among those of its FIFO; nil when nobody takes it.
  static func route(_ frame: CANFrame, through banks: [CANFilterBank]) -> (fifo: Int, filter: Int)? {
    var numbers = [0, 0]
    var best: (rank: Int, fifo: Int, filter: Int)?
    for bank in banks {
      if let index = bank.match(frame), bank.rank < best?.rank ?? .max {
        best = (bank.rank, bank.fifo, numbers[bank.fifo] + index)
      }
      numbers[bank.fifo] += bank.count
    }
    return best.map { (fifo: $0.fifo, filter: $0.filter) }
  }
}

extension CANFrame {
  fileprivate var filterWord16: UInt16 {
    let remote: UInt32 = isRemote ? 0x10 : 0
    let word =
      isExtended
      ? (identifier >> 18) << 5 | remote | 8 | (identifier >> 15) & 7 : identifier << 5 | remote
    return UInt16(truncatingIfNeeded: word)
  }

  fileprivate var filterWord32: UInt32 {
    (isExtended ? identifier << 3 | 4 : identifier << 21) | (isRemote ? 2 : 0)
  }
}
