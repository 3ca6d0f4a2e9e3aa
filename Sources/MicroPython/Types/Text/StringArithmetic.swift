/// Operators of `str` and `bytes`.
enum StringArithmetic {
  static func binary(
    _ vm: Interpreter, _ operation: BinaryOperation, _ left: Value, _ right: Value
  ) throws(Raised) -> Value {
    guard let receiver = CharacterData(left) else { return .unbound }
    switch operation {
    case .modulo, .inplaceModulo:
      var format = PercentFormat(vm: vm, isBytes: receiver.kind == .bytes, operand: right)
      let text = try format.format(Array(receiver.contents))
      return receiver.kind == .bytes ? vm.heap.bytes(text) : vm.heap.string(text)
    case .multiply, .inplaceMultiply:
      guard let count = try vm.integerIfAny(right) else { return .unbound }
      return try repeated(vm, receiver, count: count)
    default: break
    }
    guard let other = try operand(vm, operation, receiver, right) else { return .unbound }
    try vm.passTime(bytes: receiver.contents.count)
    switch operation {
    case .add, .inplaceAdd:
      if receiver.contents.isEmpty && right.kind == left.kind { return right }
      if other.isEmpty { return left }
      vm.heap.noteRequest()
      var joined: [UInt8] = []
      joined.reserveCapacity(receiver.contents.count + other.count)
      joined += receiver.contents
      joined += other
      return receiver.kind == .str ? vm.heap.string(joined) : vm.heap.bytes(joined)
    case .contains:
      return Value(receiver.find(other, in: 0..<receiver.contents.count) != nil)
    default:
      return compare(operation, receiver.contents, other)
    }
  }

  /// `str` goes with `str`; `bytes` with anything that has the buffer protocol. Nil if the operation is not supported.
  private static func operand(
    _ vm: Interpreter, _ operation: BinaryOperation, _ receiver: CharacterData, _ right: Value
  ) throws(Raised) -> UnsafeBufferPointer<UInt8>? {
    if receiver.kind == .str {
      if let string = StringHandle(right) { return string.utf8 }
      // Otherwise the interpreter would go on to compare every character.
      if operation == .contains { throw CharacterData.implicitConversion(vm, right) }
      return nil
    }
    if let bytes = BytesHandle(right) { return bytes.contents }
    // A bytes equals other kinds only if these say so.
    if operation == .equal || operation == .notEqual { return nil }
    guard let view = vm.type(of: right).info.buffer?(vm, right) else { return nil }
    return view.bytes.bindMemory(to: UInt8.self)
  }

  private static func repeated(
    _ vm: Interpreter, _ receiver: CharacterData, count: Int
  ) throws(Raised) -> Value {
    if count <= 0 || receiver.contents.isEmpty { return receiver.makeEmpty(vm) }
    try vm.requireMemory(count, itemSize: receiver.contents.count)
    vm.heap.noteRequest()
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count * receiver.contents.count)
    for _ in 0..<count { bytes += receiver.contents }
    return receiver.kind == .str ? vm.heap.string(bytes) : vm.heap.bytes(bytes)
  }

  /// Bytewise order; `unbound` for operations that compare nothing.
  static func compare(
    _ operation: BinaryOperation, _ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>
  ) -> Value {
    switch operation {
    case .equal: Value(left.elementsEqual(right))
    case .notEqual: Value(!left.elementsEqual(right))
    case .less: Value(left.lexicographicallyPrecedes(right))
    case .greaterOrEqual: Value(!left.lexicographicallyPrecedes(right))
    case .greater: Value(right.lexicographicallyPrecedes(left))
    case .lessOrEqual: Value(!right.lexicographicallyPrecedes(left))
    default: .unbound
    }
  }
}
