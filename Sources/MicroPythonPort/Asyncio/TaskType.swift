import Asyncio
import MicroPython

/// `asyncio.Task`
extension AsyncioRuntime {
  func defineTask() {
    let info = taskType.info
    info.make = { [unowned self] (vm, _, args) throws(Raised) in
      guard (1...2).contains(args.count) else {
        throw vm.error(.typeError, "function takes 1 positional arguments but \(args.count) were given")
      }
      return makeTask(args[0]).object
    }
    info.print = { _, _, _, output in output.write("<Task>") }
    info.iterate = { _, value in value }
    info.step = { [unowned self] (vm, value, _) throws(Raised) in
      guard let task = task(value) else { return .finished(.none) }
      return try stepOfAwait(task)
    }
    info.getAttribute = { [unowned self] vm, value, name in
      guard let task = task(value) else { return .unbound }
      switch StringHandle(name)?.text {
      case "coro": return task.coroutine
      case "data": return task.data
      case "state": return state(of: task)
      case "ph_key": return vm.heap.int(Int(task.due & Ticks.mask))
      default: return .unbound
      }
    }
    info.setAttribute = { [unowned self] vm, value, name, newValue in
      guard let task = task(value), StringHandle(name)?.text == "data", !newValue.isUnbound else {
        return false
      }
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
