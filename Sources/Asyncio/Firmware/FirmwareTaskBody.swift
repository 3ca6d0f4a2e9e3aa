import Synchronization
import Timebase

/// A Swift task as the scheduler sees it: steps are runs of its job.
///
/// Sendable in so far as other threads pass it on; everything inside but `sideDoor` is touched on the thread that
/// holds `FirmwareExecutor.gate` or runs the board's scheduler between steps.
final class FirmwareTaskBody: ScheduledTask, @unchecked Sendable {
  let sideDoor: SideDoor
  /// Valid in steps and in `comeBack`: only the scheduler itself calls those.
  private let scheduler: Unmanaged<Scheduler>
  /// The suspended job; nil while the task runs, is away or has ended.
  private var job: UnownedJob?
  private let identity: UInt
  /// A Swift task that came in by itself (`async let`, a caller on another actor). When a step of it ends and it is not
  /// suspended, it has ended or left, and nobody can tell which.
  private let isGuest: Bool
  private(set) var isAway = false
  private var hasEnded = false
  private var outcome: (any Error)?
  /// Thrown at the next await.
  private var thrown: (any Error)?

  init(scheduler: Scheduler, job: UnownedJob, isGuest: Bool) {
    self.scheduler = .passUnretained(scheduler)
    self.job = job
    self.isGuest = isGuest
    identity = job.identity
    sideDoor = scheduler.sideDoor
    super.init()
    FirmwareExecutor.shared.register(self, for: job)
  }

  deinit { FirmwareExecutor.shared.unregister(nil, identity) }

  // MARK: Called by the scheduler

  override func resume(throwing error: (any Error)?) throws -> Progress {
    if let error { thrown = error }
    guard let job else { return .suspended }
    let executor = FirmwareExecutor.shared
    self.job = executor.withGate {
      firmwareContext.body = .passUnretained(self)
      firmwareContext.scheduler = scheduler
      firmwareContext.hasThrown = thrown != nil
      firmwareContext.job = nil
      // `park` ends on this executor instead of its own: that saves a second hop, and nothing runs there.
      job.runSynchronously(on: executor.asUnownedSerialExecutor())
      firmwareContext.body = nil
      firmwareContext.scheduler = nil
      return firmwareContext.job
    }
    if self.job != nil { return .suspended }
    return ended()
  }

  private func ended() -> Progress {
    if hasEnded || isGuest { FirmwareExecutor.shared.unregister(self, identity) }
    if hasEnded {
      guard let outcome else { return .returned }
      return outcome is CancelledError ? .cancelled(outcome) : .raised(outcome)
    }
    if isGuest { return .returned }
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
    // Somebody may have cancelled it in the meantime; it is told at its next await.
    if let error = pendingError { thrown = error }
    scheduler._withUnsafeGuaranteedRef { $0.push(node) }
  }

  // MARK: Called by the task's own code, inside a step

  func end(with error: (any Error)?) {
    hasEnded = true
    outcome = error
  }

  func takeThrown() -> (any Error)? {
    firmwareContext.hasThrown = false
    defer { thrown = nil }
    return thrown
  }
}

extension Scheduler {
  func admitArrivals() {
    for arrival in sideDoor.takeAll() {
      if let body = arrival.body {
        body.comeBack(arrival.job)
      } else {
        start(FirmwareTaskBody(scheduler: self, job: arrival.job, isGuest: true))
      }
    }
  }
}
