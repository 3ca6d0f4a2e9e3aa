import Diagnostics

extension ThreadSafeFlag {
  /// Returns at once if it is set, else when an interrupt handler or another thread sets it; clears it.
  /// - Throws: `CancelledError`; `SchedulerError.streamBusy` if another task waits for it.
  @Firmware @inlinable @inline(__always)
  public func wait(file: StaticString = #fileID, line: UInt = #line) async throws {
    try await wait(at: SourceLine(file, line))
  }

  @Firmware @inlinable @inline(__always)
  func wait(at line: SourceLine?) async throws {
    if try beginWait(at: line) {
      await park()
      try throwPending()
    }
    endWait()
  }

  /// - Returns: false if it is set.
  @Firmware @usableFromInline
  func beginWait(at line: SourceLine?) throws -> Bool {
    noteWait()
    return try Asyncio.beginWait(at: line) { scheduler in
      guard !isSet else { return false }
      // Looks again: a `set` that came before the task was registered has raised the flag by now.
      attach(to: scheduler.clock)
      guard !isSet else { return false }
      try scheduler.waitAlone(for: self, .readable)
      return true
    }
  }

  @Firmware @usableFromInline
  func endWait() {
    guard let lost = take(), let scheduler = try? runningScheduler() else { return }
    scheduler.reportLostEvent(lost.place(task: scheduler.current?.name ?? ""))
  }
}
