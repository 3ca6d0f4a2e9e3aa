import Diagnostics

/// The loop that runs the calling task (`asyncio.get_event_loop()`).
@Firmware
public struct EventLoop {
  let scheduler: Scheduler

  /// - Throws: `SchedulerError.noRunningTask`.
  public static func get() throws(SchedulerError) -> EventLoop {
    EventLoop(scheduler: try runningScheduler())
  }

  @discardableResult
  public func createTask<Success>(
    name: String = "", file: StaticString = #fileID, line: UInt = #line,
    _ operation: @escaping @Firmware () async throws -> Success
  ) -> FirmwareTask<Success> {
    Asyncio.createTask(name: name, at: SourceLine(file, line), operation)
  }

  /// Ends `Scheduler.runForever()`.
  public func stop() { scheduler.stop() }

  /// Sets the `handler` for tasks that end with an error which nobody retrieves; nil for the default, which
  /// prints on standard error.
  public func setExceptionHandler(
    _ handler: (@Firmware (Scheduler.ExceptionContext) throws -> Void)?
  ) {
    scheduler.firmwareExceptionHandler = handler
    scheduler.exceptionHandler = handler.map { handler in
      { [unowned scheduler] context in
        // The run loop and the step that it starts here are the same thread's.
        nonisolated(unsafe) let context = context
        try scheduler.callInStep { try handler(context) }
      }
    }
  }

  public var exceptionHandler: (@Firmware (Scheduler.ExceptionContext) throws -> Void)? {
    scheduler.firmwareExceptionHandler
  }

  /// Makes the first error that nobody retrieves end the run, which throws it (`set_global_exception` of
  /// micropython-async): a program that stops shows its faults.
  public func setGlobalException() { setExceptionHandler { throw $0.error } }

  /// Calls the exception handler with an error as if a task had ended with it.
  public func callExceptionHandler(_ error: any Error, from task: FirmwareTask<some Any>) throws {
    if let handler = scheduler.firmwareExceptionHandler {
      let context = Scheduler.ExceptionContext(
        message: "Task exception wasn't retrieved", error: error, task: task.body)
      try handler(context)
    } else {
      try task.body.reportUnretrieved(error)
    }
  }
}

extension Scheduler {
  /// Runs a function that does not suspend as a step of its own; called by the run loop between steps.
  fileprivate func callInStep(_ operation: @escaping @Firmware () throws -> Void) throws {
    let result = TaskResult<Void>()
    let body = FirmwareExecutor.shared.withGate {
      FirmwareTaskBody.make(on: self, result: result, at: nil, operation)
    }
    switch try body.resume(throwing: nil) {
    case .returned, .suspended: break
    case .cancelled(let error), .raised(let error): throw error
    }
  }
}

/// Forgets every task that is due, sleeps or waits for a stream (`asyncio.new_event_loop`).
@Firmware
public func newEventLoop() throws(SchedulerError) { try runningScheduler().reset() }
