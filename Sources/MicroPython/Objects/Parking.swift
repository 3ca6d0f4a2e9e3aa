/// Parks the running task at an `await`.
package final class Parking {
  /// Makes the running task wait; false when it can't, and the ordinary way shall be gone.
  let park: () -> Bool
  /// The same, and begins the next task's step at once: its coroutine, or `unbound` when the scheduler has something
  /// else to do first. nil when it can't park the task.
  let parkAndSwitch: () -> Value?

  package init(_ park: @escaping () -> Bool, andSwitch parkAndSwitch: @escaping () -> Value?) {
    self.park = park
    self.parkAndSwitch = parkAndSwitch
  }
}
