extension ThreadSafeFlag {
  /// Returns at once if it is set, else when an interrupt handler or another thread sets it; clears it.
  /// - Throws: `CancelledError`; `SchedulerError.streamBusy` if another task waits for it.
  @Firmware
  public func wait() async throws {
    try await suspend { scheduler in
      attach(to: scheduler.clock)
      guard !isSet else { return false }
      try scheduler.waitCurrent(for: self, .readable)
      return true
    }
    clear()
  }
}
