/// Something that tasks wait for until another task sets it (`asyncio.Event`). From an interrupt handler use
/// `ThreadSafeFlag`; the compiler insists on it.
@Firmware
public final class Event {
  public private(set) var isSet: Bool
  private let waiting = WaitQueue()

  public nonisolated init() { isSet = false }

  nonisolated init(isSet: Bool) { self.isSet = isSet }

  /// Makes every waiting task ready, in the order of their coming. Stays set until `clear()`.
  public func set() {
    waiting.wakeAll()
    isSet = true
  }

  public func clear() { isSet = false }

  /// Returns at once if it is set, else when it is.
  /// - Throws: `CancelledError`.
  public func wait() async throws {
    guard !isSet else { return }
    let waiting = self.waiting
    try await suspend { scheduler in
      try scheduler.waitCurrent(on: waiting)
      return true
    }
  }
}
