import Diagnostics

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
  @usableFromInline let waiting = WaitQueue(for: .lock)

  public nonisolated init() {}

  /// Whether a task has it.
  @inlinable public var isLocked: Bool { if case .locked = state { true } else { false } }

  /// - Throws: `CancelledError`.
  @inlinable @inline(__always)
  public func acquire(file: StaticString = #fileID, line: UInt = #line) async throws {
    if case .unlocked = state {
      state = .locked
      noteHolder()
    } else {
      try await waitInTurn(at: SourceLine(file, line))
    }
  }

  @usableFromInline func waitInTurn(at line: SourceLine) async throws {
    let body = try runningBody()
    if let scheduler = try? runningScheduler() {
      scheduler.reportIfLocksAreCircular(body, waitsIn: waiting, at: line.place(task: body.name))
    }
    do {
      try await suspend(on: waiting, at: line)
    } catch {
      if state == .promised(ObjectIdentifier(body)) {
        state = .locked
        try? release()
      }
      throw error
    }
    state = .locked
    noteHolder()
  }

  @usableFromInline func noteHolder() { waiting.holder = try? runningBody() }

  /// Passes it on to the task that has waited longest.
  /// - Throws: `SchedulerError.lockNotAcquired` if no task has it.
  @inlinable
  public func release(file: StaticString = #fileID, line: UInt = #line) throws(SchedulerError) {
    guard case .locked = state else { throw notHeld(at: SourceLine(file, line)) }
    passOn()
  }

  @usableFromInline func passOn() {
    let next = waiting.wakeFirst()
    waiting.holder = next
    state = next.map { .promised(ObjectIdentifier($0)) } ?? .unlocked
  }

  /// Holds it while `body` runs (`async with lock`).
  @inlinable
  public func withLock<Result>(
    file: StaticString = #fileID, line: UInt = #line, _ body: @Firmware () async throws -> Result
  ) async throws -> Result {
    try await acquire(file: file, line: line)
    let result: Result
    do {
      result = try await body()
    } catch {
      // The body may have released it itself; its own error matters more.
      if isLocked { try? release() }
      throw error
    }
    try release(file: file, line: line)
    return result
  }

  @usableFromInline func notHeld(at line: SourceLine) -> SchedulerError {
    (try? runningScheduler())?.reportLockNotHeld(at: line)
    return .lockNotAcquired
  }
}
