/// A sleep that is asked for first and begun later, as by a call whose result is awaited; one at a time.
///
/// For languages whose `sleep` gives every task the same object to await, so that a sleep allocates nothing.
public final class SleepRequest {
  private let scheduler: Scheduler
  /// The scheduler's, which is kept.
  private let state: UnsafeMutablePointer<Scheduler.State>
  /// Ticks at which the sleep ends; `none` when there is none.
  private var due = SleepRequest.none
  /// Ticks when it was asked for.
  private var now: Int64 = 0

  private static let none = Int64.min

  public init(_ scheduler: Scheduler) {
    self.scheduler = scheduler
    state = scheduler.state
  }

  /// Whether a sleep was asked for and has not begun.
  public var isPending: Bool { due != SleepRequest.none }

  /// Asks for a sleep from now on; negative times count as zero.
  /// - Returns: false, with nothing changed, while another one is pending.
  public func ask(milliseconds: Int) -> Bool {
    guard due == SleepRequest.none else { return false }
    now = scheduler.ticks
    due = now &+ Int64(max(0, milliseconds))
    return true
  }

  /// Puts the running task to sleep.
  /// - Returns: false when nothing was asked for or no task runs.
  @inline(__always) public func begin() -> Bool {
    guard due != SleepRequest.none else { return false }
    let due = due
    self.due = SleepRequest.none
    guard let node = state.pointee.current else { return false }
    scheduler.push(node, due: due, now: now)
    return true
  }

  /// `ask` and `beginAndSwitch` in one, for a call that is awaited at once.
  /// - Parameter cost: nanoseconds of processor time that pass after the call, before the task goes to sleep.
  /// - Returns: the result of `Scheduler.switchTask`, but 0 with nothing done: the sleep has to be asked for
  ///   and begun.
  public func sleepAndSwitch(milliseconds: Int, charging cost: Int64) -> UInt64 {
    due == SleepRequest.none ? scheduler.sleepAndSwitch(milliseconds: milliseconds, after: cost) : 0
  }

  /// Puts the running task to sleep and begins the next one's step at once.
  /// - Returns: the result of `Scheduler.switchTask`; nil when nothing was asked for or no task runs.
  public func beginAndSwitch() -> UInt64? { begin() ? scheduler.switchTask() : nil }
}
