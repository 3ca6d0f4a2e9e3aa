/// Arithmetic of `int` (and `bool`, which counts as 0 or 1), with the results and errors of MicroPython's
/// `py/runtime.c` and `py/objint_mpz.c`.
enum IntegerArithmetic {
  /// Small integers stay machine words as long as they can; everything else goes through `BigInt`.
  enum Operand {
    case small(Int)
    case big(BigInt)

    var big: BigInt {
      switch self {
      case .small(let integer): BigInt(integer)
      case .big(let integer): integer
      }
    }

    /// Words of its magnitude, at least one.
    var wordCount: Int {
      switch self {
      case .small: 1
      case .big(let integer): integer.magnitude.words.count
      }
    }

    var isNegative: Bool {
      switch self {
      case .small(let integer): integer < 0
      case .big(let integer): integer.isNegative
      }
    }

    /// Bits of its magnitude.
    var bitWidth: Int {
      switch self {
      case .small(let integer): Int.bitWidth - integer.magnitude.leadingZeroBitCount
      case .big(let integer): integer.magnitude.bitWidth
      }
    }

    /// Looks at the number without making a `BigInt` of a word.
    func withView<Result>(_ body: (IntegerView) -> Result) -> Result {
      switch self {
      case .small(let integer):
        withUnsafePointer(to: integer.magnitude) { word in
          body(
            IntegerView(
              isNegative: integer < 0,
              words: UnsafeBufferPointer(start: word, count: integer == 0 ? 0 : 1)))
        }
      case .big(let integer): integer.withView(body)
      }
    }

    var isZero: Bool {
      switch self {
      case .small(let integer): integer == 0
      case .big(let integer): integer.isZero
      }
    }
  }

  /// The integer that `value` is, or nil for anything but `int` and `bool`.
  static func operand(_ value: Value) -> Operand? {
    if value.isSmallInt { return .small(value.smallInt) }
    if value.isBool { return .small(value == .true ? 1 : 0) }
    if let handle = BigIntHandle(value) { return .big(handle.integer) }
    return nil
  }

  // MARK: Binary operations

  static func binary(
    _ vm: Interpreter, _ operation: BinaryOperation, _ left: Value, _ right: Value
  ) throws(Raised) -> Value {
    guard let leftOperand = operand(left) else { return .unbound }
    if let rightOperand = operand(right) {
      if operation == .contains && left.isSmallInt && !right.isKind(.bigInt) {
        // MicroPython has no name for `in` between two small integers.
        throw notSupported(vm, right.isBool ? operation.methodName : "", left, left)
      }
      if case .small(let a) = leftOperand, case .small(let b) = rightOperand {
        if let result = try small(vm, operation, a, b) { return result }
      }
      let result = try big(vm, operation, leftOperand, rightOperand)
      // The board makes an object for a small result too.
      if !result.isBool && !result.isUnbound { vm.heap.noteRequest() }
      return result
    }
    if right.float != nil || ComplexHandle(right) != nil, let left = FloatArithmetic.real(vm, left) {
      return try FloatArithmetic.binary(vm, operation, left, right)
    }
    if operation == .multiply || operation == .inplaceMultiply {
      switch right.kind {
      case .string, .bytes, .tuple, .list: return try vm.binary(.multiply, right, left)
      default: break
      }
    }
    return .unbound
  }

  /// A bool acts as the integer 0 or 1, which errors then name.
  static func boolBinary(
    _ vm: Interpreter, _ operation: BinaryOperation, _ left: Value, _ right: Value
  ) throws(Raised) -> Value {
    let integer = Value(smallInt: left == .true ? 1 : 0)
    let isNumber = operand(right) != nil || right.float != nil || ComplexHandle(right) != nil
    if operation == .contains {
      if !isNumber || right.isKind(.bigInt) { throw vm.error(.typeError, "'int' object isn't iterable") }
      throw notSupported(vm, operation.methodName, integer, right.isBool ? integer : right)
    }
    let result = try binary(vm, operation, integer, right)
    let isEquality = operation == .equal || operation == .notEqual
    if !result.isUnbound || isEquality || vm.type(of: right).info.isFirmwareClass { return result }
    guard operation.rawValue >= BinaryOperation.reverseAdd.rawValue else {
      return try vm.binary(operation, integer, right)
    }
    if isNumber { throw notSupported(vm, operation.methodName, integer, right) }
    // On the left of a reverse operation stands what was the right operand.
    let plain = BinaryOperation(rawValue: operation.rawValue - BinaryOperation.reverseAdd.rawValue)
    throw notSupported(vm, (plain ?? operation).methodName, right, integer)
  }

