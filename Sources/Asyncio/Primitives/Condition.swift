/// Lets tasks that share a `Lock` wait until another task has changed the protected state (`Condition` of
/// micropython-async).
///
/// As there, the task that came last is notified first.
@Firmware
public final class Condition {
  @usableFromInline let lock: Lock
  private var waiters: [Event] = []

  /// - Parameter lock: to be shared with other conditions; by default one of its own.
  public nonisolated init(lock: Lock = Lock()) { self.lock = lock }

  /// Whether a task has the lock.
  public var isLocked: Bool { lock.isLocked }

  /// - Throws: `CancelledError`.
  @inlinable @inline(__always)
  public func acquire(file: StaticString = #fileID, line: UInt = #line) async throws {
    try await lock.acquire(file: file, line: line)
  }

  /// - Throws: `SchedulerError.lockNotAcquired` if no task has it.
  @inlinable
  public func release(file: StaticString = #fileID, line: UInt = #line) throws(SchedulerError) {
    try lock.release(file: file, line: line)
  }

  /// Holds the lock while `body` runs (`with await condition`).
  @inlinable
  public func withLock<Result>(
    file: StaticString = #fileID, line: UInt = #line, _ body: @Firmware () async throws -> Result
  ) async throws -> Result {
    try await lock.withLock(file: file, line: line, body)
  }

  /// Lets up to `count` waiting tasks go on, each as soon as it gets the lock.
  /// - Throws: `SchedulerError.lockNotAcquired` if no task has the lock.
  public func notify(_ count: Int = 1) throws(SchedulerError) {
    guard lock.isLocked else { throw SchedulerError.lockNotAcquired }
    for _ in 0..<max(0, min(count, waiters.count)) { waiters.removeLast().set() }
  }

  /// Lets all waiting tasks go on, one after the other.
  /// - Throws: `SchedulerError.lockNotAcquired` if no task has the lock.
  public func notifyAll() throws(SchedulerError) { try notify(waiters.count) }

  /// Releases the lock, waits to be notified and takes the lock again.
  ///
  /// A task that is cancelled meanwhile gives up its place and has the lock again before `CancelledError` is thrown, as
  /// in CPython, so that `withLock` never releases a lock of somebody else's.
  /// - Throws: `SchedulerError.lockNotAcquired` if no task has the lock; `CancelledError`.
  public func wait(file: StaticString = #fileID, line: UInt = #line) async throws {
    guard lock.isLocked else { throw SchedulerError.lockNotAcquired }
    let event = Event()
    waiters.append(event)
    try lock.release()
    do {
      try await event.wait(file: file, line: line)
    } catch {
      waiters.removeAll { $0 === event }
      try await lock.acquire(file: file, line: line)
      throw error
    }
    try await lock.acquire(file: file, line: line)
  }

  /// Waits until `predicate` is true; it is asked now and after each notification (`wait_for`).
  /// - Throws: as `wait()`, and errors of `predicate`.
  public func wait(
    file: StaticString = #fileID, line: UInt = #line, until predicate: @Firmware () throws -> Bool
  ) async throws {
    while try !predicate() { try await wait(file: file, line: line) }
  }
}
