import Asyncio
import MicroPython

/// `asyncio.Task`
enum TaskClass: PythonClass {
  static let name = "Task"

  static func define(_ type: PythonClassBuilder<AsyncioRuntime, PythonTask>) {
    type.make(.required("coro", .value), .optional("globals", .value)) { call, coroutine, _ -> Value in
      call.host.makeTask(coroutine).object
    }
    type.print { _ in "<Task>" }
    type.method("done") { $0.isDone }
    type.method("cancel") { task, call in
      try call.host.refuseInInterrupt("Task.cancel")
      do { return try task.cancel() } catch { throw call.host.raised(error) }
    }
    type.slots.iterate = { _, value in value }
    type.slots.step = { [core = type.host.reference] (vm, value, _) throws(Raised) in
      try core.use { runtime throws(Raised) in
        guard let task = runtime.task(value) else { return .finished(.none) }
        return try runtime.stepOfAwait(task)
      }
    }
    defineAttributes(of: type)
  }

  private static func defineAttributes(of type: PythonClassBuilder<AsyncioRuntime, PythonTask>) {
    // Interned once: every method lookup passes by here.
    let heap = type.vm.heap
    let (coro, data, state, due) = (
      heap.intern("coro"), heap.intern("data"), heap.intern("state"), heap.intern("ph_key")
    )
    type.slots.getAttribute = { [unowned runtime = type.host] vm, value, name in
      guard name == coro || name == data || name == state || name == due, let task = runtime.task(value)
      else {
        return .unbound
      }
      if name == coro { return task.coroutine }
      if name == data { return task.data }
      return name == state ? runtime.state(of: task) : vm.heap.int(Int(task.due & Ticks.mask))
    }
    type.slots.setAttribute = { [unowned runtime = type.host] vm, value, name, newValue in
      guard let task = runtime.task(value), name == data, !newValue.isUnbound else { return false }
      task.endedWait = .unbound
      task.pendingError = newValue.isNone ? nil : Raised(newValue)
      return true
    }
  }
}

extension AsyncioRuntime {
  fileprivate func stepOfAwait(_ task: PythonTask) throws(Raised) -> AwaitStep {
    pitfalls?.taskIsAwaited(task)
    do {
      if try scheduler.awaitCurrent(task) { return .yielded(.none) }
    } catch { throw raised(error) }
    if task.failure != nil { throw Raised(task.result) }
    return .finished(task.result)
  }

  /// MicroPython's own values of `Task.state`.
  fileprivate func state(of task: PythonTask) -> Value {
    switch task.state {
    case .running: .true
    case .awaited: makeTaskQueue()
    case .observed: vm.heap.function("done", 2...2) { _, _ in .none }
    case .doneUnawaited: .none
    case .done: .false
    }
  }
}
