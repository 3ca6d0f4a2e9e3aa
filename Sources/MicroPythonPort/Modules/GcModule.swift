import MicroPython

/// `gc`
enum GcModule: PythonModule {
  static let name = "gc"
  static let aliases = ["ugc"]

  static func define(_ module: PythonModuleBuilder<PythonRuntime>) {
    module.function("collect") { $0.vm.collectGarbage() }
    module.function("enable") { $0.vm.heap.isCollectionEnabled = true }
    module.function("disable") { $0.vm.heap.isCollectionEnabled = false }
    module.function("isenabled") { $0.vm.heap.isCollectionEnabled }
    module.function("mem_free") { $0.vm.heap.free }
    module.function("mem_alloc") { $0.vm.heap.capacity - $0.vm.heap.free }
    module.function("threshold", .optional("amount", .int)) { call, amount -> Int? in
      guard let amount else { return call.vm.heap.threshold }
      call.vm.heap.setThreshold(amount)
      return nil
    }
  }
}
