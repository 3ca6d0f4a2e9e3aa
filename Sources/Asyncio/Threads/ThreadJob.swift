import Synchronization

/// How a function on another thread ended, and the flag that is set then.
final class ThreadJob<Success: Sendable>: Sendable {
  let done = ThreadSafeFlag()
  private let outcome = Mutex<Result<Success, any Error>?>(nil)

  var result: Result<Success, any Error>? { outcome.withLock { $0 } }

  func finish(_ result: Result<Success, any Error>) {
    outcome.withLock { $0 = result }
    done.raise()
  }
}
