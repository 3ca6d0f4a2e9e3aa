import Synchronization

/// A function that another thread wants to be run as a task, and how it ended.
final class HostCall<Success: Sendable>: HostOrder {
  private enum State {
    case pending([@Sendable (Result<Success, any Error>) -> Void])
    case ended(Result<Success, any Error>)
  }

  private let name: String
  private let operation: @Sendable @Firmware () async throws -> Success
  private let state = Mutex(State.pending([]))
  private let isCancelled = Atomic(false)
  /// Touched on the board's thread only, in steps and between them.
  private nonisolated(unsafe) weak var body: FirmwareTaskBody?
  /// Whether the task had its first step. One that is cancelled before never runs the function. As `body`.
  private nonisolated(unsafe) var hasBegun = false
  private let door: SideDoor

  init(
    name: String, door: SideDoor, _ operation: @escaping @Sendable @Firmware () async throws -> Success
  ) {
    self.name = name
    self.door = door
    self.operation = operation
  }

  var isAwaited: Bool { true }

  func begin(on scheduler: Scheduler) {
    guard !isCancelled.load(ordering: .acquiring) else { return finish(.failure(CancelledError())) }
    let operation = self.operation
    let result = TaskResult<Void>()
    let body = FirmwareExecutor.shared.withGate {
      FirmwareTaskBody.make(on: scheduler, result: result) {
        self.hasBegun = true
        do {
          self.finish(.success(try await operation()))
        } catch {
          self.finish(.failure(error))
        }
      }
    }
    body.name = name
    self.body = body
    scheduler.start(body)
  }

  func abandon(_ error: any Error) { finish(.failure(error)) }

  /// Has `CancelledError` thrown into the function.
  func cancel() {
    isCancelled.store(true, ordering: .releasing)
    door.enter(
      HostCancellation { [weak self] in
        guard let self, let body else { return }
        _ = try? body.cancel()
        if !hasBegun { finish(.failure(CancelledError())) }
      })
  }

  /// Calls `action` with how it ended, on whatever thread finds out.
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
    door.forget(self)
    for action in actions { action(result) }
  }
}
