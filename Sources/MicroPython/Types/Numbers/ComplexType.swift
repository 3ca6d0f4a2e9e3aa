/// The constructor of `complex`.
enum ComplexType {
  static func make(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    try vm.require(arguments, 0...2)
    if arguments.count == 0 { return vm.heap.complex(0, 0) }
    let first = vm.native(of: arguments[0])
    if arguments.count == 1 {
      if ComplexHandle(first) != nil { return first }
      if let string = StringHandle(first) {
        guard let number = FloatParser.complex(string.bytes, single: vm.heap.hasSingleFloats) else {
          throw vm.error(.valueError, "invalid syntax for number")
        }
        return vm.heap.complex(number.real, number.imaginary)
      }
      return try convert(vm, first)
    }
    // real + imaginary * 1j, where both may be complex
    let (a, b) = try parts(vm, first)
    let (c, d) = try parts(vm, vm.native(of: arguments[1]))
    return vm.heap.complex(a - d, b + c)
  }

  /// Converts anything that is a number, or has one in `__float__` or `__complex__`.
  private static func convert(_ vm: Interpreter, _ value: Value) throws(Raised) -> Value {
    if let real = try FloatArithmetic.operand(vm, value) { return vm.heap.complex(real, 0) }
    if value.isKind(.instance) {
      if let method = try vm.findAttribute(value, vm.heap.intern("__complex__")) {
        let result = try vm.call(method)
        if ComplexHandle(result) != nil { return result }
      }
    }
    throw vm.error(.typeError, "can't convert \(vm.type(of: value).name) to complex")
  }

  private static func parts(_ vm: Interpreter, _ value: Value) throws(Raised) -> (Double, Double) {
    if let complex = ComplexHandle(value) { return (complex.real, complex.imaginary) }
    return (try vm.double(value), 0)
  }
}
