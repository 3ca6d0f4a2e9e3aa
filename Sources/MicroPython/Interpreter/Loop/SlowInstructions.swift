/// Work of its own instructions that the bytecode loop leaves out, so that its registers stay in the
/// machine's.
extension Interpreter {
  /// Executes an instruction of the running frame, whose `pc` stands behind it. Its time is charged already.
  ///
  /// - Returns: how far to jump.
  func execute(_ instruction: Instruction) throws(Raised) -> Int {
    let frame = state.pointee.frame
    let registers = frame.pointee.registers
    let caches = frame.pointee.code.pointee.caches
    let (a, b, c) = (instruction.a, instruction.b, instruction.c)
    switch instruction.opcode {
    // Names
    case .checkBound: throw unboundLocalError()
    case .loadCell: throw unboundLocalError()
    case .loadGlobal, .loadGlobalForMethod:
      registers[a] = try loadGlobalSlowly(caches + c, frame.pointee.globals)
    case .storeGlobal: storeGlobalSlowly(caches + c, frame.pointee.globals, registers[a])

    // Arithmetic and comparison
    case .add, .inplaceAdd, .subtract, .inplaceSubtract, .multiply, .inplaceMultiply, .bitAnd, .inplaceBitAnd,
      .bitOr, .inplaceBitOr, .bitXor, .inplaceBitXor, .floorDivide, .inplaceFloorDivide, .modulo,
      .inplaceModulo, .trueDivide, .inplaceTrueDivide, .power, .inplacePower, .shiftLeft, .inplaceShiftLeft,
      .shiftRight, .inplaceShiftRight, .matrixMultiply, .inplaceMatrixMultiply:
      if enterOperator(instruction) { return 0 }
      registers[a] = try arithmetic(instruction.opcode, registers[b], registers[c])
    case .addInt: registers[a] = try arithmetic(.add, registers[b], Value(smallInt: instruction.signedC))
    case .subtractInt:
      registers[a] = try arithmetic(.subtract, registers[b], Value(smallInt: instruction.signedC))
    case .inplaceAddInt:
      registers[a] = try arithmetic(.inplaceAdd, registers[b], Value(smallInt: instruction.signedC))
    case .inplaceSubtractInt:
      registers[a] = try arithmetic(.inplaceSubtract, registers[b], Value(smallInt: instruction.signedC))
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual:
      registers[a] = try compare(
        Interpreter.comparison(instruction.opcode, from: .less), registers[b], registers[c])

    // Calls
    case .call: try enter(registers[a], registers + (a + 1), b, nil, result: registers + a)
    case .callMethod:
      let window = methodArguments(registers + a, b)
      try enter(registers[a], window.base, window.count, nil, result: registers + a)
    case .callKeywords:
      let keywords = TupleHandle(unchecked: frame.pointee.code.pointee.constants[c])
      try enter(registers[a], registers + (a + 1), b - keywords.count, keywords, result: registers + a)
    case .callMethodKeywords:
      let keywords = TupleHandle(unchecked: frame.pointee.code.pointee.constants[c])
      let window = methodArguments(registers + a, b)
      try enter(registers[a], window.base, window.count - keywords.count, keywords, result: registers + a)
    case .callSpread: try enterSpread(registers[a], registers[a + 1], registers[a + 2], result: registers + a)
    case .loadMethod: try loadMethod(registers[b], caches + c, into: registers + a)

    // Attributes, items and iteration
    case .getAttribute: registers[a] = try getAttribute(registers[b], caches + c)
    case .setAttribute: try setAttribute(registers[a], caches + c, registers[b])
    case .getItem: registers[a] = try item(of: registers[b], registers[c])
    case .getItemInt: registers[a] = try item(of: registers[b], Value(smallInt: instruction.signedC))
    case .setItem: try setItem(of: registers[a], registers[b], registers[c])
    case .unpack: try unpack(registers[b], count: c, into: registers + a)
    case .getIterator: registers[a] = try iterateInLoop(registers[b])
    case .forIterator: return try stepIterator(instruction)
    case .forRange, .forCount: return try stepThroughRange(instruction)
    case .buildSlice where instruction.c == 1 && sliceAtOnce(instruction): break
    case .generatorStart:
      state.pointee.sent = .none
      throw error(.typeError, "can't send non-None value to a just-started generator")
    default:
      if let offset = try jumpOffset(instruction) { return offset }
      try executeRare(instruction)
    }
    return 0
  }

