/// `int`, `bool`, `float` and `complex`.
extension Interpreter {
  func installNumberTypes() {
    installIntegers()
    installFloats()
  }

  private func installIntegers() {
    let types = heap.types
    let int = types.int.info
    int.make = { vm, _, arguments throws(Raised) in try IntegerType.make(vm, arguments) }
    int.print = { vm, value, _, output throws(Raised) in
      guard let operand = IntegerArithmetic.operand(value) else { return }
      // The board has room on its stack for as many decimal digits as two of its words of 16 bits (32 on a computer) can have.
      if operand.bitWidth > (vm.heap.hasSingleFloats ? 32 : 64) { try vm.requireRoom(1, in: 0) }
      if operand.isNegative { output.bytes.append(UInt8(ascii: "-")) }
      output.write(try IntegerText.digits(vm, operand))
    }
    int.unary = IntegerArithmetic.unary
    int.binary = IntegerArithmetic.binary
    define(types.int) { type in
      type.classMethod("from_bytes", 1...3, IntegerType.fromBytes)
      type.method("to_bytes", 0...Int.max, keywords: true, IntegerType.toBytes)
    }

    let bool = types.bool.info
    bool.make = { vm, _, arguments throws(Raised) in
      try vm.require(arguments, 0...1)
      return Value(arguments.count == 0 ? false : try vm.isTrue(arguments[0]))
    }
    bool.print = { _, value, style, output throws(Raised) in
      let isTrue = value == .true
      if style == .json {
        output.write(isTrue ? "true" : "false")
      } else {
        output.write(isTrue ? "True" : "False")
      }
    }
    bool.unary = IntegerArithmetic.unary
    bool.binary = IntegerArithmetic.boolBinary
  }

  private func installFloats() {
    let types = heap.types
    let float = types.float.info
    float.make = { vm, _, arguments throws(Raised) in
      try vm.require(arguments, 0...1)
      guard arguments.count == 1 else { return vm.heap.float(0) }
      let argument = vm.native(of: arguments[0])
      if argument.float != nil { return argument }
      if let text = ByteView.contents(of: argument, vm) {
        guard let number = FloatParser.number(text, single: vm.heap.hasSingleFloats) else {
          throw vm.error(.valueError, "invalid syntax for number")
        }
        return vm.heap.float(number)
      }
      return vm.heap.float(try vm.double(arguments[0]))
    }
    float.print = { vm, value, _, output throws(Raised) in
      guard let double = value.float else { return }
      let text = FloatText.representation(single: vm.heap.hasSingleFloats).format(double)
      output.write(text)
      // Whole numbers get a point, so that they read back as floats; "inf" and "nan" do not.
      if !text.contains(where: {
        $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "e") || $0 == UInt8(ascii: "n")
      }) {
        output.write(".0")
      }
    }
    float.unary = FloatArithmetic.unary
    float.binary = { vm, operation, left, right throws(Raised) in
      guard let left = left.float else { return .unbound }
      return try FloatArithmetic.binary(vm, operation, left, right)
    }
    installComplex()
  }

  private func installComplex() {
    let complex = heap.types.complex.info
    complex.make = { vm, _, arguments throws(Raised) in try ComplexType.make(vm, arguments) }
    complex.print = { vm, value, _, output throws(Raised) in
      guard let complex = ComplexHandle(value) else { return }
      var format = FloatText.representation(single: vm.heap.hasSingleFloats)
      if complex.real != 0 {
        output.write("(")
        output.write(format.format(complex.real))
        format.plusSign = UInt8(ascii: "+")
      }
      output.write(format.format(complex.imaginary))
      output.write(complex.real != 0 ? "j)" : "j")
    }
    complex.unary = ComplexArithmetic.unary
    complex.binary = { vm, operation, left, right throws(Raised) in
      guard let left = ComplexHandle(left) else { return .unbound }
      return try ComplexArithmetic.binary(vm, operation, left.real, left.imaginary, right)
    }
    let realName = heap.intern("real")
    let imaginaryName = heap.intern("imag")
    complex.getAttribute = { vm, value, name throws(Raised) in
      guard let complex = ComplexHandle(value) else { return .unbound }
      if name == realName { return vm.heap.float(complex.real) }
      return name == imaginaryName ? vm.heap.float(complex.imaginary) : .unbound
    }
  }
}
