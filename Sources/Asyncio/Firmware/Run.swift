import Diagnostics

extension Scheduler {
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
