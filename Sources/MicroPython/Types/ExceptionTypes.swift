extension Interpreter {
  /// Gives the built-in exceptions their behaviour and makes them built-in names.
  func installExceptionTypes() {
    for kind in StandardException.allCases {
      let type = exceptionType(kind)
      giveExceptionBehaviour(to: type)
      addBuiltin(type.name, type.value)
    }
  }

  /// A new exception type, for a module that has its own.
  package func makeExceptionType(_ name: String, base: StandardException) -> TypeHandle {
    let type = heap.type(name, bases: [exceptionType(base)])
    giveExceptionBehaviour(to: type)
    return type
  }

  private func giveExceptionBehaviour(to type: TypeHandle) {
    let info = type.info
    info.make = ExceptionTypes.make
    info.print = ExceptionTypes.print
    info.getAttribute = ExceptionTypes.getAttribute
    info.setAttribute = ExceptionTypes.setAttribute
  }
}

/// Behaviour common to all exceptions: construction, printing, `args`, `value` and `errno`.
enum ExceptionTypes {
  static func make(_ vm: Interpreter, _ type: TypeHandle, _ arguments: Arguments) throws(Raised) -> Value {
    try vm.require(arguments, 0...Int.max)
    return vm.heap.exception(of: type, arguments: arguments.positional)
  }

  static func print(
    _ vm: Interpreter, _ value: Value, _ style: PrintStyle, _ output: inout TextOutput
  ) throws(Raised) {
    let exception = ExceptionHandle(unchecked: value)
    if style == .repr || style == .exception { output.write(exception.type.name) }
    if style == .exception { output.write(": ") }
    try printArguments(vm, exception, style, &output)
  }

  /// The part of the text behind the class name, which a firmware class prints itself.
  static func printArguments(
    _ vm: Interpreter, _ exception: ExceptionHandle, _ style: PrintStyle, _ output: inout TextOutput
  ) throws(Raised) {
    let arguments = exception.arguments
    if style == .str || style == .exception {
      if arguments.count == 0 { return }
      if let name = errorName(of: exception, vm) {
        output.write("[Errno \(arguments[0].smallInt)] \(name)")
        if arguments.count > 1 {
          output.write(": ")
          try vm.print(arguments[1], .str, into: &output)
        }
        return
      }
      if arguments.count == 1 { return try vm.print(arguments[0], .str, into: &output) }
    }
    try TupleType.print(vm, arguments.value, style == .json ? .json : .repr, &output)
  }

  /// The name of an `OSError`'s number, if it has one.
  private static func errorName(of exception: ExceptionHandle, _ vm: Interpreter) -> String? {
    let arguments = exception.arguments
    guard arguments.count < 3, arguments[0].isSmallInt,
      exception.type.info.isSubclass(of: vm.exceptionType(.osError))
    else { return nil }
    return ErrorNumber.name(of: arguments[0].smallInt)
  }

  static func getAttribute(_ vm: Interpreter, _ value: Value, _ name: Value) throws(Raised) -> Value {
    guard let exception = ExceptionHandle(value) else { return .unbound }
    let arguments = exception.arguments
    switch StringHandle(unchecked: name).text {
    case "args": return arguments.value
    // One is meant for StopIteration, the other for OSError, but every exception has both.
    case "value", "errno": return arguments.count > 0 ? arguments[0] : .none
    default: return .unbound
    }
  }

  /// `exception.__traceback__ = None` forgets where an exception that is raised again and again has been.
  static func setAttribute(
    _ vm: Interpreter, _ value: Value, _ name: Value, _ newValue: Value
  ) throws(Raised) -> Bool {
    guard let exception = ExceptionHandle(value), newValue.isNone,
      StringHandle(unchecked: name).text == "__traceback__"
    else { return false }
    exception.traceback.entries.removeAll()
    return true
  }
}
