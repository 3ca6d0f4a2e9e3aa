import MicroPython

/// `gc`
struct GcModule {
  func add(to vm: Interpreter) {
    vm.addModule("gc") { module in
      module.function("collect", 0...0) { vm, _ in
        vm.collectGarbage()
        return .none
      }
      module.function("enable", 0...0) { vm, _ in
        vm.heap.isCollectionEnabled = true
        return .none
      }
      module.function("disable", 0...0) { vm, _ in
        vm.heap.isCollectionEnabled = false
        return .none
      }
      module.function("isenabled", 0...0) { vm, _ in Value(vm.heap.isCollectionEnabled) }
      module.function("mem_free", 0...0) { vm, _ in vm.heap.int(vm.heap.free) }
      module.function("mem_alloc", 0...0) { vm, _ in vm.heap.int(vm.heap.capacity - vm.heap.free) }
      module.function("threshold", 0...1) { (vm, args) throws(Raised) in
        guard args.count > 0 else { return vm.heap.int(vm.heap.threshold) }
        vm.heap.setThreshold(try vm.int(args[0]))
        return .none
      }
    }
    vm.addModuleAlias("ugc", for: "gc")
  }
}
