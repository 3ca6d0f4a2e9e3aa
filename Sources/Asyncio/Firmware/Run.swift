extension Scheduler {
  /// Runs Swift firmware until `main` returns (`asyncio.run`). Tasks that it leaves behind stay queued, and go on in
  /// the next run unless `reset()` is called.
  /// - Returns: what `main` returns.
  /// - Throws: what `main` throws; `SchedulerError.stalled`, `.poweredOff` or `.mainTaskUnfinished` when the run ends without
  ///   it; `.alreadyRunning` when a task calls this.
  @available(*, noasync, message: "a run holds its thread; use `await Scheduler.onThreadOfItsOwn { … }`")
  @discardableResult
  public func run<Success: Sendable>(
    _ main: @escaping @Firmware () async throws -> Success
  ) throws -> Success {
    let executor = FirmwareExecutor.shared
    if executor.isRunningHere { throw SchedulerError.alreadyRunning }
    if clock.expectsOutsideStimuli { sideDoor.expectsOthers.store(true, ordering: .relaxed) }
    executor.becomeHost(sideDoor)
    defer {
      executor.resign(sideDoor)
      sideDoor.abandonOrders(SchedulerError.runEnded)
    }
    let result = TaskResult<Success>()
    let body = executor.withGate { FirmwareTaskBody.make(on: self, result: result, at: nil, main) }
    body.name = "main"
    start(body)
    switch try run(until: body) {
    case .finished:
      guard let success = result.success else { throw SchedulerError.mainTaskUnfinished }
      return success
    case .drained: throw SchedulerError.mainTaskUnfinished
    case .stalled: throw SchedulerError.stalled
    case .poweredOff: throw SchedulerError.poweredOff
    }
  }
}
