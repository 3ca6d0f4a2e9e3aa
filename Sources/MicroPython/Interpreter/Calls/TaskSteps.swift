/// How the bytecode loop goes from a task that suspends straight to the next one.
package final class TaskSwitch {
  /// Begins the next task's step; its coroutine, or `unbound` when the scheduler has something else to do first.
  let next: () -> Value

  package init(_ next: @escaping () -> Value) { self.next = next }
}

extension MachineState {
  @inline(__always) func nextCoroutine() -> Value {
    // Owned by the interpreter. Without a strong reference, as a task switch costs little more than counting would.
    taskSwitch?._withUnsafeGuaranteedRef { $0.next() } ?? .unbound
  }
}

/// Steps of tasks.
extension Interpreter {
  /// Resumes a task's coroutine and, as long as `taskSwitch` names one when a task suspends, goes on with others'.
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
