import Diagnostics

/// Makes a task event-like, for `WaitAny` and `WaitAll`: it occurs when the task ends (`ELO` of micropython-async).
@Firmware
public final class ELO<Success>: EventLike {
  /// The task; its `value` is the result, also after the end.
  public let task: FirmwareTask<Success>
  /// Whether `wait()` found the task cancelled. (In Python, calling the ELO returns the `CancelledError` then.)
  public private(set) var wasCancelled = false

  public init(_ task: FirmwareTask<Success>) { self.task = task }

  /// Runs `operation` as a task.
  public init(
    file: StaticString = #fileID, line: UInt = #line,
    _ operation: @escaping @Firmware () async throws -> Success
  ) {
    task = createTask(at: SourceLine(file, line), operation)
  }

  /// Waits for the end of the task, cancellation included.
  /// - Throws: the task's error.
  public func wait() async throws {
    do {
      _ = try await task.value
    } catch is CancelledError {
      wasCancelled = true
    }
  }
}
