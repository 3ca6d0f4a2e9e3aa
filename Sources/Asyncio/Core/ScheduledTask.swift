import Diagnostics
import Timebase

/// A task as the scheduler sees it, whatever language its body is written in.
///
/// Subclasses run the body in `resume(throwing:)`. To suspend, the body first puts its task somewhere with one of
/// `Scheduler`'s `...Current` methods (`sleepCurrent`, `waitCurrent(on:)`, `awaitCurrent(_:)`, `waitCurrent(for:_:)`,
/// `parkCurrent()`), then `resume` returns `.suspended`.
open class ScheduledTask {
  /// How a step of a task ended.
  public enum Progress {
    /// It waits; it has put itself somewhere, or was taken away by another actor.
    case suspended
    case returned
    /// It ended with the cancellation that was thrown into it.
    case cancelled(any Error)
    /// It ended with an error.
    case raised(any Error)
  }

  /// MicroPython's `Task.state`.
  public enum State: UInt8, Sendable {
    /// Not finished, and nobody waits for its end (`True`).
    case running
    /// Not finished, and has been awaited (a `TaskQueue`).
    case awaited
    /// Not finished, with a callback for its end (a callable).
    case observed
    /// Finished, and nobody has taken notice (`None`).
    case doneUnawaited
    /// Finished, and its end was noticed (`False`).
    case done
  }

  let node: NodePointer
  /// The error to be thrown while `node.hasPendingError`; nil for a cancellation that carries nothing.
  var pending: (any Error)?
  private var awaitsSinceCancellation = 0

  /// How a finished task ended: nil when it returned. Nil too while it runs.
  public internal(set) var failure: (any Error)?
  /// For diagnostics.
  public var name = ""

  public init() {
    node = .allocate(capacity: 1)
    // The owner frees the node in deinit, so the unretained reference is valid as long as the node is.
    node.initialize(to: TaskNode(owner: .passUnretained(self)))
  }

  deinit {
    node.waiters.abandonAll()
    node.deinitialize(count: 1)
    node.deallocate()
  }

  // MARK: For subclasses to override

  /// Runs the body until it suspends or ends.
  /// - Parameter error: to be thrown at the await where the body stands (before its first line if it has not begun).
  /// - Throws: an error that must end the run as a whole, as `KeyboardInterrupt` does; the task is then lost.
  open func resume(throwing error: (any Error)?) throws -> Progress { .returned }

  /// The same for a cancellation that carries nothing.
  open func resumeCancelled() throws -> Progress { try resume(throwing: CancelledError()) }

  /// Called once, after `state` and `failure` are set and before any waiting task runs.
  open func didFinish() {}

  /// The scheduler goes, and the task with it.
  func schedulerWillGo() {}

  /// Called when the task has ended with an error still waiting to be thrown into it: a cancellation was
  /// passed on to it while it ran, and there was no further await to deliver it at.
  /// - Throws: an error that must end the run.
  open func didMissError() throws {}

  /// The default exception handler: the task ended with an error which nobody retrieved.
  open func reportUnretrieved(_ error: any Error) throws {
    writeUnretrieved(task: name.isEmpty ? "task" : name, error: error)
  }

  // MARK: Diagnostics

  /// The place of the suspended task in its source, if that is known.
  open var whereabouts: Diagnostic.Place? { nil }

  /// Whether `whereabouts` is where the task stands now, not merely its last known place.
  var isWhereaboutsExact: Bool { true }

  /// The place where it was made, if that is known.
  open var origin: Diagnostic.Place? { nil }

  /// The object of the suspended task's wait, in words; `nil` for what the scheduler knows itself.
  open var awaitedThing: String? { nil }
  /// The place where the task caught the cancellation that it has swallowed, if that is known better than
  /// `whereabouts`.
  open var swallowingPlace: Diagnostic.Place? { nil }

  /// A cancellation is about to be thrown into the task.
  open func noteCancellation(at instant: Instant) {
    awaitsSinceCancellation = 0
  }

  /// Asked each time that the task suspends after a cancellation: whether it has caught that and goes on. A task whose
  /// position in the source is not known is given some awaits to clean up.
  open func hasSwallowedCancellation(now: Instant) -> Bool {
    awaitsSinceCancellation += 1
    return awaitsSinceCancellation > 10
  }

  /// The body language's means to run a step of the body without `resume` (`Scheduler.switchTask`); 0 when
  /// only `resume` can.
  public var resumeToken: UInt64 {
    get { node.pointee.resumeToken }
    set {
      node.pointee.resumeToken = newValue
      node.pointee.stepLoop = newValue == 0 ? .none : .port
    }
  }

  // MARK: State

  public var state: State { node.pointee.state }
  public var isDone: Bool { node.pointee.isDone }
  /// Whether the scheduler knows it: it runs, is due, sleeps or waits.
  public var isLive: Bool { node.pointee.isLive }
  /// Whether it was cancelled and has not come to an end since.
  public var isBeingCancelled: Bool { node.pointee.wasCancelled || pendingError is CancelledError }

  /// When the task is or was due, in whole milliseconds of board time (`ph_key`).
  public var due: Int64 { node.pointee.due }

  /// The task that this one awaits.
  public var awaitedTask: ScheduledTask? { node.pointee.awaited?.pointee.owner.takeUnretainedValue() }

  /// Thrown at the next resumption. Setting it replaces a cancellation by an error that carries more.
  public var pendingError: (any Error)? {
    get { node.pointee.hasPendingError ? pending ?? CancelledError() : nil }
    set {
      pending = newValue
      node.pointee.hasPendingError = newValue != nil
    }
  }

  /// Whether the task merely runs, sleeps or is due: it waits for nothing else and has no error pending (MicroPython's
  /// `task.data is None`).
  public var isMerelyScheduled: Bool {
    guard !node.pointee.hasPendingError, node.pointee.awaited == nil else { return false }
    switch node.pointee.place {
    case .nowhere, .ready, .timed: return !isDone
    case .waiting, .stream, .parked: return false
    }
  }

  /// Whether it waits in `parkCurrent()`.
  public var isParked: Bool { node.pointee.place == .parked }

  /// Throws `CancelledError` into the task where it stands, once. A task that awaits another one passes the
  /// cancellation on to that, and goes on with the other one's result.
  /// - Returns: false if the task is done already.
  /// - Throws: `SchedulerError.cannotCancelSelf`.
  @discardableResult
  public final func cancel() throws(SchedulerError) -> Bool {
    if isDone { return false }
    // A task that was never started, or that `Scheduler.reset()` dropped, stands nowhere that an error could reach.
    guard let scheduler = node.pointee.scheduler else { return true }
    return try scheduler.takeUnretainedValue().cancel(node)
  }
}
