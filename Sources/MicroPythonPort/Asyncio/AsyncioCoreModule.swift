import Asyncio
import MicroPython

/// `asyncio.core`, around which the package `asyncio` is frozen Python. Most of it is Python on a board, and takes its
/// arguments so.
enum AsyncioCoreModule: PythonModule {
  static let name = "asyncio.core"

  static func define(_ module: PythonModuleBuilder<AsyncioRuntime>) {
    let (vm, runtime) = (module.vm, module.host)
    module.constant("CancelledError", runtime.cancelledError.value)
    module.constant("TimeoutError", runtime.timeoutError.value)
    module.constant("Task", runtime.taskType.value)
    module.constant("TaskQueue", runtime.taskQueueType.value)
    module.constant("_Flag", runtime.flags.type.value)
    runtime.gatherings = module.add(GatheringClass.self)
    module.add(TimedWaitClass.self)
    module.constant("_exc_context", runtime.exceptionContext.value)
    module.constant(
      "_io_queue", StreamQueueClass.make(in: vm, host: runtime).objects.make(StreamQueueMarker()))
    runtime.loop.value = module.add(LoopClass.self).type.value
    runtime.sleepAwaitable.defineFunctions(of: module)
    module.fastFunction("ticks") { [unowned runtime] vm, _ in Ticks.value(runtime.scheduler.ticks, vm) }
    defineTasks(of: module)
    defineRunning(of: module)
  }

  private static func defineTasks(of module: PythonModuleBuilder<AsyncioRuntime>) {
    let core = module.host.reference
    module.function("create_task", rules: .python, .required("coro", .value)) { _, coroutine in
      try core.use { runtime throws(Raised) in try runtime.createTask(coroutine).object }
    }
    module.function("_promote_to_task", rules: .python, .required("aw", .value)) { _, awaitable in
      try core.use { runtime throws(Raised) in try runtime.promoteToTask(awaitable).object }
    }
    module.function("current_task", rules: .python) { call in
      let current = call.host.currentTask
      guard current.isNone else { return current }
      throw call.host.noted(
        call.vm.error(.runtimeError, "no running event loop"), CoreLine.currentTask, "current_task")
    }
    module.function("__getattr__", .required("attr", .value)) { call, name in
      guard StringHandle(name)?.text == "cur_task" else {
        throw call.vm.error(.attributeError, arguments: [name])
      }
      return call.host.currentTask
    }
  }

  private static func defineRunning(of module: PythonModuleBuilder<AsyncioRuntime>) {
    module.function(
      "run_until_complete", rules: .python, .optional("main_task", .orNone(.value), default: nil)
    ) { call, main in
      guard let main else { return try call.host.run(until: nil) }
      guard let task = call.host.task(main) else {
        throw call.vm.error(
          .attributeError, "'\(call.vm.type(of: main).name)' object has no attribute 'state'")
      }
      return try call.host.run(until: task)
    }
    module.function("run", rules: .python, .required("coro", .value)) { call, coroutine -> Value in
      let runtime = call.host
      return try runtime.noting(CoreLine.run, "run") { () throws(Raised) in
        try runtime.run(until: runtime.createTask(coroutine), isFresh: true)
      }
    }
    module.function(
      "get_event_loop", rules: .python, .optional("runq_len", .value), .optional("waitq_len", .value)
    ) { call, _, _ in call.host.loop.value }
    module.function("new_event_loop", rules: .python) { call in
      let runtime = call.host
      try runtime.refuseInInterrupt("new_event_loop")
      runtime.scheduler.reset()
      runtime.runs.generation += 1
      return runtime.loop.value
    }
  }
}

extension AsyncioRuntime {
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
}

/// The class of `_io_queue`, the queue with which classes of firmware wait for streams.
private enum StreamQueueClass: PythonClass {
  static let name = "IOQueue"

  static func define(_ type: PythonClassBuilder<AsyncioRuntime, StreamQueueMarker>) {
    type.method("queue_read", .required("s", .value)) { _, call, stream in
      try call.host.waitForStream(stream, .readable)
    }
    type.method("queue_write", .required("s", .value)) { _, call, stream in
      try call.host.waitForStream(stream, .writable)
    }
  }
}

/// The stream queue's object has no data of its own: the scheduler has it all.
private final class StreamQueueMarker {}
