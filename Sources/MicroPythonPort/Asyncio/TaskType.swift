import Asyncio
import MicroPython

/// `asyncio.Task`
extension AsyncioRuntime {
  func defineTask() {
    let info = taskType.info
    info.make = { [unowned self] (vm, _, args) throws(Raised) in
      try vm.require(args, 1...2)
      return makeTask(args[0]).object
    }
    info.print = { _, _, _, output in output.write("<Task>") }
    info.iterate = { _, value in value }
    info.step = { [core = reference] (vm, value, _) throws(Raised) in
      try core.use { runtime throws(Raised) in
        guard let task = runtime.task(value) else { return .finished(.none) }
        return try runtime.stepOfAwait(task)
      }
    }
    // Interned once: every method lookup passes by here.
    let (coro, data, state, due) = (
      vm.heap.intern("coro"), vm.heap.intern("data"), vm.heap.intern("state"), vm.heap.intern("ph_key")
    )
    info.getAttribute = { [unowned self] vm, value, name in
      guard name == coro || name == data || name == state || name == due, let task = task(value) else {
        return .unbound
      }
      if name == coro { return task.coroutine }
      if name == data { return task.data }
      return name == state ? self.state(of: task) : vm.heap.int(Int(task.due & Ticks.mask))
    }
    info.setAttribute = { [unowned self] vm, value, name, newValue in
      guard let task = task(value), name == data, !newValue.isUnbound else { return false }
      task.endedWait = .unbound
      task.pendingError = newValue.isNone ? nil : Raised(newValue)
      return true
    }
    vm.define(taskType) { type in
      type.method("done", 0...0) { [unowned self] _, args in Value(task(args[0])?.isDone ?? true) }
      type.method("cancel", 0...0) { [unowned self] (_, args) throws(Raised) in
        try refuseInInterrupt("Task.cancel")
        guard let task = task(args[0]) else { return .false }
        do { return Value(try task.cancel()) } catch { throw raised(error) }
      }
    }
  }

  private func stepOfAwait(_ task: PythonTask) throws(Raised) -> AwaitStep {
    pitfalls?.taskIsAwaited(task)
    do {
      if try scheduler.awaitCurrent(task) { return .yielded(.none) }
    } catch { throw raised(error) }
    if task.failure != nil { throw Raised(task.result) }
    return .finished(task.result)
  }

  /// MicroPython's own values of `Task.state`.
  private func state(of task: PythonTask) -> Value {
    switch task.state {
    case .running: .true
    case .awaited: makeTaskQueue()
    case .observed: vm.heap.function("done", 2...2) { _, _ in .none }
    case .doneUnawaited: .none
    case .done: .false
    }
  }
}
