import Synchronization

/// Limit of the memory that this process's devices in Python may hold together: each is bounded by its own
/// heap, many of them by this. Boards on several threads share it.
enum ModelMemory {
  /// How many devices there may be. An interpreter takes 0.8 MiB of the host's memory before it has run anything.
  static let maximumCount = 100
  /// Bytes, as a board counts them, of the objects that live.
  static let limit = 16 << 20
  /// Bytes after which a device collects its garbage, so that what many of them leave lying about is bounded too.
  static let garbage = 128 << 10

  /// Relaxed, as `held`: they are sums that each thread adds its own to, in any order. Nobody reads other memory because of them.
  private static let count = Atomic<Int>(0)
  private static let held = Atomic<Int>(0)

  /// One more device. - Returns: false when there are too many.
  static func enter() -> Bool {
    if count.add(1, ordering: .relaxed).newValue <= maximumCount { return true }
    count.subtract(1, ordering: .relaxed)
    return false
  }

  static func leave(holding bytes: Int) {
    count.subtract(1, ordering: .relaxed)
    held.subtract(bytes, ordering: .relaxed)
  }

  /// A device holds more or less than before. - Returns: whether all of them hold no more than they may.
  static func change(by bytes: Int) -> Bool {
    held.add(bytes, ordering: .relaxed).newValue <= limit
  }
}
