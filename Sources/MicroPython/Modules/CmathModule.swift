#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// `cmath`: the functions that MicroPython has of it.
extension Interpreter {
  func addCmathModule() {
    addModule("cmath") { [unowned self] module in
      module.attribute("e", heap.float(M_E))
      module.attribute("pi", heap.float(.pi))
      module.function("phase", 1...1) { vm, args throws(Raised) in
        let z = try vm.complexParts(args[0])
        return vm.heap.float(atan2(z.imaginary, z.real))
      }
      module.function("polar", 1...1) { vm, args throws(Raised) in
        let z = try vm.complexParts(args[0])
        let modulus = (z.real * z.real + z.imaginary * z.imaginary).squareRoot()
        return vm.heap.tuple([vm.heap.float(modulus), vm.heap.float(atan2(z.imaginary, z.real))])
      }
      module.function("rect", 2...2) { vm, args throws(Raised) in
        let modulus = try vm.double(args[0])
        let phase = try vm.double(args[1])
        return vm.heap.complex(modulus * cos(phase), modulus * sin(phase))
      }
      let functions: [(String, @Sendable (Double, Double) -> (Double, Double))] = [
        ("exp", { (exp($0) * cos($1), exp($0) * sin($1)) }),
        ("log", { (0.5 * log($0 * $0 + $1 * $1), atan2($1, $0)) }),
        ("log10", { (0.5 * log10($0 * $0 + $1 * $1), 0.4342944819032518 * atan2($1, $0)) }),
        (
          "sqrt",
          {
            let modulus = pow($0 * $0 + $1 * $1, 0.25)
            let angle = 0.5 * atan2($1, $0)
            return (modulus * cos(angle), modulus * sin(angle))
          }
        ),
        ("cos", { (cos($0) * cosh($1), -sin($0) * sinh($1)) }),
        ("sin", { (sin($0) * cosh($1), cos($0) * sinh($1)) }),
      ]
      for (name, compute) in functions {
        module.function(name, 1...1) { vm, args throws(Raised) in
          let z = try vm.complexParts(args[0])
          let result = compute(z.real, z.imaginary)
          return vm.heap.complex(result.0, result.1)
        }
      }
    }
  }

  /// Real and imaginary part of any number.
  private func complexParts(_ value: Value) throws(Raised) -> (real: Double, imaginary: Double) {
    if let complex = ComplexHandle(native(of: value)) { return (complex.real, complex.imaginary) }
    if value.isKind(.instance), let convert = try findAttribute(value, names.complex),
      let complex = ComplexHandle(try call(convert))
    {
      return (complex.real, complex.imaginary)
    }
    return (try double(value), 0)
  }
}
