/// Instructions that do not belong to the hot path: they are kept out of the bytecode loop so that its registers
/// stay in the machine's.
extension Interpreter {
  /// Executes an instruction of the running frame, whose `pc` stands behind it.
  func executeRare(_ instruction: Instruction) throws(Raised) {
    let frame = state.pointee.frame
    let registers = frame.pointee.registers
    let code = frame.pointee.code
    let a = instruction.a
    switch instruction.opcode {
    // Names
    case .deleteGlobal:
      let name = code.pointee.names[instruction.b]
      if DictHandle(pointer: frame.pointee.globals).remove(interned: name).isUnbound { throw keyError(name) }
    case .loadName: registers[a] = try loadName(code.pointee.names[instruction.b])
    case .storeName: try storeName(code.pointee.names[instruction.b], registers[a])
    case .deleteName: try deleteName(code.pointee.names[instruction.b])
    case .deleteCell:
      let cell = registers[a].address(as: CellObject.self)
      if cell.pointee.content.isUnbound { throw unboundLocalError() }
      cell.pointee.content = .unbound

    // Operators
    case .negate: registers[a] = try unary(.negative, registers[instruction.b])
    case .positive: registers[a] = try unary(.positive, registers[instruction.b])
    case .invert: registers[a] = try unary(.invert, registers[instruction.b])
    case .not: registers[a] = Value(!(try isTrue(registers[instruction.b])))
    case .contains: registers[a] = Value(try contains(registers[instruction.c], registers[instruction.b]))
    case .notContains:
      registers[a] = Value(!(try contains(registers[instruction.c], registers[instruction.b])))

    // Attributes, items, containers
    case .loadSuperMethod:
      try loadSuperMethod(
        classCell: registers[instruction.b], receiver: registers[instruction.b + 1],
        name: code.pointee.caches[instruction.c].name, into: registers + a)
    case .deleteAttribute: try deleteAttribute(registers[a], code.pointee.names[instruction.b])
    case .deleteItem: try deleteItem(registers[a], registers[instruction.b])
    case .unpackStar:
      try unpackStar(
        registers[instruction.b], before: instruction.c & 0xff, after: instruction.c >> 8, into: registers + a
      )

    // Exceptions
    case .raise, .raiseFrom: throw Raised(try exceptionToRaise(registers[a]))
    case .reraise: throw Raised(registers[a])
    case .raiseNothing: throw error(.runtimeError, "no active exception to reraise")
    case .jumpUnlessMatch:
      if try !isCaught(registers[a], by: registers[instruction.b]) { frame.pointee.pc += instruction.signedC }
    case .exceptionTriple:
      let exception = registers[instruction.b]
      registers[a] = type(of: exception).value
      registers[a + 1] = exception
      registers[a + 2] = .none

    // Imports, functions and classes
    case .importName:
      registers[a] = try importModule(
        code.pointee.names[instruction.b], fromList: registers[instruction.c],
        level: registers[instruction.c + 1].smallInt)
    case .importFrom:
      registers[a] = try importAttribute(of: registers[instruction.b], code.pointee.names[instruction.c])
    case .importStar: try importAll(from: registers[a])
    case .makeFunction:
      registers[a] = function(
        CodeHandle(unchecked: code.pointee.children[instruction.b]), globals: frame.pointee.globals,
        defaults: registers[instruction.c], keywordDefaults: registers[instruction.c + 1],
        closure: registers[instruction.c + 2])
    case .loadBuildClass: registers[a] = builtins.get(interned: names.buildClass)
    case .runAssembly: registers[a] = try runAssembly(CodeHandle(pointer: code), registers)
    case .printExpression: try printExpression(registers[a])
    case _ where instruction.opcode.isWatch: watch(instruction)
    case _ where instruction.opcode.isWordOperation: try executeWord(instruction, registers)
    default: try build(instruction, registers)
    }
  }

  func unboundLocalError() -> Raised { error(.nameError, "local variable referenced before assignment") }
}
