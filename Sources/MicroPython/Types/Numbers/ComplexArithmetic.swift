#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Arithmetic of `complex`, with the results and errors of MicroPython's `py/objcomplex.c`. Every step is rounded
/// as on the board.
enum ComplexArithmetic {
  static func binary(
    _ vm: Interpreter, _ operation: BinaryOperation, _ real: Double, _ imaginary: Double, _ right: Value
  ) throws(Raised) -> Value {
    let heap = vm.heap
    let c: Double
    let d: Double
    if let complex = ComplexHandle(right) {
      c = complex.real
      d = complex.imaginary
    } else if let real = try FloatArithmetic.operand(vm, right) {
      c = real
      d = 0
    } else {
      return .unbound
    }
    let (a, b) = (real, imaginary)
    switch operation {
    case .add, .inplaceAdd: return heap.complex(a + c, b + d)
    case .subtract, .inplaceSubtract: return heap.complex(a - c, b - d)
    case .multiply, .inplaceMultiply: return product(heap, a, b, c, d)
    case .floorDivide, .inplaceFloorDivide:
      throw vm.error(.typeError, "can't truncate-divide a complex number")
    case .trueDivide, .inplaceTrueDivide:
      if d == 0 {
        if c == 0 { throw vm.error(.zeroDivisionError, "complex divide by zero") }
        return heap.complex(a / c, b / c)
      }
      if c == 0 { return heap.complex(b / d, -a / d) }
      let squaredMagnitude = heap.rounded(heap.rounded(c * c) + heap.rounded(d * d))
      return product(heap, a, b, heap.rounded(c / squaredMagnitude), heap.rounded(d / -squaredMagnitude))
    case .power, .inplacePower: return try power(vm, a, b, c, d)
    case .equal: return Value(a == c && b == d)
    case .notEqual: return Value(a != c || b != d)
    default: return .unbound
    }
  }

  private static func product(_ heap: Heap, _ a: Double, _ b: Double, _ c: Double, _ d: Double) -> Value {
    heap.complex(
      heap.rounded(a * c) - heap.rounded(b * d), heap.rounded(a * d) + heap.rounded(b * c))
  }

  /// `z1 ** z2` as `exp(z2 * log(z1))`.
  private static func power(
    _ vm: Interpreter, _ a: Double, _ b: Double, _ c: Double, _ d: Double
  ) throws(Raised) -> Value {
    let round = vm.heap.rounded
    let magnitude = round(round(round(a * a) + round(b * b)).squareRoot())
    if magnitude == 0 {
      guard d == 0 && c >= 0 else { throw vm.error(.zeroDivisionError, "0.0 to a complex power") }
      return vm.heap.complex(c == 0 ? 1 : 0, b)
    }
    let logarithm = round(log(magnitude))
    let angle = round(atan2(b, a))
    let scale = round(exp(round(round(c * logarithm) - round(d * angle))))
    let turn = round(round(d * logarithm) + round(c * angle))
    return vm.heap.complex(scale * round(cos(turn)), scale * round(sin(turn)))
  }

  static func unary(_ vm: Interpreter, _ operation: UnaryOperation, _ value: Value) throws(Raised) -> Value {
    guard let complex = ComplexHandle(value) else { return .unbound }
    let (a, b) = (complex.real, complex.imaginary)
    switch operation {
    case .bool: return Value(a != 0 || b != 0)
    case .hash: return vm.heap.int(FloatArithmetic.hash(a) ^ FloatArithmetic.hash(b))
    case .positive: return value
    case .negative: return vm.heap.complex(-a, -b)
    case .absolute:
      let round = vm.heap.rounded
      return vm.heap.float(round(round(a * a) + round(b * b)).squareRoot())
    default: return .unbound
    }
  }
}
