/// Unary and binary operations on any values: numbers at once, the rest through their types' slots or methods.
extension Interpreter {
  // MARK: Binary

  /// The arithmetic instruction `opcode` on operands that its fast path did not take.
  func arithmetic(_ opcode: Opcode, _ left: Value, _ right: Value) throws(Raised) -> Value {
    // Invariant: the arithmetic opcodes stand in the order of `BinaryOperation`, in-place forms after plain ones.
    let operation = BinaryOperation(knownRawValue: opcode.rawValue - Opcode.add.rawValue)
    if left.isSmallInt && right.isSmallInt,
      let result = smallIntArithmetic(operation, left.smallInt, right.smallInt)
    {
      return result
    }
    let isIntegerDivision = operation == .trueDivide || operation == .inplaceTrueDivide
    if left.isImmediateFloat || right.isImmediateFloat || isIntegerDivision,
      let a = mixedReal(left), let b = mixedReal(right)
    {
      switch operation {
      case .add, .inplaceAdd: return heap.float(a + b)
      case .subtract, .inplaceSubtract: return heap.float(a - b)
      case .multiply, .inplaceMultiply: return heap.float(a * b)
      case .trueDivide, .inplaceTrueDivide: if b != 0 { return heap.float(a / b) }
      case .power, .inplacePower: return try FloatArithmetic.binary(self, .power, a, right)
      default: break
      }
    }
    if let result = try objectArithmetic(operation, left, right) { return result }
    return try binary(operation, left, right)
  }

  /// Arithmetic of built-in objects without the way over their types' slots, whose closures would be retained; nil for
  /// the rest.
  @inline(__always) private func objectArithmetic(
    _ operation: BinaryOperation, _ left: Value, _ right: Value
  ) throws(Raised) -> Value? {
    let result: Value
    if let complex = ComplexHandle(left) {
      result = try ComplexArithmetic.binary(self, operation, complex.real, complex.imaginary, right)
    } else if right.isKind(.complex), let real = mixedReal(left) {
      result = try ComplexArithmetic.binary(self, operation, real, 0, right)
    } else if let integer = try BigIntegerArithmetic.binary(self, operation, left, right) {
      return integer
    } else if let a = StringHandle(left), let b = StringHandle(right),
      operation == .add || operation == .inplaceAdd
    {
      if a.byteCount == 0 { return right }
      if b.byteCount == 0 { return left }
      heap.noteRequest()
      return heap.string(joining: a, b)
    } else if left.isKind(.list), right.isKind(.list), operation == .add || operation == .inplaceAdd {
      result = try ListType.binary(self, operation, left, right)
    } else {
      return nil
    }
    return result.isUnbound ? nil : result
  }

  /// A float, or a small integer beside one, as the board's floats hold it.
  @inline(__always) private func mixedReal(_ value: Value) -> Double? {
    if value.isImmediateFloat { return value.immediateFloat }
    return value.isSmallInt ? heap.rounded(Double(value.smallInt)) : nil
  }

  /// Operations on small integers that need no big ones; nil for the rest (and for errors).
  private func smallIntArithmetic(_ operation: BinaryOperation, _ left: Int, _ right: Int) -> Value? {
    switch operation {
    case .add, .inplaceAdd: return heap.int(left &+ right)
    case .subtract, .inplaceSubtract: return heap.int(left &- right)
    case .multiply, .inplaceMultiply:
      let (product, overflow) = left.multipliedReportingOverflow(by: right)
      return overflow ? nil : heap.int(product)
    case .floorDivide, .inplaceFloorDivide:
      guard right != 0 else { return nil }
      let quotient = left / right
      return heap.int(left % right != 0 && (left < 0) != (right < 0) ? quotient - 1 : quotient)
    case .modulo, .inplaceModulo:
      guard right != 0 else { return nil }
      let remainder = left % right
      return heap.int(remainder != 0 && (remainder < 0) != (right < 0) ? remainder + right : remainder)
    case .shiftLeft, .inplaceShiftLeft:
      guard right >= 0, right < 62, left.magnitude.leadingZeroBitCount > right + 1 else { return nil }
      return heap.int(left << right)
    case .shiftRight, .inplaceShiftRight:
      guard right >= 0, right <= Int(Int32.max) else { return nil }
      return heap.int(left >> min(right, 63))
    default: return nil
    }
  }

