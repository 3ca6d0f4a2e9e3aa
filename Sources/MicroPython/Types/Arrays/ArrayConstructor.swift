/// `bytearray(…)`, `array.array(…)` and `memoryview(…)`.
enum ArrayConstructor {
  static func makeBytearray(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    try vm.require(arguments, 0...3)
    if arguments.count == 0 { return vm.heap.bytearray(EmptyCollection()) }
    let source = vm.native(of: arguments[0])
    if !source.isBool, IntegerArithmetic.operand(source) != nil {
      let count = try vm.int(source)
      if count < 0 || count > vm.heap.capacity { throw tooLarge(vm, count) }
      return vm.heap.bytearray(repeatElement(0, count: count))
    }
    if StringHandle(source) != nil && arguments.count == 1 {
      throw vm.error(.typeError, "string argument without an encoding")
    }
    if let contents = ByteView.contents(of: source, vm) { return vm.heap.bytearray(contents) }
    return try fill(vm, typeCode: UInt8(ascii: "B"), from: arguments[0], type: vm.heap.types.bytearray)
  }

  static func makeArray(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    try vm.require(arguments, 1...2)
    guard let code = CharacterData(arguments[0]), code.kind != .bytearray else {
      throw CharacterData.implicitConversion(vm, arguments[0])
    }
    let heap = vm.heap
    let typeCode = code.contents.first ?? 0
    guard let itemSize = ArrayElement.size(of: typeCode) else { throw vm.error(.valueError, "bad typecode") }
    if arguments.count == 1 {
      return heap.array(typeCode: typeCode, itemSize: itemSize, count: 0, type: heap.types.array).value
    }
    let source = vm.native(of: arguments[1])
    if let raw = CharacterData(source), raw.kind != .str, typeCode != UInt8(ascii: "O") {
      // Raw bytes; a rest that does not fill an item is left out.
      let count = raw.contents.count / itemSize
      let array = heap.array(typeCode: typeCode, itemSize: itemSize, count: count, type: heap.types.array)
      array.replace(0..<count, with: Array(raw.contents.prefix(count * itemSize)), in: heap)
      return array.value
    }
    return try fill(vm, typeCode: typeCode, from: arguments[1], type: heap.types.array)
  }

  private static func fill(
    _ vm: Interpreter, typeCode: UInt8, from source: Value, type: TypeHandle
  ) throws(Raised) -> Value {
    let itemSize = ArrayElement.size(of: typeCode) ?? 1
    if let count = try vm.lengthIfAny(source) {
      // A source with a length gives as many items, and the array is as long as that.
      try vm.requireMemory(max(count, 0), itemSize: itemSize)
      let items = try vm.collect(source)
      let array = vm.heap.array(typeCode: typeCode, itemSize: itemSize, count: items.count, type: type)
      for (index, item) in items.enumerated() { try array.setItem(at: index, to: item, vm) }
      return array.value
    }
    let array = vm.heap.array(typeCode: typeCode, itemSize: itemSize, count: 0, type: type)
    try ArrayArithmetic.extend(vm, array.value, by: source)
    return array.value
  }

  static func makeMemoryview(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    try vm.require(arguments, 1...1)
    let source = vm.native(of: arguments[0])
    if let array = ArrayHandle(source) {
      return view(
        vm, of: array.isMemoryview ? array.pointer.pointee.base : source, like: array,
        offset: array.isMemoryview ? array.pointer.pointee.offset : 0, count: array.count)
    }
    if let memory = vm.unbackedMemoryIfAny(source) { return memory.memoryview(vm) }
    let buffer = try vm.buffer(source, writable: false)
    let itemSize = ArrayElement.size(of: buffer.typeCode) ?? 1
    let result = vm.heap.array(
      typeCode: buffer.typeCode, itemSize: itemSize, count: 0, type: vm.heap.types.memoryview)
    result.point(to: buffer.start, base: source, count: buffer.byteCount / itemSize)
    result.pointer.pointee.isReadOnly = !buffer.isWritable
    return result.value
  }

  /// A memoryview of `count` items of `base`.
  static func view(
    _ vm: Interpreter, of base: Value, like array: ArrayHandle, offset: Int, count: Int
  ) -> Value {
    let result = vm.heap.array(
      typeCode: array.typeCode, itemSize: array.itemSize, count: 0, type: vm.heap.types.memoryview)
    result.point(to: array.pointer.pointee.items, base: base, count: count)
    result.pointer.pointee.offset = offset
    result.pointer.pointee.isReadOnly = array.pointer.pointee.isReadOnly
    return result.value
  }

  static func tooLarge(_ vm: Interpreter, _ count: Int) -> Raised {
    vm.error(
      .memoryError, "memory allocation failed, allocating \(UInt32(truncatingIfNeeded: count)) bytes")
  }
}

extension ArrayHandle {
  /// Makes a new, empty array a view of another object's memory.
  fileprivate func point(to items: UnsafeMutableRawPointer, base: Value, count: Int) {
    pointer.pointee.items.deallocate()
    pointer.pointee.items = items
    pointer.pointee.base = base
    pointer.pointee.count = count
    pointer.pointee.capacity = count
  }
}
