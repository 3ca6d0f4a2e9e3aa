import Diagnostics
import Timebase

/// The scheduler that runs the calling step.
@Firmware func runningScheduler() throws(SchedulerError) -> Scheduler {
  guard let scheduler = firmwareContext.scheduler else { throw SchedulerError.noRunningTask }
  return scheduler.takeUnretainedValue()
}

@Firmware func runningBody() throws(SchedulerError) -> FirmwareTaskBody {
  guard let body = firmwareContext.body else { throw SchedulerError.noRunningTask }
  return body.takeUnretainedValue()
}

/// Puts the running task somewhere and suspends it until the scheduler comes to it again.
/// - Parameters:
///   - line: of the firmware's await; nil where that is not known.
///   - place: one of the scheduler's `...Current` methods; false if there is nothing to wait for.
/// - Throws: a cancellation, once.
@Firmware @inline(__always)
func suspend(at line: SourceLine?, _ place: (Scheduler) throws -> Bool) async throws {
  if try beginWait(at: line, place) {
    await park()
    try throwPending()
  }
}

/// Makes the running task wait until a stream is ready, for one pass of the scheduler at least.
/// - Throws: `SchedulerError.streamBusy`; a cancellation, once.
@Firmware @inline(__always)
func suspend(for stream: any Pollable, _ event: PollEvents, at line: SourceLine?) async throws {
  try await suspend(at: line) { scheduler in
    try scheduler.waitAlone(for: stream, event)
    return true
  }
}

/// Makes the running task wait until somebody wakes it in `queue`.
/// - Throws: a cancellation, once.
@Firmware @inlinable @inline(__always)
func suspend(on queue: WaitQueue, at line: SourceLine?) async throws {
  try beginWait(on: queue, at: line)
  await park()
  try throwPending()
}

@Firmware @usableFromInline
func beginWait(on queue: WaitQueue, at line: SourceLine?) throws {
  _ = try beginWait(at: line) { scheduler in
    try scheduler.waitCurrent(on: queue)
    return true
  }
}

/// Prepares a `park()`, without a hop to anywhere.
///
/// Only for callers that are isolated to `Firmware`, as all below.
@inline(__always)
func beginWait(at line: SourceLine?, _ place: (Scheduler) throws -> Bool) throws -> Bool {
  if firmwareContext.hasThrown { try takePending() }
  guard let scheduler = firmwareContext.scheduler, let body = firmwareContext.body else {
    throw SchedulerError.noRunningTask
  }
  body._withUnsafeGuaranteedRef { body in
    body.come(to: line)
    if firmwareContext.isUnowned { body.noteExecutorPreference() }
  }
  return try scheduler._withUnsafeGuaranteedRef(place)
}

/// Throws the error that was thrown into the running task, if any.
@inlinable @inline(__always)
func throwPending() throws { if firmwareContext.hasThrown { try takePending() } }

@usableFromInline @inline(never)
func takePending() throws {
  if let error = firmwareContext.body?._withUnsafeGuaranteedRef({ $0.takeThrown() }) { throw error }
}

/// Suspends the task for a time (`asyncio.sleep_ms`). Sleeps end on the board's millisecond count, so they can be up
/// to one millisecond shorter; 0 lets every task that is due have its turn.
/// - Throws: `CancelledError`.
@inlinable @inline(__always)
nonisolated(nonsending) public func sleepMs(
  _ milliseconds: Int, file: StaticString = #fileID, line: UInt = #line
) async throws {
  try await sleepMs(milliseconds, at: SourceLine(file, line))
}

@inlinable @inline(__always)
nonisolated(nonsending) func sleepMs(_ milliseconds: Int, at line: SourceLine?) async throws {
  guard try beginSleep(milliseconds, at: line) else {
    return try await sleepFromElsewhere(milliseconds, at: line)
  }
  await park()
  try throwPending()
}

/// For callers that are on no board: goes to one first.
@Firmware @usableFromInline
func sleepFromElsewhere(_ milliseconds: Int, at line: SourceLine?) async throws {
  try await sleepMs(milliseconds, at: line)
}

/// Suspends the task for a time; parts of a millisecond are dropped (`asyncio.sleep`).
/// - Throws: `CancelledError`.
@inlinable @inline(__always)
nonisolated(nonsending) public func sleep(
  _ seconds: Double, file: StaticString = #fileID, line: UInt = #line
) async throws {
  try await sleepMs(Int(Interval.seconds(seconds).milliseconds), at: SourceLine(file, line))
}

/// Suspends the task for a time; parts of a millisecond are dropped.
/// - Throws: `CancelledError`.
@inlinable @inline(__always)
nonisolated(nonsending) public func sleep(
  _ duration: Swift.Duration, file: StaticString = #fileID, line: UInt = #line
) async throws {
  try await sleepMs(Int(Interval(duration).milliseconds), at: SourceLine(file, line))
}

/// - Returns: false if the caller is not in a step of a board.
@usableFromInline
func beginSleep(_ milliseconds: Int, at line: SourceLine?) throws -> Bool {
  guard FirmwareExecutor.shared.isRunningHere else { return false }
  return try beginWait(at: line) { scheduler in
    try scheduler.sleepCurrent(milliseconds: milliseconds)
    return true
  }
}

/// Board time now.
@Firmware
public func boardTime() throws(SchedulerError) -> Instant { try runningScheduler().clock.now }

/// Keeps the processor busy (`time.sleep_us`): no other task runs meanwhile, interrupts do.
@Firmware
public func busyWait(
  _ duration: Swift.Duration, file: StaticString = #fileID, line: UInt = #line
) throws(SchedulerError) {
  let clock = try runningScheduler().clock
  clock.blockingCall(BlockingCall("busyWait", file: file, line: line)) {
    _ = clock.busy(for: Interval(duration))
  }
}
