import Asyncio
import MicroPython

/// `asyncio.core.TaskQueue`: tasks that wait for an event or a lock.
extension AsyncioRuntime {
  func defineTaskQueue() {
    let info = taskQueueType.info
    info.make = { [unowned self] _, _, _ in makeTaskQueue() }
    info.print = { _, _, _, output in output.write("<TaskQueue>") }
    info.unary = { [unowned self] _, operation, value in
      operation == .bool ? Value(!waitQueue(value).isEmpty) : .unbound
    }
    vm.define(taskQueueType) { type in
      // Each of these is the firmware's own way to a queue that only the scheduler's thread may touch.
      type.method("peek", 0...0) { [unowned self] _, args in
        (waitQueue(args[0]).first as? PythonTask)?.object ?? .none
      }
      type.method("park", 0...0) { [unowned self] (_, args) throws(Raised) in
        do { try scheduler.waitCurrent(on: waitQueue(args[0])) } catch { throw raised(error) }
        return .none
      }
      type.method("wake_first", 0...0) { [unowned self] (_, args) throws(Raised) in
        try refuseInInterrupt("Lock.release")
        return (waitQueue(args[0]).wakeFirst() as? PythonTask)?.object ?? .none
      }
      type.method("wake_all", 0...0) { [unowned self] (_, args) throws(Raised) in
        try refuseInInterrupt("Event.set")
        waitQueue(args[0]).wakeAll()
        return .none
      }
    }
  }

  func makeTaskQueue() -> Value { vm.heap.native(taskQueueType, WaitQueue()) }

  private func waitQueue(_ value: Value) -> WaitQueue {
    // Only `makeTaskQueue` makes objects of this type.
    guard let queue = NativeHandle(value)?.payload as? WaitQueue else { return WaitQueue() }
    return queue
  }
}
