/// Operators of `bytearray`, `array.array` and `memoryview`, and the methods that make them longer.
enum ArrayArithmetic {
  static func binary(
    _ vm: Interpreter, _ operation: BinaryOperation, _ left: Value, _ right: Value
  ) throws(Raised) -> Value {
    guard let array = ArrayHandle(left) else { return .unbound }
    switch operation {
    case .add:
      if array.isMemoryview || array.holdsValues { return .unbound }
      let other = try vm.buffer(right, writable: false).bytes
      let whole = other.count / array.itemSize * array.itemSize
      try vm.requireMemory(array.byteCount + whole, itemSize: 1)
      let sum = vm.heap.array(
        typeCode: array.typeCode, itemSize: array.itemSize, count: array.count + whole / array.itemSize,
        type: array.type)
      let bytes = Array(array.bytes) + Array(other.prefix(whole))
      sum.replace(0..<sum.count, with: bytes, in: vm.heap)
      return sum.value
    case .inplaceAdd:
      if array.isMemoryview { return .unbound }
      try extend(vm, left, by: right)
      return left
    case .contains: return try contains(vm, array, right)
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual:
      return try compare(vm, operation, array, right)
    default: return .unbound
    }
  }

  /// Only a bytearray can be searched, and only for a string of bytes.
  private static func contains(
    _ vm: Interpreter, _ array: ArrayHandle, _ right: Value
  ) throws(Raised) -> Value {
    if let needle = vm.type(of: right).info.buffer?(vm, right) {
      guard let haystack = CharacterData(array.value) else { return .false }
      let wanted = needle.bytes.bindMemory(to: UInt8.self)
      // In an empty bytearray MicroPython finds nothing, not even an empty string.
      if haystack.contents.isEmpty { return .false }
      return Value(haystack.find(wanted, in: 0..<haystack.contents.count) != nil)
    }
    let isNumber = right.float != nil || !right.isBool && IntegerArithmetic.operand(right) != nil
    if isNumber { throw vm.error(.notImplementedError, arguments: []) }
    return .false
  }

  /// Items are compared as bytes, so their types have to go together.
  private static func compare(
    _ vm: Interpreter, _ operation: BinaryOperation, _ array: ArrayHandle, _ right: Value
  ) throws(Raised) -> Value {
    let isEquality = operation == .equal || operation == .notEqual
    // An array.array equals nothing but another one; the other operand may know better.
    if isEquality && array.type == vm.heap.types.array && vm.type(of: right) != array.type { return .unbound }
    guard let other = vm.type(of: right).info.buffer?(vm, right) else {
      // Arrays of values have no bytes to compare.
      if let other = ArrayHandle(right), !(array.holdsValues && other.holdsValues) {
        throw vm.error(.notImplementedError, arguments: [])
      }
      return Value(operation == .notEqual)
    }
    let isUnsigned = isUpper(array.typeCode) || isUpper(other.typeCode)
    let code = array.typeCode | 0x20
    let isFloat = code == UInt8(ascii: "f") || code == UInt8(ascii: "d")
    guard code == other.typeCode | 0x20, !isFloat, !array.holdsValues, isEquality || isUnsigned else {
      throw vm.error(.notImplementedError, arguments: [])
    }
    try vm.passTime(bytes: array.bytes.count)
    return StringArithmetic.compare(
      operation, array.bytes, other.bytes.bindMemory(to: UInt8.self))
  }

  private static func isUpper(_ typeCode: UInt8) -> Bool { typeCode <= UInt8(ascii: "Z") }

  // MARK: Growing

  static func append(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    guard let array = ArrayHandle(arguments[0]), !array.isMemoryview else { throw vm.wrongReceiver() }
    try append(vm, arguments[1], to: array)
    return .none
  }

  static func append(_ vm: Interpreter, _ item: Value, to array: ArrayHandle) throws(Raised) {
    if array.count == array.pointer.pointee.capacity {
      try vm.requireRoom(array.count + 1, in: array.pointer.pointee.capacity)
      try vm.requireMemory(array.count + 8, itemSize: array.itemSize)
      array.reserve(array.count + 1, in: vm.heap)
    }
    array.pointer.pointee.count += 1
    do {
      try array.setItem(at: array.count - 1, to: item, vm)
    } catch {
      array.pointer.pointee.count -= 1
      throw error
    }
  }

  /// Appends the bytes of anything with the buffer protocol, or the items of an iterable.
  static func extend(_ vm: Interpreter, _ receiver: Value, by addition: Value) throws(Raised) {
    guard let array = ArrayHandle(receiver), !array.isMemoryview else { throw vm.wrongReceiver() }
    if !array.holdsValues, let bytes = ByteView.contents(of: vm.native(of: addition), vm) {
      let whole = bytes.count / array.itemSize * array.itemSize
      try vm.requireMemory(array.byteCount + whole, itemSize: 1)
      try vm.requireRoom(array.count + whole / array.itemSize, in: array.pointer.pointee.capacity)
      array.replace(array.count..<array.count, with: Array(bytes.prefix(whole)), in: vm.heap)
      return
    }
    let mark = vm.hold(receiver)
    defer { vm.release(mark) }
    try vm.forEach(addition) { item throws(Raised) in try append(vm, item, to: array) }
  }
}
