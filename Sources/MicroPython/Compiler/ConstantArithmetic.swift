import BigInt

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Arithmetic on constants at compile time. Nil means: leave it to the run time, which also raises what
/// has to be raised.
enum ConstantArithmetic {
  /// Integers wider than this are not made at compile time.
  static let maximumBits = 4096

  static func apply(_ op: UnaryOperator, _ operand: Constant) -> Constant? {
    switch (op, operand) {
    case (.minus, .float(let value)): return .float(-value)
    case (.plus, .float): return operand
    case (.minus, .imaginary), (.plus, .imaginary): return nil
    default: break
    }
    guard let value = integer(operand) else { return nil }
    switch op {
    case .minus: return constant(-value)
    case .plus: return constant(value)
    case .invert: return constant(-value - 1)
    }
  }

  static func apply(
    _ op: BinaryOperator, _ left: Constant, _ right: Constant, singlePrecision: Bool
  ) -> Constant? {
    if let a = integer(left), let b = integer(right) {
      let isFloat = op == .trueDivide || (op == .power && b < 0)
      if !isFloat { return apply(op, a, b) }
    }
    guard let a = float(left), let b = float(right) else { return nil }
    func rounded(_ double: Double) -> Double { singlePrecision ? Double(Float(double)) : double }
    return apply(op, rounded(a), rounded(b)).map { .float(rounded($0)) }
  }

  private static func apply(_ op: BinaryOperator, _ a: Double, _ b: Double) -> Double? {
    switch op {
    case .add: return a + b
    case .subtract: return a - b
    case .multiply: return a * b
    case .trueDivide: return b == 0 ? nil : a / b
    case .power:
      // A negative base may give a complex number, zero an error.
      return a > 0 ? pow(a, b) : nil
    // Division that rounds down has many steps; the run time does them.
    default: return nil
    }
  }

  private static func apply(_ op: BinaryOperator, _ a: BigInt, _ b: BigInt) -> Constant? {
    switch op {
    case .add: return constant(a + b)
    case .subtract: return constant(a - b)
    case .multiply:
      guard a.bitWidth + b.bitWidth <= maximumBits else { return nil }
      return constant(a * b)
    case .floorDivide: return b == 0 ? nil : constant(floorDivision(a, b).quotient)
    case .modulo: return b == 0 ? nil : constant(floorDivision(a, b).remainder)
    case .power:
      guard b >= 0, b <= maximumBits, a.bitWidth * max(1, Int(b)) <= maximumBits else { return nil }
      return constant(a.power(Int(b)))
    case .bitAnd: return bitwise(a, b) { $0 & $1 }
    case .bitOr: return bitwise(a, b) { $0 | $1 }
    case .bitXor: return bitwise(a, b) { $0 ^ $1 }
    case .shiftLeft:
      guard b >= 0, b <= maximumBits, a.bitWidth + Int(b) <= maximumBits else { return nil }
      return constant(a << Int(b))
    case .shiftRight:
      guard b >= 0, b <= maximumBits else { return nil }
      return constant(floorDivision(a, BigInt(1) << Int(b)).quotient)
    case .trueDivide, .matrixMultiply: return nil
    }
  }

  /// A bitwise operation in two's complement, wide enough for both operands and a sign bit.
  private static func bitwise(
    _ a: BigInt, _ b: BigInt, _ operation: (BigUInt, BigUInt) -> BigUInt
  ) -> Constant {
    let width = max(a.bitWidth, b.bitWidth) + 1
    let modulus = BigInt(1) << width
    func complement(_ value: BigInt) -> BigUInt { BigUInt(value < 0 ? value + modulus : value) }
    let result = BigInt(operation(complement(a), complement(b)))
    return constant(result >= modulus / 2 ? result - modulus : result)
  }

  /// Division that rounds towards minus infinity; the remainder has the sign of the divisor.
  private static func floorDivision(_ a: BigInt, _ b: BigInt) -> (quotient: BigInt, remainder: BigInt) {
    let (quotient, remainder) = a.quotientAndRemainder(dividingBy: b)
    if remainder != 0 && (remainder < 0) != (b < 0) { return (quotient - 1, remainder + b) }
    return (quotient, remainder)
  }

  private static func integer(_ constant: Constant) -> BigInt? {
    switch constant {
    case .int(let value): BigInt(value)
    case .bigInt(let value): value
    default: nil
    }
  }

  private static func float(_ constant: Constant) -> Double? {
    switch constant {
    case .float(let value): value
    case .int(let value): Double(value)
    default: nil
    }
  }

  private static func constant(_ value: BigInt) -> Constant {
    if let small = Int(exactly: value) { .int(small) } else { .bigInt(value) }
  }
}
