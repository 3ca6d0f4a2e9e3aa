#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Arithmetic on constants at compile time. Nil leaves it to the run time, which also raises errors.
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
      guard width(a) + width(b) <= maximumBits else { return nil }
      return constant(a * b)
    case .floorDivide: return b.isZero ? nil : constant(a.floorDivision(by: b).quotient)
    case .modulo: return b.isZero ? nil : constant(a.floorDivision(by: b).remainder)
    case .power:
      guard let exponent = count(b), width(a) * max(1, exponent) <= maximumBits else { return nil }
      return constant(a.power(exponent))
    case .bitAnd: return constant(a & b)
    case .bitOr: return constant(a | b)
    case .bitXor: return constant(a ^ b)
    case .shiftLeft:
      guard let count = count(b), width(a) + count <= maximumBits else { return nil }
      return constant(a << count)
    case .shiftRight: return count(b).map { constant(a >> $0) }
    case .trueDivide, .matrixMultiply: return nil
    }
  }

  /// Bits with the sign.
  private static func width(_ integer: BigInt) -> Int { integer.magnitude.bitWidth + 1 }

  /// A number of bits or factors; nil when it is negative or more than constants may have.
  private static func count(_ integer: BigInt) -> Int? {
    guard let count = Int(exactly: integer), (0...maximumBits).contains(count) else { return nil }
    return count
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
