/// MicroPython's built-in exceptions.
package enum StandardException: String, CaseIterable, Sendable {
  case baseException = "BaseException"
  case systemExit = "SystemExit"
  case keyboardInterrupt = "KeyboardInterrupt"
  case generatorExit = "GeneratorExit"
  case exception = "Exception"
  case stopIteration = "StopIteration"
  case stopAsyncIteration = "StopAsyncIteration"
  case arithmeticError = "ArithmeticError"
  case overflowError = "OverflowError"
  case zeroDivisionError = "ZeroDivisionError"
  case assertionError = "AssertionError"
  case attributeError = "AttributeError"
  case eofError = "EOFError"
  case importError = "ImportError"
  case lookupError = "LookupError"
  case indexError = "IndexError"
  case keyError = "KeyError"
  case memoryError = "MemoryError"
  case nameError = "NameError"
  case osError = "OSError"
  case runtimeError = "RuntimeError"
  case notImplementedError = "NotImplementedError"
  case syntaxError = "SyntaxError"
  case indentationError = "IndentationError"
  case typeError = "TypeError"
  case valueError = "ValueError"
  case unicodeError = "UnicodeError"
  case viperTypeError = "ViperTypeError"

  var base: StandardException? {
    switch self {
    case .baseException: nil
    case .systemExit, .keyboardInterrupt, .generatorExit, .exception: .baseException
    case .overflowError, .zeroDivisionError: .arithmeticError
    case .indexError, .keyError: .lookupError
    case .notImplementedError: .runtimeError
    case .indentationError: .syntaxError
    case .unicodeError: .valueError
    case .viperTypeError: .typeError
    default: .exception
    }
  }
}

extension Interpreter {
  package func exceptionType(_ kind: StandardException) -> TypeHandle {
    exceptionTypes[kind].unsafelyUnwrapped
  }

  func makeExceptionTypes() {
    for kind in StandardException.allCases {
      let type =
        kind == .baseException
        ? heap.types.baseException
        : heap.type(kind.rawValue, bases: kind.base.map { [exceptionTypes[$0].unsafelyUnwrapped] } ?? [])
      exceptionTypes[kind] = type
      builtins.set(interned: heap.intern(kind.rawValue), to: type.value, in: heap)
    }
  }

  // MARK: Making errors

  /// With less memory left than this, an error must not fail for want of memory itself.
  private static let scarceMemory = 256

  package func error(_ kind: StandardException, _ message: String) -> Raised {
    if heap.lockDepth != 0 { return error(kind, arguments: heap.emergencyMessage(message)) }
    if heap.free < Interpreter.scarceMemory {
      return heap.withoutCounting { error(kind, arguments: [heap.string(message)]) }
    }
    return error(kind, arguments: [heap.string(message)])
  }

  package func error(_ kind: StandardException, arguments: [Value] = []) -> Raised {
    Raised(heap.exception(of: exceptionType(kind), arguments: arguments))
  }

  package func osError(_ errno: Int) -> Raised { error(.osError, arguments: [Value(smallInt: errno)]) }

  package func keyError(_ key: Value) -> Raised { error(.keyError, arguments: [key]) }

  package func stopIteration(_ value: Value = .none) -> Raised {
    error(.stopIteration, arguments: value.isNone ? [] : [value])
  }

  // MARK: Asking about exceptions

  /// Whether `except classes:` catches an exception; `TypeError` for anything but exception classes.
  func isCaught(_ exception: Value, by classes: Value) throws(Raised) -> Bool {
    let candidates = TupleHandle(classes).map { Array($0.items) } ?? [classes]
    for (index, candidate) in candidates.enumerated() {
      try passTime(atItem: index)
      guard let type = TypeHandle(candidate), type.info.isSubclass(of: exceptionType(.baseException)) else {
        let names = (self.type(of: exception).name, self.type(of: classes).name)
        throw error(.typeError, "unsupported types for : '\(names.0)', '\(names.1)'")
      }
      if self.type(of: exception).info.isSubclass(of: type) { return true }
    }
    return false
  }

  package func isException(_ exception: Value, _ kind: StandardException) -> Bool {
    type(of: exception).info.isSubclass(of: exceptionType(kind))
  }

  /// The built-in part of an exception object, where arguments and traceback are; nil if it is no exception.
  package func exceptionPart(of exception: Value) -> ExceptionHandle? {
    ExceptionHandle(native(of: exception))
  }

  /// Returns the exception that `raise x` raises: an exception object, or a new one when `x` is an exception
  /// class.
  func exceptionToRaise(_ value: Value) throws(Raised) -> Value {
    var exception = value
    if let type = TypeHandle(value), type.info.isSubclass(of: exceptionType(.baseException)) {
      exception = try call(value)
    }
    guard exceptionPart(of: exception) != nil else {
      throw error(.typeError, "exceptions must derive from BaseException")
    }
    return exception
  }
}
