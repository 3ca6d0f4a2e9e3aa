#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// `math`, computed in double precision and rounded to the board's floats.
enum MathModule: PythonModule {
  static let name = "math"

  static func define(_ module: PythonModuleBuilder<Interpreter>) {
    for (name, value) in [
      ("e", M_E), ("pi", .pi), ("tau", 2 * .pi), ("inf", .infinity), ("nan", Double.nan),
    ] {
      module.constant(name, value)
    }
    defineRealFunctions(of: module)
    defineIntegerConversions(of: module)
    defineOtherFunctions(of: module)
  }

  private static func defineRealFunctions(of module: PythonModuleBuilder<Interpreter>) {
    let unary: [(String, @Sendable (Double) -> Double)] = [
      ("sqrt", { $0.squareRoot() }), ("exp", { exp($0) }), ("expm1", { expm1($0) }), ("log2", { log2($0) }),
      ("log10", { log10($0) }), ("cosh", { cosh($0) }), ("sinh", { sinh($0) }), ("tanh", { tanh($0) }),
      ("acosh", { acosh($0) }), ("asinh", { asinh($0) }), ("atanh", { atanh($0) }), ("cos", { cos($0) }),
      ("sin", { sin($0) }), ("tan", { tan($0) }), ("acos", { acos($0) }), ("asin", { asin($0) }),
      ("atan", { atan($0) }), ("fabs", { abs($0) }), ("erf", { erf($0) }), ("erfc", { erfc($0) }),
      ("gamma", { $0 == -.infinity ? .nan : tgamma($0) }), ("lgamma", { lgamma($0) }),
    ]
    for (name, compute) in unary {
      module.fastFunction(name, "x") { vm, args throws(Raised) in
        let x = try vm.double(args[0])
        let result = vm.boardFloat(compute(x))
        if result.isNaN && !x.isNaN || result.isInfinite && !x.isInfinite { throw vm.mathDomainError() }
        return vm.heap.float(result)
      }
    }
    let binary: [(String, @Sendable (Double, Double) -> Double)] = [
      ("pow", { pow($0, $1) }), ("atan2", { atan2($0, $1) }), ("copysign", { copysign($0, $1) }),
      ("fmod", { fmod($0, $1) }),
    ]
    for (name, compute) in binary {
      module.fastFunction(name, "x", "y") { vm, args throws(Raised) in
        let x = try vm.double(args[0])
        let y = try vm.double(args[1])
        let result = vm.boardFloat(compute(x, y))
        if result.isNaN && !x.isNaN && !y.isNaN || result.isInfinite && !x.isInfinite && !y.isInfinite {
          throw vm.mathDomainError()
        }
        return vm.heap.float(result)
      }
    }
    module.fastFunction("radians", "x") { vm, args throws(Raised) in
      vm.heap.float(try vm.double(args[0]) * vm.boardFloat(vm.boardFloat(.pi) / 180))
    }
    module.fastFunction("degrees", "x") { vm, args throws(Raised) in
      vm.heap.float(try vm.double(args[0]) * vm.boardFloat(180 / vm.boardFloat(.pi)))
    }
    module.fastFunction("ldexp", "x", "exp") { vm, args throws(Raised) in
      let exponent = try vm.int(args[1])
      return vm.heap.float(scalbn(try vm.double(args[0]), Int32(clamping: exponent)))
    }
  }

  private static func defineIntegerConversions(of module: PythonModuleBuilder<Interpreter>) {
    let roundings: [(String, FloatingPointRoundingRule)] = [
      ("ceil", .up), ("floor", .down), ("trunc", .towardZero),
    ]
    for (name, rule) in roundings {
      module.fastFunction(name, "x") { vm, args throws(Raised) in
        let double = try vm.double(args[0]).rounded(rule)
        if double.isNaN { throw vm.error(.valueError, "can't convert NaN to int") }
        if double.isInfinite { throw vm.error(.overflowError, "can't convert inf to int") }
        if let integer = Int(exactly: double) { return vm.heap.int(integer) }
        return vm.heap.int(BigInt(double))
      }
    }
    let tests: [(String, @Sendable (Double) -> Bool)] = [
      ("isfinite", { $0.isFinite }), ("isinf", { $0.isInfinite }), ("isnan", { $0.isNaN }),
    ]
    for (name, test) in tests {
      module.fastFunction(name, "x") { vm, args throws(Raised) in Value(test(try vm.double(args[0]))) }
    }
    module.function("factorial", .required("x", .int)) { call, last in
      if last < 0 { throw PythonError.value("negative factorial") }
      // Far below this the result outgrows every board's heap.
      if last > 100_000 { throw PythonError(.memoryError, "memory allocation failed") }
      var product = BigInt(1)
      for factor in stride(from: 2, through: last, by: 1) {
        try call.vm.passTime(Int64(product.magnitude.words.count) * BigInt.wordCost)
        try call.vm.requireInteger(bits: product.magnitude.bitWidth)
        product = product * BigInt(factor)
      }
      return call.vm.heap.int(product)
    }
  }

  private static func defineOtherFunctions(of module: PythonModuleBuilder<Interpreter>) {
    module.fastFunction("log", "x", optional: ["base"]) { vm, args throws(Raised) in
      let x = try vm.double(args[0])
      if x <= 0 { throw vm.mathDomainError() }
      if args.count == 1 { return vm.heap.float(log(x)) }
      let base = try vm.double(args[1])
      if base <= 0 { throw vm.mathDomainError() }
      if base == 1 { throw vm.error(.zeroDivisionError, "divide by zero") }
      return vm.heap.float(log(x) / log(base))
    }
    module.function("frexp", .required("x", .float)) { _, x in
      if x == 0 || !x.isFinite { return PythonTuple(x, 0) }
      let exponent = Int(x.exponent) + 1
      return PythonTuple(scalbn(x, Int32(-exponent)), exponent)
    }
    module.function("modf", .required("x", .float)) { _, x in
      let integral = x.rounded(.towardZero)
      let fraction = x.isInfinite ? copysign(0, x) : copysign(x - integral, x)
      return PythonTuple(fraction, integral)
    }
    module.function(
      "isclose", .leading("a", .float), .leading("b", .float), .keyword("rel_tol", .float, default: 1e-9),
      .keyword("abs_tol", .float, default: 0)
    ) { call, a, b, relative, absolute in
      if relative < 0 || absolute < 0 { throw call.vm.mathDomainError() }
      if a == b { return true }
      let difference = abs(a - b)
      if difference.isInfinite { return false }
      return difference <= absolute || difference <= abs(relative * a) || difference <= abs(relative * b)
    }
  }
}

extension Interpreter {
  func mathDomainError() -> Raised { error(.valueError, "math domain error") }

  /// A result as the board's floats hold it: single precision has a smaller range, too.
  func boardFloat(_ double: Double) -> Double { heap.hasSingleFloats ? Double(Float(double)) : double }
}
