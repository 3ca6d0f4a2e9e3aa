import Asyncio
import MicroPython

/// A task that refers to values, which live as long as the scheduler knows it or firmware has a reference to it.
class TaskWithRoots: ScheduledTask, ValueHolding {
  func visitValues(_ visit: (Value) -> Void) {}
}
