import MicroPython

/// `machine.mem8`, `mem16` and `mem32`: the processor's memory by address. No memory is emulated at addresses, so every
/// aligned access is an error that says so.
struct MemoryAccess {
  /// 1, 2 or 4.
  let byteCount: Int

  static func add(to module: ModuleBuilder) {
    let type = makeType(module.vm)
    for byteCount in [1, 2, 4] {
      module.attribute(
        "mem\(8 * byteCount)",
        module.vm.heap.native(type, MemoryAccessBox(MemoryAccess(byteCount: byteCount)), boardBytes: 0))
    }
  }

  private static func makeType(_ vm: Interpreter) -> TypeHandle {
    let type = vm.heap.type("mem")
    func access(_ value: Value) -> MemoryAccess? {
      (NativeHandle(value)?.payload as? MemoryAccessBox)?.access
    }
    type.info.print = { _, value, _, output in
      output.write("<\(8 * (access(value)?.byteCount ?? 1))-bit memory>")
    }
    type.info.getItem = { (vm, value, index) throws(Raised) in
      throw try access(value)?.refusal(index, vm) ?? vm.error(.typeError, arguments: [])
    }
    type.info.setItem = { (vm, value, index, _) throws(Raised) in
      throw try access(value)?.refusal(index, vm) ?? vm.error(.typeError, arguments: [])
    }
    return type
  }

  private func refusal(_ index: Value, _ vm: Interpreter) throws(Raised) -> Raised {
    let address = UInt32(truncatingIfNeeded: try vm.int(index))
    let text = String(address, radix: 16)
    if address % UInt32(byteCount) != 0 {
      let padded = String(repeating: "0", count: 8 - text.count) + text
      return vm.error(.valueError, "address \(padded) is not aligned to \(byteCount) bytes")
    }
    return vm.error(.valueError, "nothing is emulated at address 0x\(text); see docs/compatibility.md")
  }
}

/// Lets the interpreter hold it.
private final class MemoryAccessBox {
  let access: MemoryAccess
  init(_ access: MemoryAccess) { self.access = access }
}
