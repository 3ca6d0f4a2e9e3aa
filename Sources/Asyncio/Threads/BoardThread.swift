import Timebase

extension Scheduler {
  /// Runs `body`, which makes a board and runs it, on a thread of its own.
  ///
  /// A run holds its thread until it ends. On a thread of Swift's pool, of which there are as many as processors, it
  /// would hold up the tasks of the whole process; hence `run` cannot be called in asynchronous functions:
  ///
  ///     let time = try await Scheduler.onThreadOfItsOwn {
  ///       try Scheduler(clock: Clock(mode: .virtual)).run { try await sleep(1); return try boardTime() }
  ///     }
  ///
  /// - Parameter name: of the thread, at most 15 bytes.
  /// - Throws: errors of `body`; `ThreadStartError`.
  public static func onThreadOfItsOwn<Result: Sendable>(
    name: String = "board", _ body: @escaping @Sendable () throws -> Result
  ) async throws -> Result {
    let thread = try BatonThread(name: name)
    return try await withCheckedThrowingContinuation { continuation in
      thread.post { continuation.resume(with: Swift.Result { try body() }) }
    }
  }
}