  /// `left operation right`, as the bytecodes and `operator`-like built-ins do it.
  package func binary(_ operation: BinaryOperation, _ left: Value, _ right: Value) throws(Raised) -> Value {
    if left.isKind(.instance) {
      if operation.isInplace { return try instanceInplace(operation, left, right) }
      let result = try instanceBinary(operation, left, right)
      if !result.isUnbound { return result }
    } else if let slot = type(of: left).info.binary {
      let result = try slot(self, operation, left, operand(right, of: operation, on: left))
      if !result.isUnbound && result != .notImplemented { return result }
      if operation.isInplace { return try binary(operation.plain, left, right) }
    } else if operation.isInplace {
      return try binary(operation.plain, left, right)
    }
    return try binaryOfRight(operation, left, right)
  }

  /// `left operation right` when the left operand has no answer.
  func binaryOfRight(_ operation: BinaryOperation, _ left: Value, _ right: Value) throws(Raised) -> Value {
    if operation == .equal { return Value(left == right) }
    if operation == .notEqual { return Value(!(try equal(left, right))) }
    if let reverse = operation.reverse {
      if right.isKind(.instance) {
        let result = try instanceBinary(reverse, right, left)
        if !result.isUnbound { return result }
        let part = InstanceHandle(unchecked: right).native
        if !part.isUnbound && !part.isKind(.exception) {
          throw part.isSmallInt ? unsupported(reverse, part, left) : unsupported(operation, left, part)
        }
      } else if let slot = type(of: right).info.binary {
        let result = try slot(self, reverse, right, left)
        if !result.isUnbound && result != .notImplemented { return result }
      }
    }
    let isAskingNumber = left.isImmediateFloat || left.isKind(.float) || left.isKind(.complex)
    if operation == .contains && isAskingNumber && right.isSmallInt {
      // MicroPython takes this for arithmetic.
      throw error(.typeError, "unsupported types for : 'int', '\(type(of: left).name)'")
    }
    if operation == .contains { return try containsByIteration(left, right) }
    throw unsupported(operation, named(left), right)
  }

  /// Returns the value that an error about an operand names: the built-in part of an instance, which was
  /// asked last. Exceptions have no operators that could be asked.
  private func named(_ operand: Value) -> Value {
    guard let instance = InstanceHandle(operand), !instance.native.isUnbound,
      !instance.native.isKind(.exception)
    else { return operand }
    return instance.native
  }

  private func unsupported(_ operation: BinaryOperation, _ left: Value, _ right: Value) -> Raised {
    error(
      .typeError,
      "unsupported types for \(operation.methodName): '\(type(of: left).name)', '\(type(of: right).name)'")
  }

  /// The right operand as built-in types see it: an instance of a subclass is none of theirs on the board, except to a
  /// few.
  private func operand(_ right: Value, of operation: BinaryOperation, on left: Value) -> Value {
    guard right.isKind(.instance) else { return right }
    if operation == .equal || operation == .notEqual { return native(of: right) }
    // Bytes and arrays take any object with a buffer.
    let takesBuffers = left.isKind(.bytes) || left.isKind(.array)
    return takesBuffers || left.isKind(.tuple) ? native(of: right) : right
  }

  /// `left operation right` in place: by a method of the class, then by its built-in part alone, whose errors are final, and
  /// only where there is none by the plain method (`instance_binary_op` in py/objtype.c).
  private func instanceInplace(
    _ operation: BinaryOperation, _ left: Value, _ right: Value
  ) throws(Raised) -> Value {
    let instance = InstanceHandle(unchecked: left)
    let part = instance.native
    // Of the in-place methods a Pyboard knows `__iadd__` and `__isub__`.
    if operation == .inplaceAdd || operation == .inplaceSubtract {
      let method = classMember(names.operations[Int(operation.rawValue)], of: instance.type)
      if !method.isUnbound && !(method.isKind(.nativeFunction) && !part.isUnbound) {
        let result = try callSpecial(method, on: left, right)
        return result == .notImplemented ? try binary(operation.plain, left, right) : result
      }
    }
    let hasOperators = !part.isUnbound && inheritedBinary(part) != nil
    return hasOperators ? try binary(operation, part, right) : try binary(operation.plain, left, right)
  }

  func instanceBinary(_ operation: BinaryOperation, _ left: Value, _ right: Value) throws(Raised)
    -> Value
  {
    let instance = InstanceHandle(unchecked: left)
    let method = classMember(names.operations[Int(operation.rawValue)], of: instance.type)
    if !method.isUnbound && !(method.isKind(.nativeFunction) && !instance.native.isUnbound) {
      let result = try callSpecial(method, on: left, right)
      return result == .notImplemented ? .unbound : result
    }
    if !instance.native.isUnbound, let slot = inheritedBinary(instance.native) {
      return try slot(
        self, operation, instance.native, operand(right, of: operation, on: instance.native))
    }
    return .unbound
  }

