import Diagnostics
import Synchronization
import Timebase

/// A Swift task as the scheduler sees it: steps are runs of its job.
///
/// Sendable in so far as other threads pass it on; everything inside but `boardExecutor` is touched on the thread that
/// holds `FirmwareExecutor.gate` or runs the board's scheduler between steps.
final class FirmwareTaskBody: ScheduledTask, @unchecked Sendable {
  let boardExecutor: BoardTaskExecutor
  /// Valid in steps and in `comeBack`: only the scheduler itself calls those.
  private let scheduler: Unmanaged<Scheduler>
  /// The suspended job; nil while the task runs, is away or has ended.
  private var job: UnownedJob?
  private let identity: UInt
  /// A Swift task that came in by itself (`async let`, a caller on another actor). When a step of it ends and
  /// it is not suspended, it has ended or left, and it is unknown which; so it is not registered either.
  private let isUnowned: Bool
  /// Whether the task prefers the board as its executor, as all do that began on this board. It has to run under its
  /// preference, otherwise it would go through the executor at every call.
  private var prefersBoard: Bool
  private(set) var isAway = false
  private var hasEnded = false
  private var outcome: (any Error)?
  private let madeAt: SourceLine?
  /// Whether a driver or a primitive runs it for itself: its fate is not the firmware's affair.
  var isService = false
  private var hasBegun = false
  /// The await at which it stands or which it has passed last, as far as that is known.
  private var line: SourceLine?
  /// Whether that is the one at which it stands.
  private var isLineExact = false
  /// The call in which it keeps the loop waiting.
  var call: StaticString?
  /// Thrown at the next await.
  private var thrown: (any Error)?
  /// For somebody outside of the board: called once with how the task ended, which counts as retrieving its error.
  var endObserver: (((any Error)?) -> Void)?

  /// - Parameter line: line where firmware makes the task.
  init(scheduler: Scheduler, job: UnownedJob, madeAt line: SourceLine?) {
    self.scheduler = .passUnretained(scheduler)
    self.job = job
    isUnowned = false
    prefersBoard = true
    madeAt = line
    identity = job.identity
    boardExecutor = scheduler.boardExecutor
    super.init()
    node.pointee.stepLoop = .firmware
    FirmwareExecutor.shared.register(self, for: identity)
  }

  init(scheduler: Scheduler, unowned arrival: BoardTaskExecutor.Arrival) {
    self.scheduler = .passUnretained(scheduler)
    job = arrival.job
    isUnowned = true
    prefersBoard = arrival.isNative
    madeAt = nil
    thrown = arrival.error
    identity = arrival.job.identity
    boardExecutor = scheduler.boardExecutor
    super.init()
    node.pointee.stepLoop = .firmware
  }

  deinit { if !isUnowned && !hasEnded { FirmwareExecutor.shared.unregister(nil, identity) } }

  override var isWhereaboutsExact: Bool { isLineExact && line?.isFirmwares == true }

  override var whereabouts: Diagnostic.Place? {
    if let line, line.isFirmwares || madeAt == nil { return line.place(task: name) }
    return madeAt?.place(task: name)
  }

  override var origin: Diagnostic.Place? { madeAt?.place(task: name) }

  /// Whether there may be firmware's code to run when it is cancelled.
  var mayHaveCleanUp: Bool { hasBegun && !isService }

  // MARK: Called by the scheduler

  override func resume(throwing error: (any Error)?) throws -> Progress {
    if let error { thrown = error }
    // Not through `self` from here on: others may run, and this one may be gone when the last of them has suspended.
    let last = FirmwareTaskBody.runSteps(from: self, of: scheduler)
    return last.hasSuspended ? .suspended : last.body._withUnsafeGuaranteedRef { $0.ended() }
  }

  /// Runs the task's step and, when that has suspended, those of the Swift tasks that are next.
  /// - Returns: the task whose step was the last.
  private static func runSteps(
    from first: FirmwareTaskBody, of scheduler: Unmanaged<Scheduler>
  ) -> (body: Unmanaged<FirmwareTaskBody>, hasSuspended: Bool) {
    let executor = FirmwareExecutor.shared
    let alarm = scheduler._withUnsafeGuaranteedRef { $0.stepAlarm }
    return executor.withGate {
      firmwareContext.scheduler = scheduler
      var body = Unmanaged.passUnretained(first)
      var hasSuspended = true
      while true {
        hasSuspended = body._withUnsafeGuaranteedRef { $0.runStep(on: executor, alarm) }
        guard hasSuspended, let next = scheduler._withUnsafeGuaranteedRef({ $0.switchFirmwareTask() })
        else { break }
        // Invariant: only bodies are stepped in this loop (`StepLoop.firmware`); live tasks are retained.
        body = .fromOpaque(next.pointee.owner.toOpaque())
      }
      firmwareContext.ending = nil
      firmwareContext.body = nil
      firmwareContext.scheduler = nil
      return (body, hasSuspended)
    }
  }

