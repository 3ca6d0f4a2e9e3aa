import Asyncio
import MicroPython

/// `asyncio.core.TaskQueue`: tasks that wait for an event or a lock.
enum TaskQueueClass: PythonClass {
  static let name = "TaskQueue"

  static func define(_ type: PythonClassBuilder<AsyncioRuntime, WaitQueue>) {
    let (core, objects) = (type.host.reference, type.objects)
    type.make { _ in WaitQueue() }
    type.print { _ in "<TaskQueue>" }
    type.slots.unary = { (_, operation, value) throws(Raised) in
      operation == .bool ? Value(!(try objects.receiver(of: value)).isEmpty) : .unbound
    }
    // Each of these is the firmware's own way to a queue that only the scheduler's thread may touch.
    type.method("peek") { ($0.first as? PythonTask)?.object ?? .none }
    type.fastMethod("park") { (queue, _, _) throws(Raised) in
      try core.use { runtime throws(Raised) in
        if queue.holder != nil { runtime.reportIfLocksAreCircular(queue) }
        do { try runtime.scheduler.waitCurrent(on: queue) } catch { throw runtime.raised(error) }
        return .none
      }
    }
    type.fastMethod("wake_first") { (queue, _, _) throws(Raised) in
      try core.use { runtime throws(Raised) in
        try runtime.refuseInInterrupt("Lock.release")
        let next = queue.wakeFirst()
        queue.holder = next
        return (next as? PythonTask)?.object ?? .none
      }
    }
    // The end of a lock's `acquire`, in one with its `self.state = 1`.
    type.fastMethod("hold", "lock") { (queue, vm, args) throws(Raised) in
      try core.use { runtime throws(Raised) in
        try vm.setAttribute(args[0], "state", Value(smallInt: 1))
        queue.holder = runtime.scheduler.current
        return .true
      }
    }
    type.method("wake_all", .required("event", .value)) { queue, call, event in
      try core.use { runtime throws(Raised) in try runtime.wakeAll(queue, call.object, of: event) }
    }
  }
}

extension AsyncioRuntime {
  fileprivate func reportIfLocksAreCircular(_ queue: WaitQueue) {
    guard let task = scheduler.current else { return }
    scheduler.reportIfLocksAreCircular(task, waitsIn: queue, at: scheduler.runningPlace)
  }

  /// - Parameter object: the queue's.
  fileprivate func wakeAll(_ queue: WaitQueue, _ object: Value, of event: Value) throws(Raised) {
    if board.interrupts.isHandling && isDerivedEvent(event) { return try wakeAllAfterHandler(object) }
    try refuseInInterrupt("Event.set", isOwnWay: isDerivedEvent(event))
    queue.wakeAll()
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
    vm.heap.function("wake_all", 1...1) { _, args in
      (NativeHandle(args[0])?.payload as? WaitQueue)?.wakeAll()
      return .none
    }
  }

  func makeTaskQueue() -> Value { vm.heap.native(taskQueueType, WaitQueue()) }
}
