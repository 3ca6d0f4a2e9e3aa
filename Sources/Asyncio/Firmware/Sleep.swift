import Timebase

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
  blockingCall("busyWait", at: SourceLine(file, line)) { _ = clock.busy(for: Interval(duration)) }
}
