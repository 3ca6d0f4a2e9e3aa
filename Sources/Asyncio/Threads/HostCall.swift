import Diagnostics
import Synchronization

/// A function that another thread wants to be run as a task, and how it ended.
final class HostCall<Success: Sendable>: HostOrder {
  private enum State {
    case pending([@Sendable (Result<Success, any Error>) -> Void])
    case ended(Result<Success, any Error>)
  }

  private let name: String
  private let line: SourceLine
  private let operation: @Sendable @Firmware () async throws -> Success
  private let state = Mutex(State.pending([]))
  /// Stored with release before the cancellation is sent to the board, loaded with acquire on the board's thread when the call begins. A
  /// call that began without seeing it has its task by the time that the cancellation, which went through the lock of the board's
  /// orders after the call did, is carried out there.
  private let isCancelled = Atomic(false)
  /// Touched on the board's thread only, in steps and between them.
  private nonisolated(unsafe) weak var body: FirmwareTaskBody?
  private let board: BoardTaskExecutor

  init(
    name: String, at line: SourceLine, board: BoardTaskExecutor,
    _ operation: @escaping @Sendable @Firmware () async throws -> Success
  ) {
    self.name = name
    self.line = line
    self.board = board
    self.operation = operation
  }

  var isAwaited: Bool { true }

  func begin(on scheduler: Scheduler) {
    guard !isCancelled.load(ordering: .acquiring) else { return finish(.failure(CancelledError())) }
    let result = TaskResult<Success>()
    let body = FirmwareExecutor.shared.withGate {
      FirmwareTaskBody.make(on: scheduler, result: result, at: line, operation)
    }
    body.name = name
    self.body = body
    // However the task ends, also when it is cancelled before its first step.
    body.endObserver = { [self] error in
      if let error { return finish(.failure(error)) }
      finish(result.success.map { .success($0) } ?? .failure(CancelledError()))
    }
    scheduler.start(body)
  }

  func abandon(_ error: any Error) { finish(.failure(error)) }

  /// Throws `CancelledError` into the function.
  func cancel() {
    isCancelled.store(true, ordering: .releasing)
    board.enter(HostCancellation { [weak self] in _ = try? self?.body?.cancel() })
  }

  /// Calls `action` with its result, on the thread that finds out.
  func whenEnded(_ action: @escaping @Sendable (Result<Success, any Error>) -> Void) {
    let ended: Result<Success, any Error>? = state.withLock { state in
      switch state {
      case .ended(let result): return result
      case .pending(let actions):
        state = .pending(actions + [action])
        return nil
      }
    }
    if let ended { action(ended) }
  }

  private func finish(_ result: Result<Success, any Error>) {
    let actions: [@Sendable (Result<Success, any Error>) -> Void] = state.withLock { state in
      guard case .pending(let actions) = state else { return [] }
      state = .ended(result)
      return actions
    }
    board.forget(self)
    for action in actions { action(result) }
  }
}
