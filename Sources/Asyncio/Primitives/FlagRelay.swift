import Diagnostics
import Synchronization

/// Lets any number of tasks wait for one `ThreadSafeFlag`: the first one waits for the flag and wakes the others.
@Firmware
final class FlagRelay {
  private nonisolated let flag = ThreadSafeFlag()
  /// Ordered as `ThreadSafeFlag.isRaised`, and for the same reasons.
  private nonisolated let isRaised = Atomic(false)
  /// The board whose tasks wait.
  private nonisolated let home = Mutex<BoardTaskExecutor?>(nil)
  private let waiting = WaitQueue(for: .threadSafeEvent)
  private var isFlagAwaited = false

  nonisolated init() {}

  nonisolated var isSet: Bool { isRaised.load(ordering: .acquiring) }

  nonisolated func clear() { _ = isRaised.exchange(false, ordering: .acquiringAndReleasing) }

  /// The first waiting task will go on and wake the others.
  /// - Parameter line: of the firmware that signals an event of its own; nil if that is kept elsewhere.
  nonisolated func signal(at line: SourceLine?) {
    if let line { flag.setOnce(at: line) } else { flag.raise() }
  }

  /// Counts as set at once. In a task of this board it wakes all waiting tasks: they need not wait for the
  /// first one to do it.
  nonisolated func raise() {
    isRaised.store(true, ordering: .releasing)
    if let home = home.withLock({ $0 }) {
      FirmwareExecutor.shared.ifInStep(of: home) { waiting.wakeAll() }
    }
    flag.raise()
  }

  /// - Throws: `CancelledError`.
  func wait(at line: SourceLine?) async throws {
    let board = try runningScheduler().boardExecutor
    home.withLock { $0 = board }
    if isFlagAwaited {
      if !isSet { try await suspend(on: waiting, at: line) }
      return
    }
    isFlagAwaited = true
    do {
      try await sleepMs(0, at: line)
      try await waitForFlag(at: line)
    } catch {
      // The others still wait for somebody to wake them.
      _ = createService(name: "waiter", at: line) { try await self.waitForFlag(at: line) }
      throw error
    }
  }

  private func waitForFlag(at line: SourceLine?) async throws {
    try await flag.wait(at: line)
    waiting.wakeAll()
    isRaised.store(true, ordering: .releasing)
    isFlagAwaited = false
  }
}
