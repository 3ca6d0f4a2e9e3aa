import Timebase

/// Suspends the task for a time (`asyncio.sleep_ms`). Sleeps end on the board's millisecond count, so they can be up
/// to one millisecond shorter; 0 lets every task that is due have its turn.
/// - Throws: `CancelledError`.
@Firmware
public func sleepMs(_ milliseconds: Int) async throws {
  if firmwareContext.hasThrown { try throwPending() }
  guard let scheduler = firmwareContext.scheduler else { throw SchedulerError.noRunningTask }
  try scheduler._withUnsafeGuaranteedRef { try $0.sleepCurrent(milliseconds: milliseconds) }
  await park()
  if firmwareContext.hasThrown { try throwPending() }
}

/// Suspends the task for a time; parts of a millisecond are dropped (`asyncio.sleep`).
/// - Throws: `CancelledError`.
@Firmware
public func sleep(_ seconds: Double) async throws {
  try await sleepMs(Int(Interval.seconds(seconds).milliseconds))
}

/// Suspends the task for a time; parts of a millisecond are dropped.
/// - Throws: `CancelledError`.
@Firmware
public func sleep(_ duration: Swift.Duration) async throws {
  try await sleepMs(Int(Interval(duration).milliseconds))
}

/// Board time now.
@Firmware
public func boardTime() throws -> Instant { try runningScheduler().clock.now }

/// Keeps the processor busy (`time.sleep_us`): no other task runs meanwhile, interrupts do.
@Firmware
public func busyWait(_ duration: Swift.Duration) throws {
  try runningScheduler().clock.busy(for: Interval(duration))
}
