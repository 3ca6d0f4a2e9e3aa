#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Arithmetic of `float`, with the results and errors of MicroPython's `py/objfloat.c`.
///
/// Operands come as doubles that hold the board's floats exactly. A sum, difference, product or quotient of two
/// single-precision numbers computed in double precision and then rounded is the single-precision result.
enum FloatArithmetic {
  /// `left op right`, where `right` is anything that converts to a float; `unbound` for the rest.
  static func binary(
    _ vm: Interpreter, _ operation: BinaryOperation, _ left: Double, _ right: Value
  ) throws(Raised) -> Value {
    if let complex = ComplexHandle(right) {
      return try ComplexArithmetic.binary(vm, operation, left, 0, complex.value)
    }
    guard let right = try operand(vm, right) else { return .unbound }
    let heap = vm.heap
    switch operation {
    case .add, .inplaceAdd: return heap.float(left + right)
    case .subtract, .inplaceSubtract: return heap.float(left - right)
    case .multiply, .inplaceMultiply: return heap.float(left * right)
    case .trueDivide, .inplaceTrueDivide:
      if right == 0 { throw IntegerArithmetic.zeroDivision(vm) }
      return heap.float(left / right)
    case .floorDivide, .inplaceFloorDivide:
      if right == 0 { throw IntegerArithmetic.zeroDivision(vm) }
      return heap.float(floorDivision(left, right, in: heap).quotient)
    case .modulo, .inplaceModulo:
      if right == 0 { throw IntegerArithmetic.zeroDivision(vm) }
      return heap.float(modulo(left, right))
    case .divmod:
      if right == 0 { throw IntegerArithmetic.zeroDivision(vm) }
      let (quotient, remainder) = floorDivision(left, right, in: heap)
      return heap.tuple([heap.float(quotient), heap.float(remainder)])
    case .power, .inplacePower:
      if left == 0 && right < 0 && !right.isInfinite { throw IntegerArithmetic.zeroDivision(vm) }
      if left < 0 && right != right.rounded(.down) && !right.isNaN {
        return try ComplexArithmetic.binary(vm, .power, left, 0, heap.float(right))
      }
      return heap.float(pow(left, right))
    case .less: return Value(left < right)
    case .lessOrEqual: return Value(left <= right)
    case .greater: return Value(left > right)
    case .greaterOrEqual: return Value(left >= right)
    case .equal: return Value(left == right)
    case .notEqual: return Value(left != right)
    default: return .unbound
    }
  }

  /// The float that a `bool`, `int` or `float` converts to implicitly, rounded as on the board.
  static func real(_ vm: Interpreter, _ value: Value) -> Double? {
    if let double = value.float { return double }
    switch IntegerArithmetic.operand(value) {
    case .small(let integer): return vm.heap.rounded(Double(integer))
    case .big(let integer): return vm.heap.double(integer)
    case nil: return nil
    }
  }

  /// Returns `value` as the other operand of a float: also objects that define `__float__` will do.
  static func operand(_ vm: Interpreter, _ value: Value) throws(Raised) -> Double? {
    if let double = real(vm, value) { return double }
    guard value.isKind(.instance), let method = try vm.findAttribute(value, vm.names.float) else {
      return nil
    }
    return try vm.call(method).float
  }

  /// The remainder has the sign of the divisor, zero included.
  private static func modulo(_ a: Double, _ b: Double) -> Double {
    let remainder = a.truncatingRemainder(dividingBy: b)
    if remainder == 0 { return Double(signOf: b, magnitudeOf: 0) }
    return (remainder < 0) != (b < 0) ? remainder + b : remainder
  }

  private static func floorDivision(
    _ a: Double, _ b: Double, in heap: Heap
  ) -> (quotient: Double, remainder: Double) {
    let truncated = a.truncatingRemainder(dividingBy: b)
    var quotient = heap.rounded(heap.rounded(a - truncated) / b)
    if truncated != 0 && (truncated < 0) != (b < 0) { quotient = heap.rounded(quotient - 1) }
    let remainder = modulo(a, b)
    if quotient == 0 { return (Double(signOf: a / b, magnitudeOf: 0), remainder) }
    let floor = quotient.rounded(.down)
    return (quotient - floor > 0.5 ? floor + 1 : floor, remainder)
  }

  static func unary(_ vm: Interpreter, _ operation: UnaryOperation, _ value: Value) throws(Raised) -> Value {
    guard let double = value.float else { return .unbound }
    switch operation {
    case .bool: return Value(double != 0)
    case .hash: return vm.heap.int(hash(double))
    case .positive: return value
    case .negative: return vm.heap.float(-double)
    case .absolute: return double.sign == .minus ? vm.heap.float(-double) : value
    default: return .unbound
    }
  }

  /// The integer part, so that `hash(2.0) == hash(2)`; saturated as the board's processor converts.
  static func hash(_ double: Double) -> Int {
    if double.isNaN { return 0 }
    let word = Int32(max(-0x1p31, min(double, 0x1p31 - 1)))
    return Int((word << 1) >> 1)
  }
}
