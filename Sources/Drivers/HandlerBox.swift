import Synchronization

/// A value that an interrupt handler and tasks share, behind a lock.
final class HandlerBox<Value: Sendable>: Sendable {
  private let value: Mutex<Value>

  init(_ value: Value) { self.value = Mutex(value) }

  func withLock<Result: Sendable>(_ body: (inout sending Value) -> sending Result) -> sending Result {
    value.withLock(body)
  }
}
