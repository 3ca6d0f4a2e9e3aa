import Machine
import MicroPython
import Timebase

/// `micropython`
struct MicroPythonModule {
  let board: Board
  let pitfalls: PitfallFinder?

  func add(to vm: Interpreter) {
    vm.addModule("micropython") { module in
      addCompiling(to: module)
      addMemory(to: module)
      addScheduling(to: module)
    }
    vm.addModuleAlias("umicropython", for: "micropython")
  }

  private func addCompiling(to module: ModuleBuilder) {
    module.function("const", 1...1) { _, args in args[0] }
    module.function("opt_level", 0...1) { (vm, args) throws(Raised) in
      guard args.count > 0 else { return Value(smallInt: vm.optimisationLevel) }
      vm.optimisationLevel = try vm.int(args[0])
      return .none
    }
  }

  private func addMemory(to module: ModuleBuilder) {
    module.function("alloc_emergency_exception_buf", 1...1) { (vm, args) throws(Raised) in
      vm.heap.emergencyBufferSize = max(0, try vm.int(args[0]))
      return .none
    }
    let stack = board.description.memory.stack
    module.function("mem_info", 0...1) { vm, _ in
      let heap = vm.heap
      let used = heap.capacity - heap.free
      vm.write(
        Array(
          """
          stack: \(vm.stackUse) out of \(stack)
          GC: total: \(heap.capacity), used: \(used), free: \(heap.free)

          """.utf8))
      return .none
    }
    module.function("qstr_info", 0...1) { vm, _ in
      vm.write(Array("qstr pool: n_pool=1, n_qstr=\(vm.heap.internedCount)\n".utf8))
      return .none
    }
    module.function("stack_use", 0...0) { vm, _ in Value(smallInt: vm.stackUse) }
    module.function("heap_lock", 0...0) { vm, _ in
      vm.heap.lock()
      return .none
    }
    module.function("heap_unlock", 0...0) { vm, _ in Value(smallInt: vm.heap.unlock()) }
  }

  private func addScheduling(to module: ModuleBuilder) {
    let clock = board.clock
    var isTickAwaited = false
    let heap = module.vm.heap
    let interrupting = heap.function("kbd_intr", 1...1) { (vm, args) throws(Raised) in
      vm.interruptCharacter = try vm.int(args[0])
      return .none
    }
    module.attribute("kbd_intr", interrupting)
    let interruptingRoot = RootedValue(interrupting, in: heap)
    module.function("schedule", 2...2) { (vm, args) throws(Raised) in
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
    module.attribute("RingIO", RingStream.makeType(module.vm).value)
  }
}