  private func inheritedBinary(
    _ value: Value
  ) -> ((Interpreter, BinaryOperation, Value, Value) throws(Raised) -> Value)? { type(of: value).info.binary }

  private func containsByIteration(_ container: Value, _ item: Value) throws(Raised) -> Value {
    Value(try !firstItem(of: container) { element throws(Raised) in try equal(element, item) }.isUnbound)
  }

  package func contains(_ container: Value, _ item: Value) throws(Raised) -> Bool {
    if container.isKind(.dict), container.header.pointee.type == heap.types.dict.pointer {
      return try !dictGet(DictHandle(unchecked: container), item).isUnbound
    }
    if let set = SetHandle(container) { return try setContains(set, item) }
    return try isTrue(binary(.contains, container, item))
  }

  // MARK: Comparison

  @inline(__always)
  private static func areRelated<T: Comparable>(_ operation: BinaryOperation, _ left: T, _ right: T) -> Bool {
    switch operation {
    case .less: return left < right
    case .lessOrEqual: return left <= right
    case .greater: return left > right
    case .greaterOrEqual: return left >= right
    case .equal: return left == right
    default: return left != right
    }
  }

  static func comparison(_ opcode: Opcode, from first: Opcode) -> BinaryOperation {
    BinaryOperation(knownRawValue: BinaryOperation.less.rawValue + opcode.rawValue - first.rawValue)
  }

  /// An ordering or equality comparison; any value, since firmware may return what it likes.
  package func compare(_ operation: BinaryOperation, _ left: Value, _ right: Value) throws(Raised) -> Value {
    if left.isSmallInt && right.isSmallInt {
      return Value(Interpreter.areRelated(operation, left.smallInt, right.smallInt))
    }
    if left.isImmediateFloat || right.isImmediateFloat, let left = mixedReal(left),
      let right = mixedReal(right)
    {
      return Value(Interpreter.areRelated(operation, left, right))
    }
    if let result = try BigIntegerArithmetic.binary(self, operation, left, right) { return result }
    if operation == .equal || operation == .notEqual { return try equality(operation, left, right) }
    if let left = StringHandle(left), let right = StringHandle(right) {
      try passTime(bytes: min(left.byteCount, right.byteCount))
      let result = StringArithmetic.compare(operation, left.utf8, right.utf8)
      if !result.isUnbound { return result }
    }
    return try binary(operation, left, right)
  }

  package func isLess(_ left: Value, _ right: Value) throws(Raised) -> Bool {
    if left.isSmallInt && right.isSmallInt { return left.smallInt < right.smallInt }
    return try isTrue(binary(.less, left, right))
  }

  // MARK: Unary

  package func unary(_ operation: UnaryOperation, _ value: Value) throws(Raised) -> Value {
    if value.isSmallInt {
      switch operation {
      case .negative: return heap.int(-value.smallInt)
      case .positive: return value
      case .invert: return heap.int(~value.smallInt)
      default: break
      }
    }
    if value.isImmediateFloat {
      let double = value.immediateFloat
      if operation == .negative { return heap.float(-double) }
      if operation == .absolute { return double < 0 ? heap.float(-double) : value }
    }
    if value.isKind(.complex) {
      let result = try ComplexArithmetic.unary(self, operation, value)
      if !result.isUnbound { return result }
    }
    if let instance = InstanceHandle(value) {
      let method = classMember(operation.methodName(names), of: instance.type)
      if !method.isUnbound && !(method.isKind(.nativeFunction) && !instance.native.isUnbound) {
        let result = try callSpecial(method, on: value)
        // The board lets `__int__` give nothing else and says no more than this (`instance_unary_op` in py/objtype.c).
        if operation == .integer, !result.isSmallInt, !result.isKind(.bigInt) { throw error(.typeError) }
        return result
      }
      if !instance.native.isUnbound,
        type(of: instance.native).info.unary != nil || hasOwnUnary(instance.native)
      {
        return try unary(operation, instance.native)
      }
    } else if let slot = type(of: value).info.unary {
      let result = try slot(self, operation, value)
      if !result.isUnbound { return result }
    }
    throw error(
      .typeError,
      "unsupported type for \(StringHandle(unchecked: operation.methodName(names)).text): '\(type(of: value).name)'"
    )
  }

  /// Whether unary operations on a value need no slot of its type.
  private func hasOwnUnary(_ value: Value) -> Bool {
    value.isSmallInt || value.isImmediateFloat || value.isKind(.complex)
  }

