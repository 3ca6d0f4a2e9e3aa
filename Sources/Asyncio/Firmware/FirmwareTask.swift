import Diagnostics

/// Holds a task's result. Sendable because only steps of its task and of tasks that await it touch it, and
/// those are isolated to `Firmware`.
final class TaskResult<Success>: @unchecked Sendable {
  var success: Success?

  @Firmware func perform(_ operation: @Firmware () async throws -> Success) async {
    var failure: (any Error)?
    do {
      // Cancelled before it began.
      try throwPending()
      success = try await operation()
    } catch {
      failure = error
    }
    firmwareContext.body?._withUnsafeGuaranteedRef { $0.end(with: failure) }
  }
}

extension FirmwareTaskBody {
  /// Makes a Swift task whose first job waits to be resumed. The caller holds the executor's gate.
  static func make<Success>(
    on scheduler: Scheduler, result: TaskResult<Success>, at line: SourceLine?,
    _ operation: @escaping @Firmware () async throws -> Success
  ) -> FirmwareTaskBody {
    firmwareContext.isCreating = true
    Task(executorPreference: scheduler.boardExecutor) { await result.perform(operation) }
    // `Task` hands its first job to the executor before it returns.
    guard let job = firmwareContext.job else { preconditionFailure("the task's executor got no job") }
    firmwareContext.job = nil
    return FirmwareTaskBody(scheduler: scheduler, job: job, madeAt: line)
  }
}

/// A task of Swift firmware (`asyncio.Task`), with a result of its own type.
@Firmware
public final class FirmwareTask<Success> {
  let body: FirmwareTaskBody
  let result: TaskResult<Success>

  init(body: FirmwareTaskBody, result: TaskResult<Success>) {
    self.body = body
    self.result = result
  }

  /// The task's result; suspends until there is one.
  /// - Throws: the error that the task ended with, a cancellation of the waiting task (which is passed on to
  ///   this one), or `SchedulerError.cannotWait` if the task is being gathered.
  public var value: Success {
    get async throws {
      while try beginWait(at: nil, { try $0.awaitCurrent(telling: body) }) {
        await park()
        try throwPending()
      }
      return try outcome.get()
    }
  }

  /// Whether it has ended, in any way.
  public var isDone: Bool { body.isDone }

  /// For diagnostics and error reports.
  public var name: String {
    get { body.name }
    set { body.name = newValue }
  }

  /// Throws `CancelledError` into the task where it waits, once.
  /// - Returns: false if the task had ended already.
  /// - Throws: `SchedulerError.cannotCancelSelf`.
  @discardableResult
  public func cancel() throws(SchedulerError) -> Bool { try body.cancel() }

  /// For a task that is done.
  var outcome: Result<Success, any Error> {
    if let failure = body.failure { return .failure(failure) }
    guard let success = result.success else { return .failure(SchedulerError.mainTaskUnfinished) }
    return .success(success)
  }
}

extension Scheduler {
  /// Waits as `awaitCurrent(_:)`, and reports a task that will never end.
  fileprivate func awaitCurrent(telling body: FirmwareTaskBody) throws(SchedulerError) -> Bool {
    if !body.isDone && !body.isLive { reportDropped(body) }
    return try awaitCurrent(body)
  }
}

/// The running task, whatever its result is (`asyncio.current_task`).
@Firmware
public struct CurrentTask: Equatable {
  let body: FirmwareTaskBody

  public var name: String {
    get { body.name }
    nonmutating set { body.name = newValue }
  }

  public var isDone: Bool { body.isDone }

  /// As `FirmwareTask.cancel`.
  @discardableResult
  public func cancel() throws(SchedulerError) -> Bool { try body.cancel() }

  public nonisolated static func == (left: CurrentTask, right: CurrentTask) -> Bool {
    left.body === right.body
  }

  public static func == (left: CurrentTask, right: FirmwareTask<some Any>) -> Bool {
    left.body === right.body
  }
}

/// Makes a task that first runs when the scheduler comes to it (`asyncio.create_task`).
@Firmware @discardableResult
public func createTask<Success>(
  name: String = "", file: StaticString = #fileID, line: UInt = #line,
  _ operation: @escaping @Firmware () async throws -> Success
) -> FirmwareTask<Success> {
  createTask(name: name, at: SourceLine(file, line), operation)
}

@Firmware @discardableResult
func createTask<Success>(
  name: String = "", at line: SourceLine?, _ operation: @escaping @Firmware () async throws -> Success
) -> FirmwareTask<Success> {
  let result = TaskResult<Success>()
  guard let scheduler = try? runningScheduler() else {
    preconditionFailure("code isolated to Firmware runs in a step of a task")
  }
  let body = FirmwareTaskBody.make(on: scheduler, result: result, at: line, operation)
  body.name = name
  scheduler.start(body)
  return FirmwareTask(body: body, result: result)
}

/// Makes a task that a driver or a primitive runs for itself until it ends it.
/// - Parameters:
///   - file: of the firmware that uses the driver; findings name it.
///   - line: of the firmware.
@Firmware
package func createService<Success>(
  name: String, file: StaticString, line: UInt, _ operation: @escaping @Firmware () async throws -> Success
) -> FirmwareTask<Success> {
  createService(name: name, at: SourceLine(file, line), operation)
}

@Firmware
func createService<Success>(
  name: String, at line: SourceLine?, _ operation: @escaping @Firmware () async throws -> Success
) -> FirmwareTask<Success> {
  let task = createTask(name: name, at: line, operation)
  task.body.isService = true
  return task
}

/// - Throws: `SchedulerError.noRunningTask`.
@Firmware
public func currentTask() throws(SchedulerError) -> CurrentTask { CurrentTask(body: try runningBody()) }
