/// Arithmetic on objects of firmware classes: their methods run in frames of the same loop.
extension Interpreter {
  /// Pushes the frame of the method that an arithmetic instruction asks its left operand for. False, with
  /// nothing done, when that is not a plain function; `arithmetic` then does the operation.
  func enterOperator(_ instruction: Instruction) -> Bool {
    let frame = state.pointee.frame
    let left = frame.pointee.registers[instruction.b]
    guard let instance = InstanceHandle(left), instance.native.isUnbound else { return false }
    // Invariant: the arithmetic opcodes stand in the order of `BinaryOperation`.
    var operation = BinaryOperation(knownRawValue: instruction.opcode.rawValue - Opcode.add.rawValue)
    var method = Value.unbound
    // Of the in-place methods a Pyboard knows `__iadd__` and `__isub__`.
    if !operation.isInplace || operation == .inplaceAdd || operation == .inplaceSubtract {
      method = classMember(names.operations[Int(operation.rawValue)], of: instance.type)
    }
    if method.isUnbound && operation.isInplace {
      operation = operation.plain
      method = classMember(names.operations[Int(operation.rawValue)], of: instance.type)
    }
    guard method.isKind(.function) else { return false }
    let function = method.address(as: FunctionObject.self)
    let code = function.pointee.code
    let window = frame.pointee.stackTop
    guard code.pointee.simpleArgumentCount == 2, frame < state.pointee.lastFrame,
      window + code.pointee.registerCount + 1 < state.pointee.stackEnd
    else { return false }
    window[0] = left
    window[1] = frame.pointee.registers[instruction.c]
    push(
      Frame(
        code: code, registers: window, pc: UnsafePointer(code.pointee.instructions),
        globals: function.pointee.globals, closure: function.pointee.closure, locals: .unbound,
        generator: nil,
        result: frame.pointee.registers + instruction.a, stackTop: window + code.pointee.registerCount,
        extra: Value(smallInt: Int(operation.rawValue)), kind: .operation, isEntry: false))
    return true
  }

  /// Ends the frame on top, an operator's method that returned `NotImplemented`: the right operand is asked, or the plain
  /// operation tried. The result goes where the method's would have gone.
  func leaveUndecidedOperator() throws(Raised) -> Value {
    let frame = state.pointee.frame
    state.pointee.frame -= 1
    let caller = state.pointee.frame
    // The instruction has not stored anything yet, so its operands are where they were.
    let instruction = caller.pointee.pc[-1]
    let left = caller.pointee.registers[instruction.b]
    let right = caller.pointee.registers[instruction.c]
    let operation = BinaryOperation(knownRawValue: UInt8(frame.pointee.extra.smallInt))
    // Other frames may come where this one was.
    let destination = frame.pointee.result
    let result =
      operation.isInplace
      ? try binary(operation.plain, left, right) : try binaryOfRight(operation, left, right)
    destination.pointee = result
    return result
  }
}
