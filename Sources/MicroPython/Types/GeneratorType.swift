/// The methods of generators and coroutines.
enum GeneratorType {
  static func install(in vm: Interpreter) {
    let type = vm.heap.types.generator
    type.info.print = print
    vm.define(type) { type in
      type.method("close", 0...0, close)
      type.method("send", 1...1, send)
      type.method("throw", 1...3, raise)
      type.method("pend_throw", 1...1, raiseLater)
    }
  }

  private static func print(
    _ vm: Interpreter, _ value: Value, _ style: PrintStyle, _ output: inout TextOutput
  ) throws(Raised) {
    let name = GeneratorHandle(unchecked: value).code.name
    output.write("<generator object '\(name)' at \(vm.addressText(of: value))>")
  }

  private static func receiver(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> GeneratorHandle {
    try vm.receiver(arguments)
  }

  private static func noteForce(_ generator: GeneratorHandle, _ method: String, _ vm: Interpreter) {
    if generator.belongsToTask && !generator.isFinished {
      vm.forcedCoroutines.callEach { $0(generator, method) }
    }
  }

  /// Returns the generator's yielded value; raises its result as `StopIteration`.
  private static func result(of outcome: Interpreter.GeneratorOutcome, _ vm: Interpreter) throws(Raised)
    -> Value
  {
    switch outcome {
    case .yielded(let value): return value
    case .returned(let value): throw vm.stopIteration(value)
    }
  }

  private static func send(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let generator = try receiver(vm, arguments)
    noteForce(generator, "send", vm)
    if generator.isCreated && !arguments[1].isNone {
      throw vm.error(.typeError, "can't send non-None value to a just-started generator")
    }
    return try result(of: try vm.resume(generator, sending: arguments[1]), vm)
  }

  /// `throw(type_or_exception, value=None, traceback=None)`.
  private static func raise(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let generator = try receiver(vm, arguments)
    noteForce(generator, "throw", vm)
    if generator.isFinished { throw vm.stopIteration(.none) }
    let hasValue = arguments.count > 2 && !arguments[2].isNone
    return try result(of: try vm.resume(generator, throwing: arguments[hasValue ? 2 : 1]), vm)
  }

  /// Raises `GeneratorExit` in the generator, which must let it through or end.
  private static func close(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let generator = try receiver(vm, arguments)
    noteForce(generator, "close", vm)
    if generator.isFinished { return .none }
    let outcome: Interpreter.GeneratorOutcome
    do throws(Raised) {
      outcome = try vm.resume(generator, throwing: vm.error(.generatorExit).exception)
    } catch {
      if vm.isException(error.exception, .generatorExit) { return .none }
      throw error
    }
    if case .yielded = outcome { throw vm.error(.runtimeError, "generator ignored GeneratorExit") }
    return .none
  }

  /// `pend_throw(exception)`: raises it when the generator is resumed the next time; `None` takes it back. The
  /// result is what would have been raised before.
  private static func raiseLater(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let generator = try receiver(vm, arguments)
    if generator.isRunning { throw vm.error(.valueError, "generator already executing") }
    let earlier = generator.pointer.pointee.pendingException
    generator.pointer.pointee.pendingException = arguments[1].isNone ? .unbound : arguments[1]
    return earlier.isUnbound ? .none : earlier
  }
}

extension Interpreter {
  /// Returns the exception object that `throw` and `pend_throw` raise; for another object, the error that
  /// reports it.
  func exceptionToInject(_ value: Value) -> Value {
    do throws(Raised) { return try exceptionToRaise(value) } catch { return error.exception }
  }

  /// Takes what `pend_throw` has left.
  func takePendingException(of generator: UnsafeMutablePointer<GeneratorObject>) -> Value? {
    let pending = generator.pointee.pendingException
    if pending.isUnbound { return nil }
    generator.pointee.pendingException = .unbound
    return exceptionToInject(pending)
  }
}