  private static func notSupported(_ vm: Interpreter, _ name: String, _ left: Value, _ right: Value) -> Raised
  {
    let names = (vm.type(of: left).name, vm.type(of: right).name)
    return vm.error(.typeError, "unsupported types for \(name): '\(names.0)', '\(names.1)'")
  }

  /// The operation on two words, or nil when its result may need more.
  private static func small(
    _ vm: Interpreter, _ operation: BinaryOperation, _ a: Int, _ b: Int
  ) throws(Raised) -> Value? {
    let heap = vm.heap
    switch operation {
    case .add, .inplaceAdd: return whole(heap, a.addingReportingOverflow(b))
    case .subtract, .inplaceSubtract: return whole(heap, a.subtractingReportingOverflow(b))
    case .multiply, .inplaceMultiply: return whole(heap, a.multipliedReportingOverflow(by: b))
    case .floorDivide, .inplaceFloorDivide:
      if b == 0 { throw zeroDivision(vm) }
      return heap.int(floorDivision(a, b).quotient)
    case .modulo, .inplaceModulo:
      if b == 0 { throw zeroDivision(vm) }
      return heap.int(floorDivision(a, b).remainder)
    case .divmod:
      if b == 0 { throw zeroDivision(vm) }
      let (quotient, remainder) = floorDivision(a, b)
      return heap.tuple([heap.int(quotient), heap.int(remainder)])
    case .trueDivide, .inplaceTrueDivide:
      if b == 0 { throw zeroDivision(vm) }
      return heap.float(heap.rounded(Double(a)) / heap.rounded(Double(b)))
    case .power, .inplacePower:
      if b < 0 { return try FloatArithmetic.binary(vm, .power, heap.rounded(Double(a)), heap.int(b)) }
      return power(a, b).map(heap.int)
    case .bitAnd, .inplaceBitAnd: return heap.int(a & b)
    case .bitOr, .inplaceBitOr: return heap.int(a | b)
    case .bitXor, .inplaceBitXor: return heap.int(a ^ b)
    case .shiftLeft, .inplaceShiftLeft:
      let count = try shiftCount(vm, .small(b))
      guard count < Int.bitWidth, (a << count) >> count == a else { return nil }
      return heap.int(a << count)
    case .shiftRight, .inplaceShiftRight:
      return heap.int(a >> min(try shiftCount(vm, .small(b)), Int.bitWidth - 1))
    case .less: return Value(a < b)
    case .lessOrEqual: return Value(a <= b)
    case .greater: return Value(a > b)
    case .greaterOrEqual: return Value(a >= b)
    case .equal: return Value(a == b)
    case .notEqual: return Value(a != b)
    default: return .unbound
    }
  }

  private static func whole(_ heap: Heap, _ result: (partialValue: Int, overflow: Bool)) -> Value? {
    result.overflow ? nil : heap.int(result.partialValue)
  }

