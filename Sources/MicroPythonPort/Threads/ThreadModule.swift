import MicroPython

/// `_thread`, as in a Pyboard's build with threads.
enum ThreadModule: PythonModule {
  static let name = "_thread"

  /// The main thread's; the others' are addresses of objects.
  private static let mainIdentity = 0x2000_0200
  /// Bytes of a thread's stack on the board.
  private static let defaultStackSize = 4096
  private static let smallestStackSize = 2560
  /// Bytes of it kept back, to recover from running into its end.
  private static let stackReserve = 1024
  /// Bytes of it that a call takes, about.
  private static let bytesPerCall = 96

  static func define(_ module: PythonModuleBuilder<PythonRuntime>) {
    let threads = module.host.threads
    let locks = module.add(LockClass.self, as: "LockType")
    module.function("allocate_lock") { _ in locks.make(ThreadLock()) }
    module.function("get_ident") { call in
      let stack = threads.current.stack
      return stack.isUnbound ? mainIdentity : call.vm.heap.boardAddress(of: stack)
    }
    module.function("exit") { call in throw call.vm.error(.systemExit, arguments: []) }
    defineStarting(of: module, threads)
  }

  private static func defineStarting(
    of module: PythonModuleBuilder<PythonRuntime>, _ threads: ThreadScheduler
  ) {
    // Stands for the stack in the board's memory; the thread keeps it alive.
    let stackType = module.vm.heap.type("thread")
    var stackSize = 0
    module.function("stack_size", .optional("size", .int, default: 0)) { _, size in
      defer { stackSize = size }
      return stackSize
    }
    module.function(
      "start_new_thread", .required("function", .value), .required("args", .items),
      .optional("kwargs", .value)
    ) { call, function, arguments, named in
      let vm = call.vm
      var keywords: [(name: Value, value: Value)] = []
      if let named {
        guard let given = DictHandle(named) else {
          throw PythonError.type("expecting a dict for keyword args")
        }
        keywords = given.entries.map { ($0.key, $0.value) }
      }
      let size = stackSize == 0 ? defaultStackSize : max(smallestStackSize, stackSize)
      guard size < 1 << 24 else { throw PythonError(.memoryError, "memory allocation failed") }
      let stack = vm.heap.native(stackType, ThreadStack(), boardBytes: size + 48)
      let mark = vm.hold(stack)
      defer { vm.release(mark) }
      // Asked for before there is a thread of the host's, so that firmware that goes on without memory has no more of them.
      try vm.collectInBuiltIn()
      if vm.heap.free == 0 {
        throw vm.error(.memoryError, "memory allocation failed, allocating \(size + 48) bytes")
      }
      try threads.start(
        function, arguments: arguments, keywords: keywords, stack: stack,
        depth: (size - stackReserve) / bytesPerCall)
      return vm.heap.boardAddress(of: stack)
    }
  }
}

/// `_thread.LockType`
enum LockClass: PythonClass {
  static let name = "lock"

  static func define(_ type: PythonClassBuilder<PythonRuntime, ThreadLock>) {
    let (vm, threads) = (type.vm, type.host.threads)
    for name in ["acquire", "__enter__"] {
      // The timeout is not looked at, as on the board.
      type.method(name, .optional("waitflag", .int, default: 1), .optional("timeout", .value)) {
        [unowned vm] lock, waits, _ in
        try lock.acquire(wait: waits != 0, threads, vm)
      }
    }
    type.method("release") { [unowned vm] lock in try lock.release(threads, vm) }
    type.method(
      "__exit__", .required("type", .value), .required("value", .value), .required("traceback", .value)
    ) {
      [unowned vm] lock, _, _, _ in
      try lock.release(threads, vm)
    }
    type.method("locked") { $0.isLocked }
  }
}

/// A thread's stack, which is memory of the board.
private final class ThreadStack {}
