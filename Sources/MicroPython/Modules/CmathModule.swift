#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// `cmath`: the functions that MicroPython has of it.
enum CmathModule: PythonModule {
  static let name = "cmath"

  static func define(_ module: PythonModuleBuilder<Interpreter>) {
    module.constant("e", M_E)
    module.constant("pi", Double.pi)
    module.function("phase", .required("z", .complex)) { _, z in atan2(z.imaginary, z.real) }
    module.function("polar", .required("z", .complex)) { _, z in
      let modulus = (z.real * z.real + z.imaginary * z.imaginary).squareRoot()
      return PythonTuple(modulus, atan2(z.imaginary, z.real))
    }
    module.function("rect", .required("r", .float), .required("phi", .float)) { call, modulus, phase in
      call.vm.heap.complex(modulus * cos(phase), modulus * sin(phase))
    }
    // Each step is rounded as on the board, where the real and the imaginary part are floats of their own.
    let functions: [(String, @Sendable (Double, Double, (Double) -> Double) -> (Double, Double))] = [
      ("exp", { x, y, f in (f(f(exp(x)) * f(cos(y))), f(f(exp(x)) * f(sin(y)))) }),
      ("log", { x, y, f in (f(0.5 * f(log(f(f(x * x) + f(y * y))))), f(atan2(y, x))) }),
      (
        "log10",
        { x, y, f in
          (f(0.5 * f(log10(f(f(x * x) + f(y * y))))), f(f(0.4342944819032518) * f(atan2(y, x))))
        }
      ),
      (
        "sqrt",
        { x, y, f in
          let modulus = f(pow(f(f(x * x) + f(y * y)), 0.25))
          let angle = f(0.5 * f(atan2(y, x)))
          return (f(modulus * f(cos(angle))), f(modulus * f(sin(angle))))
        }
      ),
      ("cos", { x, y, f in (f(f(cos(x)) * f(cosh(y))), f(-f(sin(x)) * f(sinh(y)))) }),
      ("sin", { x, y, f in (f(f(sin(x)) * f(cosh(y))), f(f(cos(x)) * f(sinh(y)))) }),
    ]
    for (name, compute) in functions {
      module.function(name, .required("z", .complex)) { call, z in
        let result = compute(z.real, z.imaginary, call.vm.boardFloat)
        return call.vm.heap.complex(result.0, result.1)
      }
    }
  }
}

extension ArgumentType<(real: Double, imaginary: Double)> {
  /// Any number.
  fileprivate static var complex: Self {
    Self { (vm, value) throws(Raised) in try vm.complexParts(value) }
  }
}

extension Interpreter {
  /// Real and imaginary part of any number.
  fileprivate func complexParts(_ value: Value) throws(Raised) -> (real: Double, imaginary: Double) {
    if let complex = ComplexHandle(native(of: value)) { return (complex.real, complex.imaginary) }
    if value.isKind(.instance), let convert = try findAttribute(value, names.complex),
      let complex = ComplexHandle(try call(convert))
    {
      return (complex.real, complex.imaginary)
    }
    guard let real = try FloatArithmetic.operand(self, value) else {
      throw error(.typeError, "can't convert \(type(of: value).name) to complex")
    }
    return (real, 0)
  }
}