  private static func big(
    _ vm: Interpreter, _ operation: BinaryOperation, _ leftOperand: Operand, _ rightOperand: Operand
  ) throws(Raised) -> Value {
    let heap = vm.heap
    let isShift =
      switch operation {
      case .shiftLeft, .inplaceShiftLeft, .shiftRight, .inplaceShiftRight: true
      default: false
      }
    try vm.passTime(
      wordSteps: BigIntegerArithmetic.steps(
        operation, leftOperand.wordCount, isShift ? 1 : rightOperand.wordCount))
    switch operation {
    case .shiftLeft, .inplaceShiftLeft:
      let count = try shiftCount(vm, rightOperand)
      if leftOperand.isZero { return heap.int(0) }
      try vm.requireInteger(bits: count)
      let left = leftOperand.big
      try vm.requireInteger(bits: count + left.magnitude.bitWidth)
      try vm.passTime(wordSteps: count / UInt.bitWidth)
      return heap.int(left << count)
    case .shiftRight, .inplaceShiftRight:
      let left = leftOperand.big
      return heap.int(left >> min(try shiftCount(vm, rightOperand), left.magnitude.bitWidth))
    case .power, .inplacePower:
      return try bigPower(vm, leftOperand.big, rightOperand)
    case .floorDivide, .inplaceFloorDivide, .modulo, .inplaceModulo, .divmod:
      if rightOperand.isZero { throw zeroDivision(vm) }
      let (quotient, remainder) = leftOperand.withView { a in
        rightOperand.withView { BigInt.floorDivision(a, $0) }
      }
      switch operation {
      case .floorDivide, .inplaceFloorDivide: return heap.int(quotient)
      case .divmod: return heap.tuple([heap.int(quotient), heap.int(remainder)])
      default: return heap.int(remainder)
      }
    case .trueDivide, .inplaceTrueDivide:
      if rightOperand.isZero { throw zeroDivision(vm) }
      return heap.float(heap.double(leftOperand.big) / heap.double(rightOperand.big))
    default: break
    }
    func combined(_ body: (IntegerView, IntegerView) -> BigInt) -> Value {
      heap.int(leftOperand.withView { a in rightOperand.withView { body(a, $0) } })
    }
    func isLess(_ a: Operand, _ b: Operand) -> Bool {
      a.withView { a in b.withView { BigInt.isLess(a, $0) } }
    }
    switch operation {
    case .add, .inplaceAdd: return combined(BigInt.sum)
    case .subtract, .inplaceSubtract: return combined(BigInt.difference)
    case .multiply, .inplaceMultiply:
      try vm.requireInteger(bits: leftOperand.big.magnitude.bitWidth + rightOperand.big.magnitude.bitWidth)
      return combined(BigInt.product)
    case .bitAnd, .inplaceBitAnd: return heap.int(leftOperand.big & rightOperand.big)
    case .bitOr, .inplaceBitOr: return heap.int(leftOperand.big | rightOperand.big)
    case .bitXor, .inplaceBitXor: return heap.int(leftOperand.big ^ rightOperand.big)
    case .less: return Value(isLess(leftOperand, rightOperand))
    case .lessOrEqual: return Value(!isLess(rightOperand, leftOperand))
    case .greater: return Value(isLess(rightOperand, leftOperand))
    case .greaterOrEqual: return Value(!isLess(leftOperand, rightOperand))
    case .equal: return Value(leftOperand.big == rightOperand.big)
    case .notEqual: return Value(leftOperand.big != rightOperand.big)
    default: return .unbound
    }
  }

  private static func bigPower(
    _ vm: Interpreter, _ base: BigInt, _ exponent: Operand
  ) throws(Raised) -> Value {
    switch exponent {
    case .small(let count) where count < 0:
      return try FloatArithmetic.binary(vm, .power, vm.heap.double(base), vm.heap.int(count))
    case .small(let count):
      // A result that the board's whole heap could not hold would take minutes to compute first.
      if base.magnitude.bitWidth > 1 {
        let (bits, overflow) = (base.magnitude.bitWidth - 1).multipliedReportingOverflow(by: count)
        try vm.requireInteger(bits: overflow ? .max : bits)
        // The squares on the way are a geometric series.
        let wordCount = (base.magnitude.bitWidth * count) / UInt.bitWidth
        try vm.passTime(wordSteps: wordCount * wordCount)
      }
      return vm.heap.int(base.power(count))
    case .big(let count):
      if count.isNegative {
        return try FloatArithmetic.binary(vm, .power, vm.heap.double(base), vm.heap.int(count))
      }
      if base.magnitude.bitWidth <= 1 {
        return vm.heap.int(base.isNegative && !count.magnitude.isOdd ? -base : base)
      }
      try vm.requireMemory(.max, itemSize: 1)
      return .unbound
    }
  }

