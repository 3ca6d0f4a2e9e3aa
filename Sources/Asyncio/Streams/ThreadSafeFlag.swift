import Diagnostics
import Synchronization
import Timebase

/// The one way from an interrupt handler or another thread to a task. It clears itself when the waiting task
/// goes on, and one task at a time can wait for it (MicroPython's `asyncio.ThreadSafeFlag`).
///
/// It remembers that it was set, not how often. Items that must not get lost belong in a `ThreadSafeQueue`.
public final class ThreadSafeFlag: Pollable, Sendable {
  private struct State: Sendable {
    /// Wakes the board whose task waited last; known from the first wait on.
    var wakeSignal: WakeSignal?
    /// The line of the first `set` that was one too many.
    var lostAt: SourceLine?
  }

  /// Stored with release, so that a thread that finds it set sees what was written before `set`. Cleared by
  /// exchanges that acquire: a store would wipe out a `set` that came since the flag was looked at, and leave
  /// writes before that one unseen.
  private let isRaised = Atomic(false)
  /// Whether a task has waited for it since it was made. Relaxed, as `hasLoss`: they only decide what to
  /// report, and order nothing.
  private let isAwaited = Atomic(false)
  /// Whether `State.lostAt` is known.
  private let hasLoss = Atomic(false)
  private let state = Mutex(State())

  public init() {}

  /// Lets the waiting task go on, or the next one that waits. Callable from any thread.
  /// - Parameter eventIsKept: whether the event is kept elsewhere: counted, or in a buffer. Then nothing is
  ///   lost when the task sees this call and the one before it as one (`flag-set-twice`).
  public func set(eventIsKept: Bool = false, file: StaticString = #fileID, line: UInt = #line) {
    if eventIsKept { raise() } else { setOnce(at: SourceLine(file, line)) }
  }

  /// Each call is an event of its own.
  /// - Parameter line: of the firmware that sets it.
  func setOnce(at line: SourceLine) {
    // Two threads at once may both find it clear; that costs a finding, and an exchange would cost every `set`.
    if isRaised.load(ordering: .relaxed), isAwaited.load(ordering: .relaxed) { noteLoss(at: line) }
    raise()
  }

  func raise() {
    isRaised.store(true, ordering: .releasing)
    // The lock orders this and `attach`: either the task that begins to wait is known here, or it looks at the flag after
    // this has been stored.
    state.withLock { $0.wakeSignal }?.wake()
  }

  /// Takes a `set()` back that no task has seen.
  public func clear() {
    _ = isRaised.exchange(false, ordering: .acquiringAndReleasing)
    // The task that clears it wants to know nothing of earlier sets.
    if hasLoss.load(ordering: .relaxed) { _ = takeLoss() }
  }

  /// Whether it is set; waiting would not suspend.
  public var isSet: Bool { isRaised.load(ordering: .acquiring) }

  public func poll(_ wanted: PollEvents) -> PollEvents { isSet ? wanted : [] }

  /// For the code that makes a task wait: from now on `set()` wakes this clock.
  public func attach(to clock: Clock) {
    let signal = clock.wakeSignal
    state.withLock { $0.wakeSignal = signal }
  }

  // MARK: For a waiting task

  func noteWait() { isAwaited.store(true, ordering: .relaxed) }

  /// Clears it for the task that has waited for it.
  /// - Returns: the line where it was set once too often, if it was.
  func take() -> SourceLine? {
    _ = isRaised.exchange(false, ordering: .acquiringAndReleasing)
    return hasLoss.load(ordering: .relaxed) ? takeLoss() : nil
  }

  private func noteLoss(at line: SourceLine) {
    state.withLock { if $0.lostAt == nil { $0.lostAt = line } }
    hasLoss.store(true, ordering: .relaxed)
  }

  private func takeLoss() -> SourceLine? {
    hasLoss.store(false, ordering: .relaxed)
    return state.withLock { $0.lostAt.take() }
  }
}
