/// Explicit conversions between kinds of numbers.
enum NumberConversion {
  /// `int(value)` of a float: its integer part.
  static func integer(_ vm: Interpreter, truncating value: Value) throws(Raised) -> Value {
    guard let double = value.float else { return value }
    if double.isInfinite { throw vm.error(.overflowError, "can't convert inf to int") }
    if double.isNaN { throw vm.error(.valueError, "can't convert NaN to int") }
    if let small = Int(exactly: double.rounded(.towardZero)) { return vm.heap.int(small) }
    return vm.heap.int(BigInt(double))
  }

  /// The integer that `value` converts to implicitly.
  static func operand(_ vm: Interpreter, _ value: Value) throws(Raised) -> IntegerArithmetic.Operand {
    if let operand = IntegerArithmetic.operand(value) { return operand }
    return .big(try vm.bigInt(value))
  }
}