  /// The safe point behind an instruction that has jumped, or not (0).
  func safePoint(after offset: Int) throws(Raised) {
    do throws(Raised) {
      try safePoint()
    } catch {
      // The jump raised it, not the instruction before its target, which may lie outside of its `try`.
      state.pointee.frame.pointee.pc -= offset
      throw error
    }
  }

  /// `object[index]` without the way over the type for the types that firmware indexes most.
  private func item(of object: Value, _ index: Value) throws(Raised) -> Value {
    if object.isObject {
      let type = object.header.pointee.type
      if type == heap.types.dict.pointer { return try DictType.getItem(self, object, index) }
      if type == heap.types.list.pointer { return try ListType.getItem(self, object, index) }
      if type == heap.types.tuple.pointer { return try TupleType.getItem(self, object, index) }
      if type == heap.types.bytearray.pointer { return try ArrayIndexing.getItem(self, object, index) }
    }
    return try getItem(object, index)
  }

  /// `object[index] = value`, likewise.
  private func setItem(of object: Value, _ index: Value, _ value: Value) throws(Raised) {
    if object.isObject {
      let type = object.header.pointee.type
      if type == heap.types.dict.pointer { return try DictType.setItem(self, object, index, value) }
      if type == heap.types.list.pointer { return try ListType.setItem(self, object, index, value) }
      if type == heap.types.bytearray.pointer {
        return try ArrayIndexing.setItem(self, object, index, value)
      }
    }
    try setItem(object, index, value)
  }

  /// Returns the arguments of a method call, the receiver among them if there is one.
  private func methodArguments(
    _ window: UnsafeMutablePointer<Value>, _ count: Int
  ) -> (base: UnsafeMutablePointer<Value>, count: Int) {
    window[1].isUnbound ? (window + 2, count) : (window + 1, count + 1)
  }

  private func stepIterator(_ instruction: Instruction) throws(Raised) -> Int {
    let registers = state.pointee.frame.pointee.registers
    let iterator = registers[instruction.b]
    if iterator.isKind(.generator) {
      let isEntered = try resume(
        iterator.address(as: GeneratorObject.self), sending: .none, kind: .forIterator, isEntry: false,
        result: registers + instruction.a)
      return isEntered ? 0 : instruction.signedC
    }
    let value = try nextOrUnbound(iterator)
    if value.isUnbound { return instruction.signedC }
    registers[instruction.a] = value
    return 0
  }

  private func stepThroughRange(_ instruction: Instruction) throws(Raised) -> Int {
    let registers = state.pointee.frame.pointee.registers
    let counter = registers + instruction.a
    let isInside = try compare(counter[2].smallInt > 0 ? .less : .greater, counter[0], counter[1])
    guard try isTrue(isInside) else { return instruction.signedC }
    registers[instruction.b] = counter[0]
    counter[0] = try binary(.add, counter[0], counter[2])
    return 0
  }

  /// How far a jump jumps, 0 if its condition does not hold; nil for other instructions.
  private func jumpOffset(_ instruction: Instruction) throws(Raised) -> Int? {
    let registers = state.pointee.frame.pointee.registers
    let left = registers[instruction.a]
    let opcode = instruction.opcode
    switch opcode {
    case .jump, .repeatIterator, .repeatRange, .repeatCount: return instruction.signedBC
    case .jumpIfTrue: return try isTrue(left) ? instruction.signedBC : 0
    case .jumpIfFalse: return try isTrue(left) ? 0 : instruction.signedBC
    case .jumpIfNone, .jumpIfNotNone: return instruction.signedBC
    case .jumpIfIs, .jumpIfIsNot: return instruction.signedC
    default: break
    }
    guard
      opcode.rawValue >= Opcode.jumpIfLess.rawValue
        && opcode.rawValue <= Opcode.jumpUnlessNotEqualInt.rawValue
    else { return nil }
    // Invariant: four rows of comparisons, in the order of the opcodes.
    let index = Int(opcode.rawValue - Opcode.jumpIfLess.rawValue)
    let (row, column) = index.quotientAndRemainder(dividingBy: 6)
    let operation = BinaryOperation(knownRawValue: BinaryOperation.less.rawValue + UInt8(column))
    let right = row < 2 ? registers[instruction.b] : Value(smallInt: instruction.signedB)
    let wanted = row & 1 == 0
    return try isTrue(compare(operation, left, right)) == wanted ? instruction.signedC : 0
  }
}
