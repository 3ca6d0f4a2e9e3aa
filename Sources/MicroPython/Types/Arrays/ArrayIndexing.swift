/// Items and slices of `bytearray`, `array.array` and `memoryview`.
enum ArrayIndexing {
  static func getItem(_ vm: Interpreter, _ value: Value, _ index: Value) throws(Raised) -> Value {
    guard let array = ArrayHandle(value) else { return .unbound }
    if index.isSmallInt && index.smallInt >= 0 && index.smallInt < array.count {
      return array.item(at: index.smallInt, in: vm.heap)
    }
    guard let range = try StringIndexing.range(vm, index, count: array.count) else {
      let position = try vm.position(index, in: value, count: array.count)
      return array.item(at: position, in: vm.heap)
    }
    if array.isMemoryview {
      let object = array.pointer.pointee
      return ArrayConstructor.view(
        vm, of: object.base, like: array, offset: object.offset + range.lowerBound, count: range.count)
    }
    let copy = vm.heap.array(
      typeCode: array.typeCode, itemSize: array.itemSize, count: range.count, type: array.type)
    copy.replace(0..<range.count, with: array.copy(of: range), in: vm.heap)
    return copy.value
  }

  static func setItem(
    _ vm: Interpreter, _ value: Value, _ index: Value, _ newValue: Value
  ) throws(Raised) {
    guard let array = ArrayHandle(value) else { return }
    guard let range = try StringIndexing.range(vm, index, count: array.count) else {
      let position = try vm.position(index, in: value, count: array.count)
      if !array.isWritable { throw notAssignable(vm, array) }
      try array.setItem(at: position, to: newValue, vm)
      return
    }
    let newBytes: [UInt8]
    if let source = ArrayHandle(newValue) {
      if source.itemSize != array.itemSize || source.holdsValues != array.holdsValues {
        throw incompatible(vm)
      }
      newBytes = Array(source.bytes)
    } else if let source = BytesHandle(newValue) {
      if array.itemSize != 1 { throw incompatible(vm) }
      newBytes = source.bytes
    } else {
      throw vm.error(.notImplementedError, "array/bytes required on right side")
    }
    if array.isMemoryview {
      if !array.isWritable { throw notAssignable(vm, array) }
      if newBytes.count != range.count * array.itemSize { throw incompatible(vm) }
    }
    let growth = newBytes.count / array.itemSize - range.count
    try vm.requireRoom(array.count + growth, in: max(array.pointer.pointee.capacity, array.count))
    if newBytes.count != range.count * array.itemSize {
      vm.charge(bytes: (array.count - range.lowerBound) * array.itemSize)
    }
    array.replace(range, with: newBytes, in: vm.heap)
  }

  private static func incompatible(_ vm: Interpreter) -> Raised {
    vm.error(.valueError, "lhs and rhs should be compatible")
  }

  private static func notAssignable(_ vm: Interpreter, _ array: ArrayHandle) -> Raised {
    vm.error(.typeError, "'\(array.type.name)' object doesn't support item assignment")
  }
}
