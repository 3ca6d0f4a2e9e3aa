import Diagnostics

/// A value that a run lends to its firmware: the thread that calls `run` has it before and after, and the firmware's steps run on that very thread
/// meanwhile.
private struct Loan<Value>: @unchecked Sendable { let value: Value }

extension Scheduler {
  /// Runs Swift firmware as `run(_:)` does, with something that only one thread may have, such as a board: the firmware has it
  /// until this returns. Tasks that the firmware leaves behind have it in the next run.
  @available(*, noasync, message: "a run holds its thread; use `await Scheduler.onThreadOfItsOwn { … }`")
  @discardableResult
  public func run<Lent, Success: Sendable>(
    lending lent: Lent, file: StaticString = #fileID, line: UInt = #line,
    _ main: @escaping @Firmware (Lent) async throws -> Success
  ) throws -> Success {
    let loan = Loan(value: lent)
    return try run(file: file, line: line) { try await main(loan.value) }
  }

  /// Runs Swift firmware until `main` returns (`asyncio.run`). Tasks that it leaves behind stay queued, and go on in
  /// the next run unless `reset()` is called.
  /// - Returns: the result of `main`.
  /// - Throws: the error of `main`; `SchedulerError.stalled`, `.poweredOff` or `.mainTaskUnfinished` when the
  ///   run ends without it; `.alreadyRunning` when a task calls this.
  @available(*, noasync, message: "a run holds its thread; use `await Scheduler.onThreadOfItsOwn { … }`")
  @discardableResult
  public func run<Success: Sendable>(
    file: StaticString = #fileID, line: UInt = #line,
    _ main: @escaping @Firmware () async throws -> Success
  ) throws -> Success {
    let executor = FirmwareExecutor.shared
    if executor.isRunningHere {
      reportNestedRun(at: SourceLine(file, line))
      throw SchedulerError.alreadyRunning
    }
    // Leftovers of a run that an error or Ctrl-C has ended surprise nobody, so they are not reported.
    if hasRunToItsEnd { reportLeftovers(at: SourceLine(file, line)) }
    hasRunToItsEnd = false
    if clock.expectsStimuli { boardExecutor.expectsOthers.store(true, ordering: .relaxed) }
    executor.adoptUnownedJobs(boardExecutor)
    let observer = FirmwareRun(self)
    defer {
      withExtendedLifetime(observer) {}
      executor.stopAdopting(boardExecutor)
      boardExecutor.abandonOrders(SchedulerError.runEnded)
    }
    let result = TaskResult<Success>()
    let body = executor.withGate { FirmwareTaskBody.make(on: self, result: result, at: nil, main) }
    body.name = "main"
    start(body)
    let outcome: RunOutcome
    do { outcome = try run(until: body) } catch let error as TimeoutError {
      reportTimeout(of: body)
      throw error
    }
    switch outcome {
    case .finished:
      guard let success = result.success else { throw SchedulerError.mainTaskUnfinished }
      hasRunToItsEnd = true
      return success
    case .drained: throw SchedulerError.mainTaskUnfinished
    case .stalled:
      reportDeadlock()
      throw SchedulerError.stalled
    case .poweredOff: throw SchedulerError.poweredOff
    }
  }
}
