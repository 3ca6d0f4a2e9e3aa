/// Lets one task at a time have something, in the order of asking (`asyncio.Lock`).
@Firmware
public final class Lock {
  @usableFromInline enum State: Equatable {
    case unlocked
    case locked
    /// Released to a task that has not run since.
    case promised(ObjectIdentifier)
  }

  @usableFromInline var state = State.unlocked
  @usableFromInline let waiting = WaitQueue()

  public nonisolated init() {}

  /// Whether a task has it.
  public var isLocked: Bool { if case .locked = state { true } else { false } }

  /// - Throws: `CancelledError`.
  @inlinable @inline(__always)
  public func acquire(file: StaticString = #fileID, line: UInt = #line) async throws {
    if case .unlocked = state {
      state = .locked
    } else {
      try await waitInTurn(at: SourceLine(file, line))
    }
  }

  @usableFromInline func waitInTurn(at line: SourceLine) async throws {
    let body = try runningBody()
    do {
      try await suspend(on: waiting, at: line)
    } catch {
      if state == .promised(ObjectIdentifier(body)) {
        state = .locked
        try release()
      }
      throw error
    }
    state = .locked
  }

  /// Passes it on to the task that has waited longest.
  /// - Throws: `SchedulerError.lockNotAcquired` if no task has it.
  @inlinable public func release() throws {
    guard case .locked = state else { throw SchedulerError.lockNotAcquired }
    state = waiting.wakeFirst().map { .promised(ObjectIdentifier($0)) } ?? .unlocked
  }

  /// Has it while `body` runs (`async with lock`).
  @inlinable
  public func withLock<Result>(
    file: StaticString = #fileID, line: UInt = #line, _ body: @Firmware () async throws -> Result
  ) async throws -> Result {
    try await acquire(file: file, line: line)
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