  private static func shiftCount(_ vm: Interpreter, _ operand: Operand) throws(Raised) -> Int {
    switch operand {
    case .small(let count) where count.magnitude <= UInt(Int32.max):
      if count < 0 { throw negativeShift(vm) }
      return count
    case .small, .big: throw vm.tooLargeForWord()
    }
  }

  // MARK: Building blocks

  static func floorDivision(_ a: Int, _ b: Int) -> (quotient: Int, remainder: Int) {
    // Immediate integers have 63 bits, so that even the least of them divided by -1 fits a word.
    let (quotient, remainder) = a.quotientAndRemainder(dividingBy: b)
    if remainder != 0 && (remainder < 0) != (b < 0) { return (quotient - 1, remainder + b) }
    return (quotient, remainder)
  }

  /// Repeated squaring, nil on overflow.
  private static func power(_ base: Int, _ exponent: Int) -> Int? {
    var result = 1
    var factor = base
    var remaining = exponent
    while remaining > 0 {
      if remaining & 1 != 0 {
        let (product, overflow) = result.multipliedReportingOverflow(by: factor)
        if overflow { return nil }
        result = product
      }
      remaining >>= 1
      if remaining == 0 { break }
      let (square, overflow) = factor.multipliedReportingOverflow(by: factor)
      if overflow { return nil }
      factor = square
    }
    return result
  }

  static func zeroDivision(_ vm: Interpreter) -> Raised { vm.error(.zeroDivisionError, "divide by zero") }
  private static func negativeShift(_ vm: Interpreter) -> Raised {
    vm.error(.valueError, "negative shift count")
  }

  // MARK: Unary operations

  static func unary(_ vm: Interpreter, _ operation: UnaryOperation, _ value: Value) throws(Raised) -> Value {
    guard let operand = operand(value) else { return .unbound }
    let heap = vm.heap
    try vm.passTime(wordSteps: operand.wordCount)
    switch (operation, operand) {
    case (.bool, _): return Value(!operand.isZero)
    case (.hash, _): return heap.int(hash(operand))
    case (.positive, .small(let integer)), (.integer, .small(let integer)): return heap.int(integer)
    case (.positive, .big), (.integer, .big): return value
    case (.negative, .small(let integer)): return heap.int(-integer)
    case (.negative, .big(let integer)): return heap.int(-integer)
    case (.invert, .small(let integer)): return heap.int(~integer)
    case (.invert, .big(let integer)): return heap.int(-1 - integer)
    case (.absolute, .small(let integer)): return heap.int(abs(integer))
    case (.absolute, .big(let integer)): return heap.int(BigInt(magnitude: integer.magnitude))
    default: return .unbound
    }
  }

  /// Returns the result of `hash` on a board, whose words have 32 bits and whose immediate integers 31.
  static func hash(_ operand: Operand) -> Int {
    switch operand {
    case .small(let integer): return boardWordHash(UInt64(bitPattern: Int64(integer)))
    case .big(let integer):
      let low = UInt64(integer.magnitude.words.first ?? 0)
      return boardWordHash(integer.isNegative ? 0 &- low : low)
    }
  }

  static func boardWordHash(_ bits: UInt64) -> Int {
    Int((Int32(truncatingIfNeeded: Int64(bitPattern: bits)) << 1) >> 1)
  }
}

extension Heap {
  /// `double` as the board's floats hold it.
  @inline(__always) func rounded(_ double: Double) -> Double {
    hasSingleFloats ? Double(Float(double)) : double
  }

  /// A big integer as a float. MicroPython adds up digits from the top and rounds after each of them; digits have
  /// 16 bits on a board with single-precision floats and 32 elsewhere.
  func double(_ integer: BigInt) -> Double {
    var result = 0.0
    let digitBits = hasSingleFloats ? 16 : 32
    for word in integer.magnitude.words.reversed() where result.isFinite {
      var shift = UInt.bitWidth - digitBits
      while shift >= 0 {
        let digit = (word >> UInt(shift)) & (1 << UInt(digitBits) - 1)
        result = rounded(result * Double(1 << digitBits) + Double(digit))
        shift -= digitBits
      }
    }
    return integer.isNegative ? -result : result
  }
}
