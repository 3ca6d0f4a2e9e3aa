/// Viper functions and their operations on machine words.
extension FunctionCompiler {
  /// Compiles the body with types; the arguments are made words of the annotated types first.
  func compileViperBody(_ definition: FunctionDefinition) throws(SyntaxProblem) {
    if scope.isGenerator {
      throw SyntaxProblem(
        "native yield", line: definition.line, kind: .notImplemented, scopeName: scope.name)
    }
    let typing = try ViperTyping(definition, scope)
    let body = try typing.typed(body: definition.body, line: definition.line)
    for (name, type) in typing.parameters {
      guard let opcode = type.conversion, let register = localRegister(name) else { continue }
      emit(opcode, a: register, b: register)
    }
    try compile(body)
    if let value = typing.nothing(line: nil) { try emitReturn(of: value) }
  }

  func evaluate(_ operation: WordOperation, into destination: Int) throws(SyntaxProblem) {
    switch operation {
    case .binary(let op, let left, let right):
      let (a, b) = try operands(left, right, scratch: usable(destination))
      emit(op.wordOpcode, a: destination, b: a, c: b)
    case .unary(let op, let operand):
      let source = try self.operand(operand, scratch: usable(destination))
      emit(op == .invert ? .wordInvert : .wordNegate, a: destination, b: source)
    case .word(let type, let value):
      let source = try operand(value, scratch: usable(destination))
      emit(type.conversion ?? .move, a: destination, b: source)
    case .object(let value):
      let source = try operand(value, scratch: usable(destination))
      emit(.wordToObject, a: destination, b: source)
    case .load(let width, let pointer, let index):
      let (a, b) = try operands(pointer, index, scratch: usable(destination))
      emit(.load(ofWidth: width), a: destination, b: a, c: b)
    }
  }

  /// - Parameter source: the register that holds the value already, if one does.
  func compileWordStore(_ store: WordStore, from source: Int? = nil) throws(SyntaxProblem) {
    let opcode = Opcode.store(ofWidth: store.width)
    if let op = store.operation {
      let (pointer, index) = try operands(store.pointer, store.index)
      let item = allocate()
      emit(.load(ofWidth: store.width), a: item, b: pointer, c: index)
      let value = try operand(store.value)
      emit(op.wordOpcode, a: item, b: item, c: value)
      emit(opcode, a: pointer, b: index, c: item)
    } else {
      let value = if let source { source } else { try operand(store.value) }
      let (pointer, index) = try operands(store.pointer, store.index)
      emit(opcode, a: pointer, b: index, c: value)
    }
  }
}

extension ViperType {
  /// The instruction that makes a word of this type.
  fileprivate var conversion: Opcode? {
    switch self {
    case .bool: .toWordBool
    case .int: .toWordInt
    case .uint: .toWordUInt
    case .ptr, .ptr8, .ptr16, .ptr32: .toWordPointer
    case .object, .none, .cast: nil
    }
  }
}

extension BinaryOperator {
  /// Precondition: one that viper has for words.
  fileprivate var wordOpcode: Opcode {
    switch self {
    case .add: .wordAdd
    case .subtract: .wordSubtract
    case .multiply: .wordMultiply
    case .floorDivide: .wordFloorDivide
    case .modulo: .wordModulo
    case .bitAnd: .wordBitAnd
    case .bitOr: .wordBitOr
    case .bitXor: .wordBitXor
    case .shiftLeft: .wordShiftLeft
    case .shiftRight: .wordShiftRight
    // `ViperTyping` has refused these.
    case .trueDivide, .power, .matrixMultiply: .nop
    }
  }
}

extension Opcode {
  fileprivate static func load(ofWidth width: Int) -> Opcode {
    width == 1 ? .loadWord8 : width == 2 ? .loadWord16 : .loadWord32
  }

  fileprivate static func store(ofWidth width: Int) -> Opcode {
    width == 1 ? .storeWord8 : width == 2 ? .storeWord16 : .storeWord32
  }

  /// Whether it belongs to the machine words.
  var isWordOperation: Bool {
    rawValue >= Opcode.wordAdd.rawValue && rawValue <= Opcode.storeWord32.rawValue
  }
}
