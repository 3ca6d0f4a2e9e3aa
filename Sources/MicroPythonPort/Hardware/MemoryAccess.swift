import MicroPython

/// `machine.mem8`, `mem16` and `mem32`: memory by address. There is what `uctypes.addressof` gave an address; the registers
/// of peripherals are not emulated, and an access to them is an error that says so.
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
      guard let access = access(value) else { throw vm.error(.typeError, arguments: []) }
      let bytes = try access.place(index, isWritable: false, vm)
      return vm.heap.int(bytes.reversed().reduce(0) { $0 << 8 | Int($1) })
    }
    type.info.setItem = { (vm, value, index, new) throws(Raised) in
      guard let access = access(value) else { throw vm.error(.typeError, arguments: []) }
      let number = UInt32(truncatingIfNeeded: try vm.bigInt(new))
      let bytes = try access.place(index, isWritable: true, vm)
      for offset in bytes.indices { bytes[offset] = UInt8(truncatingIfNeeded: number >> (8 * offset)) }
    }
    return type
  }

  private func place(
    _ index: Value, isWritable: Bool, _ vm: Interpreter
  ) throws(Raised) -> UnsafeMutableRawBufferPointer {
    let address = UInt32(truncatingIfNeeded: try vm.int(index))
    if address % UInt32(byteCount) == 0,
      let bytes = try vm.memory(at: Int(address), count: byteCount, isWritable: isWritable)
    {
      return bytes
    }
    throw refusal(address, vm)
  }

  private func refusal(_ address: UInt32, _ vm: Interpreter) -> Raised {
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
