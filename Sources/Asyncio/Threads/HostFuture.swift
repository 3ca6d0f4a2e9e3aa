import Timebase

/// The result of a function that runs on a board, for other threads (`concurrent.futures.Future` in CPython).
public struct HostFuture<Success: Sendable>: Sendable {
  let call: HostCall<Success>

  /// Waits for the result in an asynchronous function of the host. If its task is cancelled, so is the board's.
  /// - Throws: errors of the function; `SchedulerError.runEnded` if the board's run ends before.
  public var value: Success {
    get async throws {
      try await withTaskCancellationHandler {
        try await withCheckedThrowingContinuation { continuation in
          call.whenEnded { continuation.resume(with: $0) }
        }
      } onCancel: {
        call.cancel()
      }
    }
  }

  /// Waits for the result on a thread of the host (`result()`); not on the board's own one, whose tasks it would stop.
  /// - Parameter timeout: the longest wall time to wait; nil for any.
  /// - Throws: errors of the function; `TimeoutError`; `SchedulerError.runEnded` if the board's run ends
  ///   before; `SchedulerError.wouldBlockTheBoard`.
  @available(*, noasync, message: "use `value`, which holds no thread")
  public func result(timeout: Swift.Duration? = nil) throws -> Success {
    if FirmwareExecutor.shared.isRunningHere { throw SchedulerError.wouldBlockTheBoard }
    let job = ThreadJob<Success>()
    let ended = HostSemaphore()
    call.whenEnded {
      job.finish($0)
      ended.signal()
    }
    if let timeout { ended.wait(atMost: Interval(timeout)) } else { ended.wait() }
    guard let result = job.result else { throw TimeoutError() }
    return try result.get()
  }

  /// Throws `CancelledError` into the function where it waits.
  public func cancel() { call.cancel() }
}
