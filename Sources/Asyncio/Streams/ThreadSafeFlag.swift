import Synchronization
import Timebase

/// The one way from an interrupt handler or another thread to a task. It clears itself when the waiting task
/// goes on, and one task at a time can wait for it (MicroPython's `asyncio.ThreadSafeFlag`).
public final class ThreadSafeFlag: Pollable, Sendable {
  private let isRaised = Atomic(false)
  /// Wakes the board whose task waited last; known from the first wait on.
  private let wakeSignal = Mutex<WakeSignal?>(nil)

  public init() {}

  /// Lets the waiting task go on, or the next one that waits. Callable from any thread.
  public func set() {
    isRaised.store(true, ordering: .releasing)
    wakeSignal.withLock { $0 }?.wake()
  }

  /// Takes a `set()` back that no task has seen.
  public func clear() { isRaised.store(false, ordering: .releasing) }

  /// Whether it is set; waiting would not suspend.
  public var isSet: Bool { isRaised.load(ordering: .acquiring) }

  public func poll(_ wanted: PollEvents) -> PollEvents { isSet ? wanted : [] }

  /// For the code that makes a task wait: from now on `set()` wakes this clock.
  public func attach(to clock: Clock) {
    let signal = clock.wakeSignal
    wakeSignal.withLock { $0 = signal }
  }
}