  /// Truth as `if` sees it.
  package func isTrue(_ value: Value) throws(Raised) -> Bool {
    if value.isBool || value.isNone || value.isSmallInt { return value.isTriviallyTrue }
    if value.isImmediateFloat { return value.immediateFloat != 0 }
    guard value.isObject else { return true }
    switch value.header.pointee.kind {
    case .string, .bytes: return value.address(as: StringObject.self).pointee.byteCount != 0
    case .list: return ListHandle(unchecked: value).count != 0
    case .tuple: return TupleHandle(unchecked: value).count != 0
    case .dict: return DictHandle(unchecked: value).count != 0
    case .set: return SetHandle(unchecked: value).count != 0
    case .instance: return try isInstanceTrue(InstanceHandle(unchecked: value))
    default:
      if let slot = type(of: value).info.unary {
        let result = try slot(self, .bool, value)
        if !result.isUnbound { return try isTrue(result) }
        let length = try slot(self, .length, value)
        if !length.isUnbound { return try isTrue(length) }
      }
      return true
    }
  }

  private func isInstanceTrue(_ instance: InstanceHandle) throws(Raised) -> Bool {
    let native = instance.native
    // A `__len__` counts only where no built-in part has a truth of its own, as on the board.
    let asksLength = native.isUnbound || native.isKind(.exception)
    for name in asksLength ? [names.bool, names.length] : [names.bool] {
      let method = classMember(name, of: instance.type)
      if !method.isUnbound && !(method.isKind(.nativeFunction) && !native.isUnbound) {
        let answer = try callSpecial(method, on: instance.value)
        // Of what `__bool__` returns nothing but True is true, as on a board.
        return try name == names.bool ? answer == .true : isTrue(answer)
      }
    }
    return native.isUnbound ? true : try isTrue(native)
  }

  package func length(_ value: Value) throws(Raised) -> Int {
    if value.isObject {
      switch value.header.pointee.kind {
      case .string: return StringHandle(unchecked: value).characterCount
      case .bytes: return value.address(as: StringObject.self).pointee.byteCount
      case .list: return ListHandle(unchecked: value).count
      case .tuple: return TupleHandle(unchecked: value).count
      case .dict: return DictHandle(unchecked: value).count
      case .set: return SetHandle(unchecked: value).count
      case .instance:
        let instance = InstanceHandle(unchecked: value)
        let method = classMember(names.length, of: instance.type)
        if !method.isUnbound && !(method.isKind(.nativeFunction) && !instance.native.isUnbound) {
          return try int(callSpecial(method, on: value))
        }
        if !instance.native.isUnbound, !instance.native.isKind(.exception) {
          return try length(instance.native)
        }
      default:
        if let slot = type(of: value).info.unary {
          let result = try slot(self, .length, value)
          if !result.isUnbound { return try int(result) }
        }
      }
    }
    throw error(.typeError, "object of type '\(type(of: value).name)' has no len()")
  }
}

extension BinaryOperation {
  /// Without the look-up of `init(rawValue:)`. Invariant: the cases are numbered without gaps, and this is one of them.
  @inline(__always) init(knownRawValue: UInt8) {
    self = unsafeBitCast(knownRawValue, to: BinaryOperation.self)
  }

  var isInplace: Bool {
    rawValue >= Self.inplaceAdd.rawValue && rawValue <= Self.inplaceMatrixMultiply.rawValue
  }
  /// `+` for `+=`.
  var plain: BinaryOperation {
    BinaryOperation(knownRawValue: rawValue - Self.inplaceAdd.rawValue)
  }
  /// The operation to ask of the right operand.
  var reverse: BinaryOperation? {
    guard rawValue <= Self.matrixMultiply.rawValue else { return nil }
    return BinaryOperation(knownRawValue: Self.reverseAdd.rawValue + rawValue)
  }
  /// The special method, as error messages name it too.
  package var methodName: String { BinaryOperation.methodNames[Int(rawValue)] }
  private static let methodNames: [String] = {
    let plain = [
      "add", "sub", "mul", "floordiv", "mod", "truediv", "pow", "and", "or", "xor", "lshift", "rshift",
      "matmul",
    ]
    return plain.map { "__\($0)__" } + plain.map { "__i\($0)__" }
      + ["__lt__", "__le__", "__gt__", "__ge__", "__eq__", "__ne__", "__contains__", "__divmod__"]
      + plain.map { "__r\($0)__" }
  }()
}

extension UnaryOperation {
  func methodName(_ names: WellKnownNames) -> Value {
    switch self {
    case .bool: names.bool
    case .length: names.length
    case .hash: names.hash
    case .positive: names.positive
    case .negative: names.negative
    case .invert: names.invert
    case .absolute: names.absolute
    case .integer: names.int
    case .sizeof: names.sizeof
    }
  }
}
