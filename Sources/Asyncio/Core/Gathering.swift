/// One task's wait for several others, as MicroPython's `gather` does it; for tasks in any language.
///
/// Use: make it, `add` the tasks, `prepare`, suspend if `begin()` returns true, then call `conclude` and take
/// the results from the tasks.
open class Gathering {
  /// Invariant: the owners are retained.
  private var nodes: [NodePointer] = []
  private let keepsErrors: Bool
  /// Retained, because a gathering may outlive the wait.
  let waiter: ScheduledTask
  private let scheduler: Scheduler
  private var remaining = 0
  private var firstError: (any Error)?
  /// A task had failed before: there is nothing to wait for.
  private var hasFailedEarly = false

  /// - Parameters:
  ///   - count: how many tasks there will be.
  ///   - keepsErrors: whether errors of the tasks are results like others (`return_exceptions`).
  public init(on scheduler: Scheduler, reserving count: Int, keepsErrors: Bool) throws(SchedulerError) {
    guard let waiter = scheduler.current else { throw SchedulerError.noRunningTask }
    self.keepsErrors = keepsErrors
    self.waiter = waiter
    self.scheduler = scheduler
    nodes.reserveCapacity(count)
  }

  deinit {
    for node in nodes {
      if gathers(node) { node.pointee.gathering = nil }
      node.pointee.owner.release()
    }
  }

  /// Adds a task, in the order of the results.
  public func add(_ task: ScheduledTask) {
    _ = task.node.pointee.owner.retain()
    nodes.append(task.node)
  }

  /// Calls `body` with every task, in order. They live as long as this does.
  public func forEachTask(_ body: (ScheduledTask) -> Void) {
    for node in nodes { node.pointee.owner._withUnsafeGuaranteedRef(body) }
  }

  public var count: Int { nodes.count }

  /// Registers with the tasks, so that their ends are reported to it.
  /// - Throws: `SchedulerError.cannotGather` if a task is being awaited or gathered already. In MicroPython those before it
  ///   then keep a callback that fails when they end; see `abandon` and `release`.
  public func prepare() throws(SchedulerError) {
    for node in nodes {
      if scheduler.isOfAnotherLoop(node) { throw .taskOfAnotherLoop }
      switch node.pointee.state {
      case .doneUnawaited, .done:
        if !keepsErrors && hasFailed(node) { hasFailedEarly = true }
      case .running:
        node.pointee.state = .observed
        node.pointee.gathering = .passUnretained(self)
        remaining += 1
      case .awaited, .observed:
        throw SchedulerError.cannotGather
      }
    }
  }

  /// Parks the current task if it has to wait.
  /// - Returns: whether it does.
  public func begin() throws(SchedulerError) -> Bool {
    guard remaining > 0 && !hasFailedEarly else { return false }
    try scheduler.parkCurrent()
    return true
  }

  /// Ends the observation of the tasks that still run.
  /// - Parameter cancellation: the error thrown into the waiting task; it is passed on to the tasks that
  ///   still run.
  /// - Throws: the cancellation, or else the first error unless errors are kept.
  public func conclude(cancellation: (any Error)? = nil) throws {
    var error = cancellation ?? firstError
    for node in nodes {
      if node.pointee.state == .observed {
        release(node)
        if cancellation != nil && node.pointee.isLive { _ = try scheduler.cancel(node) }
      } else if !keepsErrors && error == nil {
        error = node.pointee.owner._withUnsafeGuaranteedRef { $0.failure }
      }
    }
    if let error { throw error }
  }

  /// Leaves the tasks behind that `prepare` came to before it failed: the first of them to end ends the run, by
  /// `SchedulerError.brokenGather`.
  public func abandon() {
    for node in nodes where gathers(node) {
      node.pointee.gathering = nil
      node.pointee.hasBrokenGather = true
    }
  }

  /// Gives the tasks up.
  public func release() {
    for node in nodes where gathers(node) { release(node) }
  }

  private func hasFailed(_ node: NodePointer) -> Bool {
    node.pointee.owner._withUnsafeGuaranteedRef { $0.failure != nil }
  }

  private func gathers(_ node: NodePointer) -> Bool {
    node.pointee.gathering?.toOpaque() == Unmanaged.passUnretained(self).toOpaque()
  }

  private func release(_ node: NodePointer) {
    node.pointee.gathering = nil
    node.pointee.state = .running
  }

  /// A task of these has ended with this error, or without.
  func taskDidEnd(_ error: (any Error)?) {
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