  /// Runs the task's job until it suspends, leaves or ends; false unless it has suspended. There is none while the task
  /// is away.
  @inline(__always) private func runStep(on executor: FirmwareExecutor, _ alarm: StepAlarm?) -> Bool {
    guard let job else { return true }
    hasBegun = true
    alarm?.stepBegins(at: line ?? madeAt)
    firmwareContext.body = .passUnretained(self)
    firmwareContext.hasThrown = thrown != nil
    firmwareContext.isUnowned = isUnowned
    firmwareContext.job = nil
    run(job, on: executor)
    if hasEnded, let rest = firmwareContext.job {
      firmwareContext.job = nil
      run(rest, on: executor)
    }
    self.job = firmwareContext.job
    alarm?.stepEnds()
    return self.job != nil
  }

  /// `park` ends on the firmware's executor instead of its own: that saves a second hop, and nothing runs there.
  @inline(__always) private func run(_ job: UnownedJob, on executor: FirmwareExecutor) {
    if prefersBoard {
      job.runSynchronously(
        isolatedTo: executor.asUnownedSerialExecutor(), taskExecutor: boardExecutor.asUnownedTaskExecutor())
    } else {
      job.runSynchronously(on: executor.asUnownedSerialExecutor())
    }
  }

  private func ended() -> Progress {
    if hasEnded {
      guard let outcome else { return .returned }
      return outcome is CancelledError ? .cancelled(outcome) : .raised(outcome)
    }
    if isUnowned { return .returned }
    isAway = true
    scheduler._withUnsafeGuaranteedRef {
      $0.awayCount += 1
      $0.holdsTime = true
    }
    return .suspended
  }

  /// The task has come back from another actor.
  func comeBack(_ job: UnownedJob) {
    self.job = job
    if isAway {
      isAway = false
      scheduler._withUnsafeGuaranteedRef { $0.awayCount -= 1 }
    }
    // The task may have been cancelled in the meantime; its next await throws that.
    if let error = pendingError { thrown = error }
    scheduler._withUnsafeGuaranteedRef { $0.push(node) }
  }

  override func didFinish() {
    guard let observer = endObserver else { return }
    endObserver = nil
    node.pointee.state = .done
    observer(failure)
  }

  /// An unowned job belongs to somebody else, who may wait for its end: it goes on elsewhere, with an error.
  override func schedulerWillGo() {
    guard isUnowned, !prefersBoard, let job else { return }
    self.job = nil
    FirmwareExecutor.shared.adopt(
      BoardTaskExecutor.Arrival(job: job, body: nil, isNative: false, error: SchedulerError.runEnded))
  }

  // MARK: Called by the task's own code, inside a step

  /// It comes to this line of the firmware; nil for one that is not known.
  @inline(__always) func come(to line: SourceLine?) {
    isLineExact = line != nil
    if let line { self.line = line }
  }

  func end(with error: (any Error)?) {
    hasEnded = true
    outcome = error
    FirmwareExecutor.shared.unregister(self, identity)
    firmwareContext.ending = identity
  }

  /// An unowned task is asked when it suspends, which is the first time that it can be.
  func noteExecutorPreference() {
    let preferred = withUnsafeCurrentTask { $0?.unownedTaskExecutor }
    prefersBoard = preferred == boardExecutor.asUnownedTaskExecutor()
  }

  func takeThrown() -> (any Error)? {
    firmwareContext.hasThrown = false
    defer { thrown = nil }
    return thrown
  }
}

extension Scheduler {
  func takeArrivals() {
    // Between two steps: the task that ran last is one like the others.
    state.pointee.current = nil
    boardExecutor.beginTaking()
    for order in boardExecutor.takeOrders() { order.begin(on: self) }
    for arrival in boardExecutor.takeAll() {
      if let body = arrival.body {
        body.comeBack(arrival.job)
      } else {
        start(
          FirmwareTaskBody(scheduler: self, unowned: arrival))
      }
    }
  }
}
