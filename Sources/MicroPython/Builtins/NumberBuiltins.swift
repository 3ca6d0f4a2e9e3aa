import Glibc

/// Built-in functions on numbers.
enum NumberBuiltins {
  static func install(in vm: Interpreter) {
    vm.addBuiltinFunction("abs", 1...1) { (vm, arguments) throws(Raised) in
      try vm.unary(.absolute, arguments[0])
    }
    vm.addBuiltinFunction("bin", 1...1) { (vm, arguments) throws(Raised) in
      try vm.callMethod(vm.heap.intern("{:#b}"), "format", arguments[0])
    }
    vm.addBuiltinFunction("divmod", 2...2) { (vm, arguments) throws(Raised) in
      try vm.binary(.divmod, arguments[0], arguments[1])
    }
    vm.addBuiltinFunction("hex", 1...1) { (vm, arguments) throws(Raised) in
      try vm.binary(.modulo, vm.heap.intern("%#x"), arguments[0])
    }
    vm.addBuiltinFunction("oct", 1...1) { (vm, arguments) throws(Raised) in
      try vm.binary(.modulo, vm.heap.intern("%#o"), arguments[0])
    }
    vm.addBuiltinFunction("pow", 2...3, pow)
    vm.addBuiltinFunction("round", 1...2, round)
    vm.addBuiltinFunction("sum", 1...2, sum)
  }

  private static func pow(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    if arguments.count == 2 || arguments[2].isNone {
      return try vm.binary(.power, arguments[0], arguments[1])
    }
    for argument in arguments.positional where !isInteger(argument) {
      throw vm.error(.typeError, "pow() with 3 arguments requires integers")
    }
    // The board works with big integers here, however small these are.
    vm.heap.noteRequest()
    let exponent = try vm.bigInt(arguments[1])
    let modulus = try vm.bigInt(arguments[2])
    if modulus.isZero { throw vm.error(.valueError, "divide by zero") }
    // MicroPython computes no inverses: the power of a negative exponent is 0.
    if exponent.isNegative { return Value(smallInt: 0) }
    let power = try vm.bigInt(arguments[0]).power(exponent, modulus: modulus) { products throws(Raised) in
      try vm.passTime(Int64(products) * BigInt.wordCost)
    }
    return vm.heap.int(power)
  }

  /// `int` itself, without `bool`.
  private static func isInteger(_ value: Value) -> Bool { value.isSmallInt || value.isKind(.bigInt) }

  // MARK: round

  private static func round(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let number = arguments[0]
    if isInteger(number) {
      guard arguments.count > 1 else { return number }
      let digits = try vm.int(arguments[1])
      return digits >= 0 ? number : try roundInteger(number, to: -digits, vm)
    }
    let value = try vm.double(number)
    guard arguments.count > 1 else { return try integer(value.rounded(.toNearestOrEven), vm) }
    let digits = try vm.int(arguments[1])
    if vm.heap.hasSingleFloats {
      let scale = Glibc.pow(Float(10), Float(digits))
      return vm.heap.float(Double((Float(value) * scale).rounded(.toNearestOrEven) / scale))
    }
    let scale = Glibc.pow(10, Double(digits))
    return vm.heap.float((value * scale).rounded(.toNearestOrEven) / scale)
  }

  /// Rounds to a multiple of a power of ten, halves to the even one.
  private static func roundInteger(_ number: Value, to digits: Int, _ vm: Interpreter) throws(Raised) -> Value
  {
    let integer = try vm.bigInt(number)
    // More digits than the number has round to zero; a power that long need not be made.
    guard digits <= integer.magnitude.bitWidth / 3 + 1 else { return Value(smallInt: 0) }
    let wordCount = integer.magnitude.words.count
    try vm.passTime(wordSteps: 4 * wordCount * wordCount)
    let unit = BigInt(10).power(digits)
    let (quotient, remainder) = integer.floorDivision(by: unit)
    let half = unit >> 1
    let isRoundedUp = remainder > half || (remainder == half && quotient.magnitude.isOdd)
    return vm.heap.int((isRoundedUp ? quotient + 1 : quotient) * unit)
  }

  private static func integer(_ value: Double, _ vm: Interpreter) throws(Raised) -> Value {
    if value.isNaN { throw vm.error(.valueError, "can't convert NaN to int") }
    if value.isInfinite { throw vm.error(.overflowError, "can't convert inf to int") }
    return vm.heap.int(BigInt(value))
  }

  // MARK: sum

  private static func sum(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    var total = arguments.count > 1 ? arguments[1] : Value(smallInt: 0)
    let iterator = try vm.iterateInLoop(arguments[0])
    let mark = vm.hold(iterator, total)
    defer { vm.release(mark) }
    // Numbers are added to an object of the firmware's own by the firmware's own code.
    let isPlain = !total.isKind(.instance)
    func add(_ item: Value) throws(Raised) {
      if total.isSmallInt && item.isSmallInt {
        total = vm.heap.int(total.smallInt + item.smallInt)
      } else {
        total = try vm.binary(.add, total, item)
      }
      vm.temporaryRoots[mark + 1] = total
    }
    if isPlain && iterator.isKind(.generator) {
      try vm.forEachAhead(in: iterator, onlyPlain: true, add)
      return total
    }
    try vm.forEachItem(of: iterator, add)
    return total
  }
}
