import Timebase

/// The scheduler that runs the calling step.
@Firmware func runningScheduler() throws -> Scheduler {
  guard let scheduler = firmwareContext.scheduler else { throw SchedulerError.noRunningTask }
  return scheduler.takeUnretainedValue()
}

@Firmware func runningBody() throws -> FirmwareTaskBody {
  guard let body = firmwareContext.body else { throw SchedulerError.noRunningTask }
  return body.takeUnretainedValue()
}

/// Puts the running task somewhere and suspends it until the scheduler comes to it again.
/// - Parameter place: one of the scheduler's `...Current` methods; false if there is nothing to wait for.
/// - Throws: a cancellation, once.
@Firmware func suspend(_ place: (Scheduler) throws -> Bool) async throws {
  try throwPending()
  guard let scheduler = firmwareContext.scheduler else { throw SchedulerError.noRunningTask }
  if try scheduler._withUnsafeGuaranteedRef(place) {
    await park()
    try throwPending()
  }
}

/// Throws what was thrown into the running task, if anything.
@Firmware @inline(__always) func throwPending() throws {
  if firmwareContext.hasThrown, let body = firmwareContext.body,
    let error = body._withUnsafeGuaranteedRef({ $0.takeThrown() })
  {
    throw error
  }
}
