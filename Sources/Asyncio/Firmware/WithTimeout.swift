import Timebase

/// Runs `body` in the calling task, but not longer than a time (`asyncio.timeout` in CPython). Unlike `waitFor` it needs no
/// task for what is limited, so `body` may use what the caller has.
/// - Throws: `TimeoutError` when the time was over and `body` ended with the cancellation that it then got; what `body`
///   throws; `CancelledError`.
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
