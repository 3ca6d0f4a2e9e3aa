/// The scheduler, as the bytecode loop sees it: makes the running task give way, and names the next coroutine. A language port with
/// tasks has a subclass (`Interpreter.coroutineScheduler`).
///
/// A class instead of a protocol, so that the loop can call it without counting references: a task switch costs
/// little more than that.
open class CoroutineScheduler {
  public init() {}

  /// Begins the next task's step after the running one has suspended.
  /// - Returns: its coroutine, or `unbound` when the scheduler has something else to do first.
  open func next() -> Value { .unbound }

  /// Makes the running task wait, at the `await` of an object that is made for that (`TypeHandle.setParksTask`).
  /// - Returns: false when it can't, and the ordinary way must be taken.
  open func park() -> Bool { false }

  /// As `park`, and begins the next task's step at once.
  /// - Returns: as `next`; nil when it can't park the task.
  open func parkAndSwitch() -> Value? { nil }

  /// Does the call of a built-in that only makes the running task pause and the `await` that follows in one, as in
  /// `await sleep_ms(20)`, and begins the next task's step at once.
  /// - Parameters:
  ///   - amount: the call's argument.
  ///   - unit: milliseconds in a unit of it.
  ///   - awaitCost: nanoseconds of board time that the `await` takes, to be charged between the call and the pause.
  /// - Returns: as `next`, but `unbound` with nothing done when call and `await` have to be taken one after the other.
  open func pauseAndSwitch(_ amount: Int, unit: Int, awaitCost: Int64) -> Value { .unbound }
}

extension MachineState {
  @inline(__always) func nextCoroutine() -> Value {
    // Invariant: the interpreter keeps it as long as anything runs.
    coroutineScheduler?._withUnsafeGuaranteedRef { $0.next() } ?? .unbound
  }
}
