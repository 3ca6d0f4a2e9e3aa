/// Arithmetic on big integers where they lie in the heap, for the frequent operations of programs. Everything
/// else goes through `BigInt`.
enum BigIntegerArithmetic {
  /// `left operation right`; nil when that is not done here: for other operations, for what is not an `int`, for a division
  /// by zero. Passes the time that long numbers take.
  static func binary(
    _ vm: Interpreter, _ operation: BinaryOperation, _ left: Value, _ right: Value
  ) throws(Raised) -> Value? {
    var stepCount = 0
    let result =
      withView(of: left) { a in
        withView(of: right) { b in
          stepCount = steps(operation, a.words.count, b.words.count)
          return compute(vm.heap, operation, a, b)
        } ?? nil
      } ?? nil
    guard let result else { return nil }
    // The board makes an object for a small result too.
    if !result.isBool { vm.heap.noteRequest() }
    try vm.passTime(wordSteps: stepCount)
    return result
  }

  /// The steps that an operation takes on numbers of so many words.
  static func steps(_ operation: BinaryOperation, _ a: Int, _ b: Int) -> Int {
    switch operation {
    case .multiply, .inplaceMultiply: a * b
    case .floorDivide, .inplaceFloorDivide, .modulo, .inplaceModulo, .divmod: 2 * max(1, a - b + 1) * b
    default: max(a, b)
    }
  }

  /// Looks at an integer where it is; nil for what is none.
  @inline(__always) private static func withView<Result>(
    of value: Value, _ body: (IntegerView) -> Result
  ) -> Result? {
    if value.isSmallInt {
      let integer = value.smallInt
      return withUnsafePointer(to: integer.magnitude) { word in
        body(
          IntegerView(
            isNegative: integer < 0, words: UnsafeBufferPointer(start: word, count: integer == 0 ? 0 : 1)))
      }
    }
    guard let big = BigIntHandle(value) else { return nil }
    return body(big.view)
  }

  private static func compute(
    _ heap: Heap, _ operation: BinaryOperation, _ a: IntegerView, _ b: IntegerView
  ) -> Value? {
    switch operation {
    case .add, .inplaceAdd: return sum(heap, a, b, isNegative: b.isNegative)
    case .subtract, .inplaceSubtract: return sum(heap, a, b, isNegative: !b.isNegative)
    case .multiply, .inplaceMultiply:
      return a.words.count + b.words.count <= 1024 ? product(heap, a, b) : nil
    case .floorDivide, .inplaceFloorDivide: return b.words.isEmpty ? nil : quotient(heap, a, b)
    case .less: return Value(BigInt.isLess(a, b))
    case .lessOrEqual: return Value(!BigInt.isLess(b, a))
    case .greater: return Value(BigInt.isLess(b, a))
    case .greaterOrEqual: return Value(!BigInt.isLess(a, b))
    default: return nil
    }
  }

  /// `a + b`, where `isNegative` is the sign that `b` counts with.
  private static func sum(_ heap: Heap, _ a: IntegerView, _ b: IntegerView, isNegative: Bool) -> Value {
    let count = max(a.words.count, b.words.count) + 1
    let words = heap.scratch(count)
    if a.isNegative == isNegative {
      WordArithmetic.add(a.words, b.words, into: words)
      return heap.int(isNegative: isNegative, words, count)
    }
    if WordArithmetic.isLess(a.words, b.words) {
      WordArithmetic.subtract(b.words, a.words, into: words)
      return heap.int(isNegative: isNegative, words, b.words.count)
    }
    WordArithmetic.subtract(a.words, b.words, into: words)
    return heap.int(isNegative: a.isNegative, words, a.words.count)
  }

  private static func product(_ heap: Heap, _ a: IntegerView, _ b: IntegerView) -> Value {
    let count = a.words.count + b.words.count
    let words = heap.scratch(count)
    WordArithmetic.multiply(a.words, b.words, into: words)
    return heap.int(isNegative: a.isNegative != b.isNegative, words, count)
  }

  /// Rounds down.
  private static func quotient(_ heap: Heap, _ a: IntegerView, _ b: IntegerView) -> Value {
    let isNegative = a.isNegative != b.isNegative
    if WordArithmetic.isLess(a.words, b.words) {
      return Value(smallInt: isNegative && !a.words.isEmpty ? -1 : 0)
    }
    let count = a.words.count - b.words.count + 1
    // One word more for what rounding down may carry.
    let words = heap.scratch(count + 1 + a.words.count + 1 + b.words.count)
    words[count] = 0
    let hasRemainder = WordArithmetic.divide(a.words, b.words, into: words, workspace: words + count + 1)
    if isNegative && hasRemainder {
      var index = 0
      repeat {
        words[index] &+= 1
        index += 1
      } while words[index - 1] == 0
    }
    return heap.int(isNegative: isNegative, words, count + 1)
  }
}
