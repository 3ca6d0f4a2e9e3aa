import Asyncio
import MicroPython

/// `asyncio.core`, around which the package `asyncio` is frozen Python.
extension AsyncioRuntime {
  func addCoreModule() {
    vm.addModule("asyncio.core") { [unowned self] module in
      module.attribute("CancelledError", cancelledError.value)
      module.attribute("TimeoutError", timeoutError.value)
      module.attribute("Task", taskType.value)
      module.attribute("TaskQueue", taskQueueType.value)
      module.attribute("_Flag", flagType.value)
      module.attribute("_Gathering", gatheringType.value)
      module.attribute("_TimedWait", timedWaitType.value)
      module.attribute("_exc_context", exceptionContext.value)
      module.attribute("_io_queue", makeStreamQueue())
      defineLoop()
      module.attribute("Loop", loop.value)
      addSleeping(to: module)
      defineGathering()
      defineTimedWait(
        sleeps: ["sleep", "sleep_ms"].map {
          RootedValue(module.globals.get(interned: vm.heap.intern($0)), in: vm.heap)
        })
      addRunning(to: module)
    }
  }

  private func addSleeping(to module: ModuleBuilder) {
    sleepAwaitable.addFunctions(to: module)
    module.function("ticks", 0...0) { [unowned self] vm, _ in Ticks.value(scheduler.ticks, vm) }
  }

  private func addRunning(to module: ModuleBuilder) {
    module.function("create_task", PythonSignature("coro")) { [core = reference] (_, args) throws(Raised) in
      try core.use { runtime throws(Raised) in try runtime.createTask(args[0]).object }
    }
    module.function("_promote_to_task", PythonSignature("aw")) {
      [core = reference] (_, args) throws(Raised) in
      try core.use { runtime throws(Raised) in try runtime.promoteToTask(args[0]).object }
    }
    module.function("run_until_complete", PythonSignature("main_task", required: 0)) {
      [unowned self] (vm, args) throws(Raised) in
      guard args.count > 0, !args[0].isNone else { return try run(until: nil) }
      guard let task = task(args[0]) else {
        throw vm.error(.attributeError, "'\(vm.type(of: args[0]).name)' object has no attribute 'state'")
      }
      return try run(until: task)
    }
    module.function("run", PythonSignature("coro")) { [unowned self] (_, args) throws(Raised) in
      try noting(CoreLine.run, "run") { () throws(Raised) in
        try run(until: createTask(args[0]), isFresh: true)
      }
    }
    module.function("get_event_loop", PythonSignature("runq_len", "waitq_len", required: 0)) {
      [unowned self] _, _ in loop.value
    }
    module.function("new_event_loop", PythonSignature()) { [unowned self] (_, _) throws(Raised) in
      try refuseInInterrupt("new_event_loop")
      scheduler.reset()
      runs.generation += 1
      return loop.value
    }
    module.function("current_task", PythonSignature()) { [unowned self] (vm, _) throws(Raised) in
      let current = currentTask
      guard current.isNone else { return current }
      throw noted(vm.error(.runtimeError, "no running event loop"), CoreLine.currentTask, "current_task")
    }
    module.function("__getattr__", 1...1) { [unowned self] (vm, args) throws(Raised) in
      guard StringHandle(args[0])?.text == "cur_task" else {
        throw vm.error(.attributeError, arguments: [args[0]])
      }
      return currentTask
    }
  }

  /// Runs `body` as a function of asyncio's that tracebacks show.
  func noting<Result>(
    _ line: Int, _ function: String, _ body: () throws(Raised) -> Result
  ) throws(Raised) -> Result {
    do throws(Raised) { return try body() } catch { throw noted(error, line, function) }
  }

  func noted(_ raised: Raised, _ line: Int, _ function: String) -> Raised {
    note(raised.exception, line: line, function: function)
    return raised
  }

  /// Makes `_io_queue`, the queue with which classes of firmware wait for streams.
  private func makeStreamQueue() -> Value {
    let type = vm.heap.type("IOQueue")
    vm.define(type) { type in
      type.method("queue_read", 1...1) { [unowned self] (_, args) throws(Raised) in
        try waitForStream(args[1], .readable)
        return .none
      }
      type.method("queue_write", 1...1) { [unowned self] (_, args) throws(Raised) in
        try waitForStream(args[1], .writable)
        return .none
      }
    }
    return vm.heap.native(type, StreamQueueMarker())
  }
}

/// The stream queue's object has no data of its own: the scheduler has it all.
private final class StreamQueueMarker {}
