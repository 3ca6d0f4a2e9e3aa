import Diagnostics
import MicroPython

/// `machine.mem8`, `mem16` and `mem32`: memory by address. There is what `uctypes.addressof` gave an address, and there are the
/// registers of peripherals that are modelled; any other access is an error that names the register.
struct MemoryAccess: HardwareFunctions {
  static let modules = [HardwareModule.machine]

  /// 1, 2 or 4.
  let byteCount: Int

  static func define(_ module: PythonModuleBuilder<Hardware>) {
    let type = makeType(module.vm)
    for byteCount in [1, 2, 4] {
      module.constant(
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
      return vm.heap.int(Int(try access.load(try access.address(index, vm), vm)))
    }
    type.info.setItem = { (vm, value, index, new) throws(Raised) in
      guard let access = access(value) else { throw vm.error(.typeError, arguments: []) }
      let number = UInt32(truncatingIfNeeded: try vm.bigInt(new))
      try access.store(number, try access.address(index, vm), vm)
    }
    return type
  }

  private func address(_ index: Value, _ vm: Interpreter) throws(Raised) -> UInt32 {
    let address = UInt32(truncatingIfNeeded: try vm.bigInt(index))
    guard address % UInt32(byteCount) == 0 else {
      throw vm.error(
        .valueError, "address \(address.hexadecimal(digits: 8)) is not aligned to \(byteCount) bytes")
    }
    return address
  }

  private func load(_ address: UInt32, _ vm: Interpreter) throws(Raised) -> UInt32 {
    if let bytes = try vm.memory(at: Int(address), count: byteCount, isWritable: false) {
      return bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
    if let word = try vm.processorEnvironment?.loadRegister(address, byteCount: byteCount) { return word }
    throw refusal(address, vm)
  }

  private func store(_ word: UInt32, _ address: UInt32, _ vm: Interpreter) throws(Raised) {
    if let bytes = try vm.memory(at: Int(address), count: byteCount, isWritable: true) {
      for offset in bytes.indices { bytes[offset] = UInt8(truncatingIfNeeded: word >> (8 * offset)) }
      return
    }
    if try vm.processorEnvironment?.storeRegister(word, address, byteCount: byteCount) == true { return }
    throw refusal(address, storing: word, vm)
  }

  private func refusal(_ address: UInt32, storing word: UInt32? = nil, _ vm: Interpreter) -> Raised {
    let text = vm.processorEnvironment?.refusal(of: address, byteCount: byteCount, storing: word)
    return vm.error(
      .valueError,
      text
        ?? "nothing is emulated at address 0x\(String(address, radix: 16)); see `vpyboard docs compatibility`"
    )
  }
}

/// Lets the interpreter hold it.
private final class MemoryAccessBox {
  let access: MemoryAccess
  init(_ access: MemoryAccess) { self.access = access }
}
