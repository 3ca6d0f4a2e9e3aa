import Asyncio
import MicroPython

/// `Loop`, the class that stands for the one event loop; its methods are called on the class itself.
extension AsyncioRuntime {
  func defineLoop() {
    guard loop.value.isUnbound else { return }
    let type = vm.heap.type("Loop")
    loop.value = type.value
    vm.define(type) { type in
      type.staticMethod("create_task", PythonSignature("coro")) { [unowned self] (_, args) throws(Raised) in
        try createTask(args[0]).object
      }
      type.staticMethod("run_until_complete", PythonSignature("aw")) {
        [unowned self] (_, args) throws(Raised) in
        try noting(CoreLine.loopRunUntilComplete, "run_until_complete") { () throws(Raised) in
          try run(until: promoteToTask(args[0]))
        }
      }
      type.staticMethod("run_forever", PythonSignature()) { [unowned self] (_, _) throws(Raised) in
        try noting(CoreLine.runForever, "run_forever") { () throws(Raised) in try runForever() }
      }
      type.staticMethod("stop", PythonSignature()) { [unowned self] (_, _) throws(Raised) in
        try refuseInInterrupt("Loop.stop")
        scheduler.stop()
        return .none
      }
      type.staticMethod("close", PythonSignature()) { _, _ in .none }
      type.staticMethod("set_exception_handler", PythonSignature("handler")) { [unowned self] _, args in
        exceptionHandler.value = args[0]
        return .none
      }
      type.staticMethod("get_exception_handler", PythonSignature()) { [unowned self] _, _ in
        exceptionHandler.value
      }
      type.staticMethod("default_exception_handler", PythonSignature("loop", "context")) {
        [unowned self] (_, args) throws(Raised) in
        try reportUnretrieved(args[1])
        return .none
      }
      type.staticMethod("call_exception_handler", PythonSignature("context")) {
        [unowned self] (_, args) throws(Raised) in
        try callExceptionHandler(args[0])
        return .none
      }
    }
  }

  private func runForever() throws(Raised) -> Value {
    try refuseInInterrupt("run_forever")
    return try outcome(of: nil) { try scheduler.runForever() }
  }
}
