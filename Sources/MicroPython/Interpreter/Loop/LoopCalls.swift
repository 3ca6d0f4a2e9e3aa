/// Calls and returns of the bytecode loop: of Python functions and of built-ins. False stands for other callees.
///
/// The compiler stops inlining `call` when more is added to it; classes, bound methods and defaults are therefore left to
/// `enter`.
extension Interpreter {
  @inline(__always) func call(_ at: inout LoopPosition, _ instruction: Instruction) throws(Raised) -> Bool {
    at.charge(instruction)
    let result = at.registers + instruction.a
    return try call(&at, result + 1, instruction.b, result: result)
  }

  /// Whether the callee in a register is a built-in; bound methods are not.
  @inline(__always) func isBuiltInFunction(_ callee: Value) -> Bool {
    callee.isOperandObject && callee.header.pointee.kind == .nativeFunction
  }

  /// Answers `len` for sequences; the built-in is in R[A].
  @inline(__always) func callLength(_ at: inout LoopPosition, _ instruction: Instruction) -> Bool {
    let result = at.registers + instruction.a
    guard result.pointee == lengthFunction, instruction.b == 1, result[1].isOperandObject
    else { return false }
    let count: Int
    switch result[1].header.pointee.kind {
    case .list: count = ListHandle(unchecked: result[1]).count
    case .tuple: count = TupleHandle(unchecked: result[1]).count
    case .bytes: count = result[1].address(as: StringObject.self).pointee.byteCount
    case .array: count = result[1].address(as: ArrayObject.self).pointee.count
    default: return false
    }
    at.budget &-= instruction.nanoseconds &+ cost(of: result.pointee.address(as: NativeFunctionObject.self))
    result.pointee = Value(smallInt: count)
    return true
  }

  @inline(__always) func callMethod(
    _ at: inout LoopPosition, _ instruction: Instruction
  ) throws(Raised) -> Bool {
    at.charge(instruction)
    let result = at.registers + instruction.a
    let isBound = !result[1].isUnbound
    return try call(
      &at, isBound ? result + 1 : result + 2, isBound ? instruction.b &+ 1 : instruction.b, result: result)
  }

  /// Calls the callee in `result`, where the outcome goes, with `count` arguments at `base`.
  @inline(__always) private func call(
    _ at: inout LoopPosition, _ base: UnsafeMutablePointer<Value>, _ count: Int,
    result: UnsafeMutablePointer<Value>
  ) throws(Raised) -> Bool {
    let callee = result.pointee
    guard callee.isOperandObject else { return false }
    switch callee.header.pointee.kind {
    case .function:
      return enterFrame(&at, callee.address(as: FunctionObject.self), base, count, result: result)
    case .nativeFunction:
      at.sync()
      let value = try callNative(
        callee.address(as: NativeFunctionObject.self), Arguments(base: base, count: count))
      // A built-in leaves the frames as it finds them.
      result.pointee = value
      at.budget = at.state.pointee.account.pointee.remaining
      try attend(&at)
      return true
    default: return false
    }
  }

  /// Pushes the frame of a Python function whose arguments stand where its registers will be. False for other
  /// functions, for callers whose registers are not on the stack, and where a safe point is due.
  @inline(__always) private func enterFrame(
    _ at: inout LoopPosition, _ function: UnsafeMutablePointer<FunctionObject>,
    _ base: UnsafeMutablePointer<Value>, _ count: Int, result: UnsafeMutablePointer<Value>
  ) -> Bool {
    let target = function.pointee.code
    let stackTop = base + target.pointee.registerCount
    guard target.pointee.simpleArgumentCount == count, at.frame.pointee.generator == nil,
      at.frame < at.state.pointee.lastFrame, stackTop < at.state.pointee.stackEnd, at.budget > 0
    else { return false }
    at.frame.pointee.pc = at.pc
    at.frame += 1
    at.pc = UnsafePointer(target.pointee.instructions)
    at.frame.pointee = Frame(
      code: target, registers: base, pc: at.pc, globals: function.pointee.globals,
      closure: function.pointee.closure, locals: .unbound, generator: nil, result: result, stackTop: stackTop,
      extra: .unbound, kind: .call, isEntry: false)
    at.state.pointee.frame = at.frame
    if stackTop > at.state.pointee.highWater { at.state.pointee.highWater = stackTop }
    at.registers = base
    return true
  }

  /// Returns from an ordinary call, an operator's method or an `__init__` that was all there was to do. False for other
  /// frames (`leave`).
  @inline(__always) func leaveFrame(_ at: inout LoopPosition, _ value: Value) -> Bool {
    guard !at.frame.pointee.isEntry && at.frame.pointee.generator == nil else { return false }
    var value = value
    if at.frame.pointee.kind != .call {
      if at.frame.pointee.kind == .construct {
        let object = at.frame.pointee.extra
        guard value.isNone, !object.header.pointee.type.pointee.hasNativeBase else { return false }
        value = object
      } else {
        guard at.frame.pointee.kind == .operation, value != .notImplemented else { return false }
      }
    }
    at.frame.pointee.result.pointee = value
    at.frame -= 1
    at.takeFrame()
    return true
  }
}
