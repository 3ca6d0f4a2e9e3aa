/// One task's wait for several others, as MicroPython's `gather` does it; for tasks in any language.
///
/// Use: make it, suspend if `begin()` says so, then call `conclude` and take the results from the tasks.
public final class Gathering {
  private let tasks: [ScheduledTask]
  private let keepsErrors: Bool
  private unowned let waiter: ScheduledTask
  private let scheduler: Scheduler
  private var remaining = 0
  private var firstError: (any Error)?
  /// A task had failed before: there is nothing to wait for.
  private var hasFailedEarly = false

  /// - Parameter keepsErrors: whether errors of the tasks are results like others (`return_exceptions`).
  /// - Throws: `SchedulerError.cannotGather` if a task is being awaited or gathered already.
  public init(_ tasks: [ScheduledTask], on scheduler: Scheduler, keepsErrors: Bool) throws {
    guard let waiter = scheduler.current else { throw SchedulerError.noRunningTask }
    self.tasks = tasks
    self.keepsErrors = keepsErrors
    self.waiter = waiter
    self.scheduler = scheduler
    for (index, task) in tasks.enumerated() {
      if task.isDone {
        if task.failure != nil && !keepsErrors { hasFailedEarly = true }
        continue
      }
      do {
        try task.observe { [weak self] _, error in self?.taskDidEnd(error) }
      } catch {
        for observed in tasks[..<index] { observed.stopObserving() }
        throw error
      }
      remaining += 1
    }
  }

  /// Parks the current task if it has to wait.
  /// - Returns: whether it does.
  public func begin() throws -> Bool {
    guard remaining > 0 && !hasFailedEarly else { return false }
    try scheduler.parkCurrent()
    return true
  }

  /// Ends the observation of what still runs.
  /// - Parameter cancellation: what was thrown into the waiting task; it is passed on to the tasks that still run.
  /// - Throws: the cancellation, or else the first error unless errors are kept.
  public func conclude(cancellation: (any Error)? = nil) throws {
    var error = cancellation ?? firstError
    for task in tasks {
      if task.state == .observed {
        task.stopObserving()
        if cancellation != nil { try task.cancel() }
      } else if let failure = task.failure, !keepsErrors, error == nil {
        error = failure
      }
    }
    if let error { throw error }
  }

  private func taskDidEnd(_ error: (any Error)?) {
    // Not parked any more: another task's error or a cancellation has woken it already.
    guard waiter.isParked else { return }
    if let error, !keepsErrors {
      firstError = error
    } else {
      remaining -= 1
      if remaining > 0 { return }
    }
    scheduler.makeReady(waiter)
  }
}
