import Diagnostics
import Timebase

/// Waits for a task, but not longer than a time (`asyncio.wait_for_ms`).
/// - Throws: `TimeoutError` after the task was cancelled and has ended; the error that the task ends with; a
///   cancellation of the waiting task, which is passed on.
@Firmware
public func waitForMs<Success>(
  _ task: FirmwareTask<Success>, _ milliseconds: Int,
  file: StaticString = #fileID, line: UInt = #line
) async throws -> Success {
  let line = SourceLine(file, line)
  let waiter = try runningBody()
  let runner = createService(name: "waitFor", at: line) {
    let outcome: Result<Any, any Error>
    do { outcome = .success(try await task.value) } catch { outcome = .failure(error) }
    // Otherwise the time is over, or somebody else has cancelled it. As in MicroPython, it may have left `waitFor` after
    // a cancellation; then this one reaches it wherever it waits now.
    if waiter.isMerelyScheduled, try waiter.cancel() {
      waiter.pendingError = CancelledError(endedWait: EndedWait(outcome: outcome))
    }
  }
  do {
    try await sleepMs(milliseconds, at: line)
  } catch {
    guard let ended = (error as? CancelledError)?.endedWait else {
      try runner.cancel()
      throw error
    }
    guard let success = try ended.outcome.get() as? Success else { throw CancelledError() }
    return success
  }
  try runner.cancel()
  try await runner.value
  throw TimeoutError()
}

/// Runs a function as a task and waits for it, but not longer than a time.
/// - Throws: as `waitForMs(_:_:)` for tasks.
@Firmware
public func waitForMs<Success>(
  _ milliseconds: Int, file: StaticString = #fileID, line: UInt = #line,
  _ operation: @escaping @Firmware () async throws -> Success
) async throws -> Success {
  try await waitForMs(
    createTask(file: file, line: line, operation), milliseconds, file: file, line: line)
}

/// Waits for a task, but not longer than a time in seconds (`asyncio.wait_for`).
/// - Throws: as `waitForMs(_:_:)`.
@Firmware
public func waitFor<Success>(
  _ task: FirmwareTask<Success>, _ seconds: Double,
  file: StaticString = #fileID, line: UInt = #line
) async throws -> Success {
  try await waitForMs(
    task, Int(Interval.seconds(seconds).milliseconds), file: file, line: line)
}

/// Runs a function as a task and waits for it, but not longer than a time in seconds.
/// - Throws: as `waitForMs(_:_:)`.
@Firmware
public func waitFor<Success>(
  _ seconds: Double, file: StaticString = #fileID, line: UInt = #line,
  _ operation: @escaping @Firmware () async throws -> Success
) async throws -> Success {
  try await waitFor(
    createTask(file: file, line: line, operation), seconds, file: file, line: line)
}

/// Runs `body` in the calling task, but not longer than a time (`asyncio.timeout` in CPython). Unlike
/// `waitFor` it needs no task for the limited code, so `body` may use the caller's variables.
/// - Throws: `TimeoutError` when the time was over and `body` ended with the cancellation that it then got;
///   errors of `body`; `CancelledError`.
@Firmware
public func withTimeout<Result>(
  milliseconds: Int, file: StaticString = #fileID, line: UInt = #line,
  _ body: @Firmware () async throws -> Result
) async throws -> Result {
  let current = try currentTask()
  let timer = createService(name: "withTimeout", at: SourceLine(file, line)) {
    try await sleepMs(milliseconds, at: nil)
    return try current.cancel()
  }
  do {
    let result = try await body()
    try timer.cancel()
    return result
  } catch {
    if error is CancelledError, timer.isDone, case .success(true) = timer.outcome { throw TimeoutError() }
    try timer.cancel()
    throw error
  }
}

/// Runs `body` in the calling task, but not longer than a time; parts of a millisecond are dropped.
/// - Throws: as `withTimeout(milliseconds:_:)`.
@Firmware
public func withTimeout<Result>(
  _ duration: Swift.Duration, file: StaticString = #fileID, line: UInt = #line,
  _ body: @Firmware () async throws -> Result
) async throws -> Result {
  try await withTimeout(
    milliseconds: Int(Interval(duration).milliseconds), file: file, line: line, body)
}
