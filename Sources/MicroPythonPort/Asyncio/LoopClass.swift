import Asyncio
import MicroPython

/// `Loop`, the class that stands for the one event loop; its methods are called on the class itself, and there are no objects.
enum LoopClass: PythonClass {
  static let name = "Loop"

  static func define(_ type: PythonClassBuilder<AsyncioRuntime, AsyncioRuntime>) {
    type.function("create_task", rules: .python, .required("coro", .value)) { call, coroutine in
      try call.host.createTask(coroutine).object
    }
    type.function("run_until_complete", rules: .python, .required("aw", .value)) { call, awaitable -> Value in
      let runtime = call.host
      return try runtime.noting(CoreLine.loopRunUntilComplete, "run_until_complete") { () throws(Raised) in
        try runtime.run(until: runtime.promoteToTask(awaitable))
      }
    }
    type.function("run_forever", rules: .python) { call -> Value in
      let runtime = call.host
      return try runtime.noting(CoreLine.runForever, "run_forever") { () throws(Raised) in
        try runtime.refuseInInterrupt("run_forever")
        return try runtime.outcome(of: nil) { try runtime.scheduler.runForever() }
      }
    }
    type.function("stop", rules: .python) { call in
      try call.host.refuseInInterrupt("Loop.stop")
      call.host.scheduler.stop()
    }
    type.function("close", rules: .python) { _ in }
    defineExceptionHandling(of: type)
  }

  private static func defineExceptionHandling(of type: PythonClassBuilder<AsyncioRuntime, AsyncioRuntime>) {
    type.function("set_exception_handler", rules: .python, .required("handler", .value)) { call, handler in
      call.host.exceptionHandler.value = handler
    }
    type.function("get_exception_handler", rules: .python) { $0.host.exceptionHandler.value }
    type.function(
      "default_exception_handler", rules: .python, .required("loop", .value), .required("context", .value)
    ) { call, _, context in try call.host.reportUnretrieved(context) }
    type.function("call_exception_handler", rules: .python, .required("context", .value)) { call, context in
      try call.host.callExceptionHandler(context)
    }
  }
}
