/// Parks the running task at an `await`.
package final class Parking {
  /// Makes the running task wait; false when it can't, and the ordinary way must be taken.
  let park: () -> Bool
  /// The same, and begins the next task's step at once: its coroutine, or `unbound` when the scheduler has something
  /// else to do first. nil when it can't park the task.
  let parkAndSwitch: () -> Value?

  package init(_ park: @escaping () -> Bool, andSwitch parkAndSwitch: @escaping () -> Value?) {
    self.park = park
    self.parkAndSwitch = parkAndSwitch
  }
}

/// A built-in that only makes the running task pause, for the bytecode loop to take its call and the `await` that follows
/// in one: `await sleep_ms(20)`.
package final class Pause {
  /// Makes the task pause according to the argument, and begins the next task's step at once. The `await`
  /// costs so many nanoseconds of board time, to be charged between the call and the pause.
  ///
  /// Its result is the next task's coroutine; `unbound`, with nothing done, when call and `await` have to be taken one
  /// after the other.
  let callAndSwitch: (_ argument: Int, _ awaitCost: Int64) -> Value

  package init(_ callAndSwitch: @escaping (_ argument: Int, _ awaitCost: Int64) -> Value) {
    self.callAndSwitch = callAndSwitch
  }
}
