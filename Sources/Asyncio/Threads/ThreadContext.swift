import Diagnostics
import Timebase

/// A thread that runs blocking functions for tasks, one at a time (`Context` of micropython-async).
///
/// On a virtual board, board time stands still while nothing but such a function could go on.
public final class ThreadContext: Sendable {
  private let thread: BatonThread
  private let limit: Semaphore

  /// Starts the thread.
  /// - Parameters:
  ///   - name: at most 15 bytes, as `ps` shows it.
  ///   - queueSize: how many functions may wait for the thread, plus one; further tasks wait before that.
  /// - Throws: `ThreadStartError`.
  public init(name: String = "context", queueSize: Int = 10) throws(ThreadStartError) {
    thread = try BatonThread(name: name)
    limit = Semaphore(max(1, queueSize - 1))
  }

  /// Runs `function` on the thread and waits for its result, while other tasks go on.
  ///
  /// Cancelling the task does not stop the function, whose result is then dropped.
  /// - Throws: errors of `function`; `CancelledError`.
  @Firmware
  public func assign<Result: Sendable>(
    file: StaticString = #fileID, line: UInt = #line,
    _ function: @escaping @Sendable () throws -> Result
  ) async throws -> Result {
    try await limit.acquire(file: file, line: line)
    defer { limit.release() }
    return try await run(function, on: thread, at: SourceLine(file, line))
  }
}

/// Runs a blocking function on another thread and waits for its result, while other tasks go on (`loop.run_in_executor` in
/// CPython). Nothing else keeps a slow driver of the host from holding up the board.
///
/// Each call has a thread of its own. Cancelling the task does not stop the function, whose result is then dropped.
/// - Throws: errors of `function`; `CancelledError`; `ThreadStartError`.
@Firmware
public func runInExecutor<Result: Sendable>(
  file: StaticString = #fileID, line: UInt = #line,
  _ function: @escaping @Sendable () throws -> Result
) async throws -> Result {
  try await run(function, on: BatonThread(name: "executor"), at: SourceLine(file, line))
}

@Firmware
private func run<Result: Sendable>(
  _ function: @escaping @Sendable () throws -> Result, on thread: BatonThread, at line: SourceLine
) async throws -> Result {
  let job = ThreadJob<Result>()
  thread.post { job.finish(Swift.Result { try function() }) }
  let scheduler = try runningScheduler()
  scheduler.awayCount += 1
  scheduler.holdsTime = true
  defer { scheduler.awayCount -= 1 }
  while true {
    if let result = job.result { return try result.get() }
    try await job.done.wait(at: line)
  }
}
