import MicroPython

/// `_thread`, as in a Pyboard's build with threads.
struct ThreadModule {
  let threads: ThreadScheduler

  /// The main thread's; the others' are addresses of objects.
  private static let mainIdentity = 0x2000_0200
  /// Bytes of a thread's stack on the board.
  private static let defaultStackSize = 4096
  private static let smallestStackSize = 2560
  /// Bytes of it kept back, to recover from running into its end.
  private static let stackReserve = 1024
  /// Bytes of it that a call takes, about.
  private static let bytesPerCall = 96

  func add(to vm: Interpreter) {
    vm.addModule("_thread") { module in
      let type = makeLockType(module.vm)
      module.attribute("LockType", type.value)
      module.function("allocate_lock", 0...0) { vm, _ in vm.heap.native(type, ThreadLock(), boardBytes: 16) }
      module.function("get_ident", 0...0) { [threads] vm, _ in
        let stack = threads.current.stack
        return vm.heap.int(stack.isUnbound ? Self.mainIdentity : vm.heap.boardAddress(of: stack))
      }
      module.function("exit", 0...0) { (vm, _) throws(Raised) in throw vm.error(.systemExit, arguments: []) }
      addStarting(to: module)
    }
  }

  private func addStarting(to module: ModuleBuilder) {
    // Stands for the stack in the board's memory; the thread keeps it alive.
    let stackType = module.vm.heap.type("thread")
    var stackSize = 0
    module.function("stack_size", 0...1) { (vm, args) throws(Raised) in
      let old = stackSize
      stackSize = args.count > 0 ? try vm.int(args[0]) : 0
      return vm.heap.int(old)
    }
    module.function("start_new_thread", 2...3) { [threads] (vm, args) throws(Raised) in
      guard
        let positional = TupleHandle(args[1]).map({ Array($0.items) })
          ?? ListHandle(args[1]).map({ Array($0.items) })
      else {
        throw vm.notSequence(args[1])
      }
      var keywords: [(name: Value, value: Value)] = []
      if args.count > 2 {
        guard let given = DictHandle(args[2]) else {
          throw vm.error(.typeError, "expecting a dict for keyword args")
        }
        keywords = given.entries.map { ($0.key, $0.value) }
      }
      let size = stackSize == 0 ? Self.defaultStackSize : max(Self.smallestStackSize, stackSize)
      guard size < 1 << 24 else { throw vm.error(.memoryError, "memory allocation failed") }
      let stack = vm.heap.native(stackType, ThreadStack(), boardBytes: size + 48)
      let mark = vm.hold(stack)
      defer { vm.release(mark) }
      // Asked for before there is a thread of the host's, so that firmware that goes on without memory has no more of them.
      try vm.collectInBuiltIn()
      if vm.heap.free == 0 {
        throw vm.error(.memoryError, "memory allocation failed, allocating \(size + 48) bytes")
      }
      try threads.start(
        args[0], arguments: positional, keywords: keywords, stack: stack,
        depth: (size - Self.stackReserve) / Self.bytesPerCall)
      return vm.heap.int(vm.heap.boardAddress(of: stack))
    }
  }

  private func makeLockType(_ vm: Interpreter) -> TypeHandle {
    let type = vm.heap.type("lock")
    func lock(_ value: Value, _ vm: Interpreter) throws(Raised) -> ThreadLock {
      guard let lock = NativeHandle(value)?.payload as? ThreadLock else {
        throw vm.error(.typeError, "argument has wrong type")
      }
      return lock
    }
    vm.define(type) { [threads] builder in
      for name in ["acquire", "__enter__"] {
        // The timeout, a third argument, is not looked at, as on the board.
        builder.method(name, 0...2) { (vm, args) throws(Raised) in
          let wait = args.count > 1 ? try vm.int(args[1]) != 0 : true
          return Value(try lock(args[0], vm).acquire(wait: wait, threads, vm))
        }
      }
      builder.method("release", 0...0) { (vm, args) throws(Raised) in
        try lock(args[0], vm).release(threads, vm)
        return .none
      }
      builder.method("__exit__", 3...3) { (vm, args) throws(Raised) in
        try lock(args[0], vm).release(threads, vm)
        return .none
      }
      builder.method("locked", 0...0) { (vm, args) throws(Raised) in
        Value(try lock(args[0], vm).isLocked)
      }
    }
    return type
  }
}

/// A thread's stack, which is memory of the board.
private final class ThreadStack {}
