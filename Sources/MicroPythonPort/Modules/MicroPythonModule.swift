import Machine
import MicroPython
import Timebase

/// `micropython`
enum MicroPythonModule: PythonModule {
  static let name = "micropython"
  static let aliases = ["umicropython"]

  static func define(_ module: PythonModuleBuilder<PythonRuntime>) {
    module.function("const", .required("value", .value)) { _, value in value }
    module.function("opt_level", .optional("level", .int)) { call, level -> Int? in
      guard let level else { return call.vm.optimisationLevel }
      call.vm.optimisationLevel = level
      return nil
    }
    defineMemory(of: module)
    defineScheduling(of: module)
    module.constant("RingIO", RingStream.makeType(module.vm).value)
  }

  private static func defineMemory(of module: PythonModuleBuilder<PythonRuntime>) {
    module.function("alloc_emergency_exception_buf", .required("size", .int)) { call, size in
      call.vm.heap.emergencyBufferSize = max(0, size)
    }
    let stack = module.host.board.description.memory.stack
    module.function("mem_info", .optional("verbose", .value)) { call, _ in
      let heap = call.vm.heap
      let used = heap.capacity - heap.free
      call.vm.write(
        Array(
          """
          stack: \(call.vm.stackUse) out of \(stack)
          GC: total: \(heap.capacity), used: \(used), free: \(heap.free)

          """.utf8))
    }
    module.function("qstr_info", .optional("verbose", .value)) { call, _ in
      call.vm.write(Array("qstr pool: n_pool=1, n_qstr=\(call.vm.heap.internedCount)\n".utf8))
    }
    module.function("stack_use") { $0.vm.stackUse }
    module.function("heap_lock") { $0.vm.heap.lock() }
    module.function("heap_unlock") { $0.vm.heap.unlock() }
  }

  private static func defineScheduling(of module: PythonModuleBuilder<PythonRuntime>) {
    let clock = module.host.board.clock
    let pitfalls = module.host.asyncio.pitfalls
    var isTickAwaited = false
    let interrupting = module.function("kbd_intr", .required("chr", .int)) { call, character in
      call.vm.interruptCharacter = character
    }
    let interruptingRoot = RootedValue(interrupting.value, in: module.vm.heap)
    module.fastFunction("schedule", "function", "arg") { (vm, args) throws(Raised) in
      if args[0] == interruptingRoot.value {
        // The same as if the character had come, however often it is scheduled.
        vm.scheduleInterrupt()
        return .none
      }
      pitfalls?.callbackIsSet(args[0])
      try vm.schedule(args[0], args[1], isByFirmware: true)
      // A board that idles looks for scheduled calls at each tick of its 1 ms clock.
      guard !isTickAwaited else { return .none }
      isTickAwaited = true
      clock.schedule(at: Instant(nanoseconds: 0) + .milliseconds(clock.now.milliseconds + 1)) {
        isTickAwaited = false
      }
      return .none
    }
  }
}
