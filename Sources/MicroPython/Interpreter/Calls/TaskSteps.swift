/// Steps of tasks.
extension Interpreter {
  /// Resumes a task's coroutine and, as long as `coroutineScheduler` names one when a task suspends, goes on with others'.
  ///
  /// Only the last task's step is left to be dealt with: an error thrown is its error too.
  ///
  /// - Returns: its result; nil if it suspended.
  package func runTasks(from coroutine: GeneratorHandle) throws(Raised) -> Value? {
    var coroutine = coroutine
    while true {
      if !coroutine.pointer.pointee.pendingException.isUnbound {
        switch try resume(coroutine) {
        case .yielded: return nil
        case .returned(let value): return value
        }
      }
      let caller = state.pointee.frame
      guard
        try resume(
          coroutine.pointer, sending: .none, kind: .task, isEntry: true, result: caller.pointee.stackTop)
      else { return takeResult(of: coroutine) }
      try enterRun()
      defer { state.pointee.nativeDepth -= 1 }
      if try run().isUnbound {
        // Invariant: the frame of the coroutine that has just ended is the last one that was taken off.
        return takeResult(of: GeneratorHandle(pointer: caller[1].generator.unsafelyUnwrapped))
      }
      guard let refused = state.pointee.refusedCoroutine else { return nil }
      state.pointee.refusedCoroutine = nil
      coroutine = GeneratorHandle(pointer: refused)
    }
  }
}
