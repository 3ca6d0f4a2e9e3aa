import Asyncio
import MicroPython

/// `asyncio.core.TaskQueue`: tasks that wait for an event or a lock.
extension AsyncioRuntime {
  func defineTaskQueue() {
    let info = taskQueueType.info
    info.make = { [unowned self] (vm, _, args) throws(Raised) in
      try vm.require(args, 0...0)
      return makeTaskQueue()
    }
    info.print = { _, _, _, output in output.write("<TaskQueue>") }
    info.unary = { [unowned self] _, operation, value in
      operation == .bool ? Value(!waitQueue(value).isEmpty) : .unbound
    }
    vm.define(taskQueueType) { type in
      // Each of these is the firmware's own way to a queue that only the scheduler's thread may touch.
      type.method("peek", 0...0) { [unowned self] _, args in
        (waitQueue(args[0]).first as? PythonTask)?.object ?? .none
      }
      type.method("park", 0...0) { [core = reference] (_, args) throws(Raised) in
        try core.use { runtime throws(Raised) in
          let queue = runtime.waitQueue(args[0])
          if queue.holder != nil { runtime.reportIfLocksAreCircular(queue) }
          do { try runtime.scheduler.waitCurrent(on: queue) } catch {
            throw runtime.raised(error)
          }
          return .none
        }
      }
      type.method("wake_first", 0...0) { [core = reference] (_, args) throws(Raised) in
        try core.use { runtime throws(Raised) in
          try runtime.refuseInInterrupt("Lock.release")
          let queue = runtime.waitQueue(args[0])
          let next = queue.wakeFirst()
          queue.holder = next
          return (next as? PythonTask)?.object ?? .none
        }
      }
      // The end of a lock's `acquire`, in one with its `self.state = 1`.
      type.method("hold", 1...1) { [core = reference] (_, args) throws(Raised) in
        try core.use { runtime throws(Raised) in
          try runtime.vm.setAttribute(args[1], "state", Value(smallInt: 1))
          runtime.waitQueue(args[0]).holder = runtime.scheduler.current
          return .true
        }
      }
      type.method("wake_all", 1...1) { [core = reference] (_, args) throws(Raised) in
        try core.use { runtime throws(Raised) in try runtime.wakeAll(args[0], of: args[1]) }
        return .none
      }
    }
  }

  private func reportIfLocksAreCircular(_ queue: WaitQueue) {
    guard let task = scheduler.current else { return }
    scheduler.reportIfLocksAreCircular(task, waitsIn: queue, at: scheduler.runningPlace)
  }

  private func wakeAll(_ queue: Value, of event: Value) throws(Raised) {
    if board.interrupts.isHandling && isDerivedEvent(event) { return try wakeAllAfterHandler(queue) }
    try refuseInInterrupt("Event.set", isOwnWay: isDerivedEvent(event))
    waitQueue(queue).wakeAll()
  }

  /// Whether an event's class is one that firmware derived from `Event`. Such classes call `Event.set` in interrupt
  /// handlers (`Message` of the well-known packages does) and expect of it what a board does.
  private func isDerivedEvent(_ event: Value) -> Bool {
    vm.type(of: event).info.bases.contains { $0.info.isFirmwareClass }
  }

  /// Wakes all that wait in a queue as soon as the firmware goes on.
  private func wakeAllAfterHandler(_ queue: Value) throws(Raised) {
    try vm.schedule(wakeAllFunction.value, queue)
    // Ends the wait of a board that idles.
    board.clock.schedule(at: board.clock.now) {}
  }

  /// Makes the function that `wakeAllAfterHandler` schedules. Made before any handler runs: a handler cannot
  /// allocate.
  func makeWakeAllFunction() -> Value {
    vm.heap.function("wake_all", 1...1) { [unowned self] _, args in
      waitQueue(args[0]).wakeAll()
      return .none
    }
  }

  func makeTaskQueue() -> Value { vm.heap.native(taskQueueType, WaitQueue()) }

  private func waitQueue(_ value: Value) -> WaitQueue {
    NativeHandle(value)?.payload as? WaitQueue ?? WaitQueue()
  }
}
