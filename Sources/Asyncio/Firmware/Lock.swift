/// Lets one task at a time have something, in the order of asking (`asyncio.Lock`).
@Firmware
public final class Lock {
  private enum State: Equatable {
    case unlocked
    case locked
    /// Released to a task that has not run since.
    case promised(ObjectIdentifier)
  }

  private var state = State.unlocked
  private let waiting = WaitQueue()

  public nonisolated init() {}

  /// Whether a task has it.
  public var isLocked: Bool { state == .locked }

  /// - Throws: `CancelledError`.
  public func acquire() async throws {
    if state != .unlocked {
      let waiting = self.waiting
      let body = try runningBody()
      do {
        try await suspend { scheduler in
          try scheduler.waitCurrent(on: waiting)
          return true
        }
      } catch {
        if state == .promised(ObjectIdentifier(body)) {
          state = .locked
          try release()
        }
        throw error
      }
    }
    state = .locked
  }

  /// Passes it on to the task that has waited longest.
  /// - Throws: `SchedulerError.lockNotAcquired` if no task has it.
  public func release() throws {
    guard state == .locked else { throw SchedulerError.lockNotAcquired }
    state = waiting.wakeFirst().map { .promised(ObjectIdentifier($0)) } ?? .unlocked
  }

  /// Has it while `body` runs (`async with lock`).
  public func withLock<Result>(_ body: @Firmware () async throws -> Result) async throws -> Result {
    try await acquire()
    do {
      let result = try await body()
      try release()
      return result
    } catch {
      // The body may have released it itself; its own error matters more.
      try? release()
      throw error
    }
  }
}
