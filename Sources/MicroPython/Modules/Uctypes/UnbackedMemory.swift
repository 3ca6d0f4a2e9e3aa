/// What `uctypes.bytearray_at` gives for an address at which the virtual board has no memory, and memoryviews on that. Its address
/// and length are known as on the board; whatever would read or write a byte of it raises a `ValueError`.
final class UnbackedMemory {
  let address: Int
  let count: Int
  let isMemoryview: Bool
  private let types: UnbackedMemoryTypes

  fileprivate init(address: Int, count: Int, isMemoryview: Bool, _ types: UnbackedMemoryTypes) {
    self.address = address
    self.count = count
    self.isMemoryview = isMemoryview
    self.types = types
  }

  /// `memoryview(…)` of it.
  func memoryview(_ vm: Interpreter) -> Value {
    types.make(address: address, count: count, isMemoryview: true, vm)
  }

  /// An index is an access; a slice of a memoryview is none.
  fileprivate func item(_ vm: Interpreter, _ index: Value) throws(Raised) -> Value {
    guard isMemoryview, let range = try StringIndexing.range(vm, index, count: count) else {
      throw error(vm)
    }
    let start = address + range.lowerBound
    // The board keeps where a view begins in 24 bits.
    if range.lowerBound > 0xFF_FFFF { throw vm.error(.overflowError, "memoryview offset too large") }
    return types.make(address: start, count: range.count, isMemoryview: true, vm)
  }

  func error(_ vm: Interpreter) -> Raised {
    vm.error(
      .valueError,
      "nothing of the virtual board's is at 0x\(String(address, radix: 16)) (\(count) bytes): only what addressof() gave can be accessed so"
    )
  }
}

/// Its two classes, which print and test as the built-in ones.
final class UnbackedMemoryTypes {
  private let bytearray: TypeHandle
  private let memoryview: TypeHandle

  init(_ vm: Interpreter) {
    bytearray = vm.heap.type("bytearray", bases: [vm.heap.types.bytearray])
    memoryview = vm.heap.type("memoryview", bases: [vm.heap.types.memoryview])
    for type in [bytearray, memoryview] { install(in: type.info) }
    bytearray.info.print = { vm, value, _, _ throws(Raised) in throw vm.unbackedMemory(value).error(vm) }
  }

  func make(address: Int, count: Int, isMemoryview: Bool, _ vm: Interpreter) -> Value {
    let memory = UnbackedMemory(
      address: Int(UInt32(truncatingIfNeeded: address)), count: count, isMemoryview: isMemoryview, self)
    return vm.heap.native(isMemoryview ? memoryview : bytearray, plain: memory)
  }

  private func install(in info: TypeInfo) {
    info.unary = { vm, operation, value throws(Raised) in
      switch operation {
      case .bool: Value(vm.unbackedMemory(value).count != 0)
      case .length: vm.heap.int(vm.unbackedMemory(value).count)
      default: .unbound
      }
    }
    info.binary = { vm, _, left, _ throws(Raised) in throw vm.unbackedMemory(left).error(vm) }
    info.getItem = { vm, value, index throws(Raised) in try vm.unbackedMemory(value).item(vm, index) }
    info.setItem = { vm, value, _, _ throws(Raised) in throw vm.unbackedMemory(value).error(vm) }
    info.iterate = { vm, value throws(Raised) in throw vm.unbackedMemory(value).error(vm) }
    let itemSize = "itemsize"
    info.getAttribute = { vm, value, name throws(Raised) in
      let memory = vm.unbackedMemory(value)
      let text = StringHandle(name)?.text ?? ""
      if text == itemSize, memory.isMemoryview { return Value(smallInt: 1) }
      // Any method looks at the bytes.
      if text.hasPrefix("__") { return .unbound }
      throw memory.error(vm)
    }
  }
}

extension Interpreter {
  /// The memory of an object of these classes.
  fileprivate func unbackedMemory(_ value: Value) -> UnbackedMemory {
    guard let memory = unbackedMemoryIfAny(value) else { preconditionFailure("not an object of this class") }
    return memory
  }

  func unbackedMemoryIfAny(_ value: Value) -> UnbackedMemory? {
    NativeHandle(value)?.payload as? UnbackedMemory
  }
}
