import MicroPython

/// `_thread.lock`.
final class ThreadLock {
  /// Threads that wait for it, in order. The lock passes on to the first when it is released.
  private var waiting: [FirmwareThread] = []
  private var isHeld = false
  /// The value of `locked()`: false from the moment of release until the next holder runs, as on the board.
  private(set) var isLocked = false

  func acquire(wait: Bool, _ threads: ThreadScheduler, _ vm: Interpreter) throws(Raised) -> Bool {
    if isHeld {
      guard wait else { return false }
      guard !threads.isInHandler else {
        throw vm.errorInInterrupt(.runtimeError, "an interrupt handler can't wait for a lock")
      }
      waiting.append(threads.current)
      // Once this returns the lock is this thread's.
      try threads.block()
    }
    isHeld = true
    isLocked = true
    return true
  }

  func release(_ threads: ThreadScheduler, _ vm: Interpreter) throws(Raised) {
    guard isLocked else { throw vm.error(.runtimeError, arguments: []) }
    isLocked = false
    if waiting.isEmpty {
      isHeld = false
    } else {
      threads.makeReady(waiting.removeFirst())
    }
  }
}
