/// Statements, except loops, `try`, `with`, imports and definitions.
extension FunctionCompiler {
  func compile(_ body: [Statement]) throws(SyntaxProblem) {
    for statement in body {
      advance(to: statement.line)
      try withTemporaries { () throws(SyntaxProblem) in try compile(statement) }
    }
  }

  private func compile(_ statement: Statement) throws(SyntaxProblem) {
    switch statement.kind {
    case .pass, .global, .nonlocal: break
    case .expression(let value): try compileExpressionStatement(value)
    case .assign(let targets, let value): try compileAssignment(targets, value)
    case .assignEach(let items):
      assignsNewData = !items.contains { mayHoldStaleRead($0.value) }
      defer { assignsNewData = false }
      try assignEach(items)
    case .annotatedAssign(let target, _, let value):
      if let value { try assign(target, value: value) }
    case .augmentedAssign(let target, let op, let value):
      try compileAugmentedAssignment(target, op, value)
    case .return(let value): try compileReturn(value)
    case .raise(let value, let cause): try compileRaise(value, cause: cause)
    case .delete(let targets):
      for target in targets { try compileDelete(target) }
    case .break, .continue: try compileLoopExit(statement)
    case .import(let aliases):
      for alias in aliases { compileImport(alias) }
    case .importFrom(let module, let level, let names):
      compileImport(from: module, level: level, names)
    case .assert(let test, let message): try compileAssert(test, message: message)
    case .if(let test, let then, let otherwise): try compileIf(test, then, else: otherwise)
    case .while(let test, let body, let otherwise): try compileWhile(test, body, else: otherwise)
    case .for(let target, let iterable, let body, let otherwise, let isAsync):
      if isAsync {
        try compileAsyncFor(target, iterable, body, else: otherwise)
      } else {
        try compileFor(target, iterable, body, else: otherwise)
      }
    case .try(let body, let handlers, let otherwise, let finally):
      try compileTry(body, handlers, else: otherwise, finally: finally)
    case .with(let items, let body, let isAsync):
      try compileWith(items[...], body, isAsync: isAsync)
    case .function(let definition): try compileFunction(definition)
    case .class(let definition): try compileClass(definition)
    case .wordStore(let store): try compileWordStore(store)
    }
  }

  private func compileIf(
    _ test: Expression, _ then: [Statement], else otherwise: [Statement]
  ) throws(SyntaxProblem) {
    if then.count == 1, let target = directLoopExit(then[0]) {
      try jump(to: target, if: test, is: true)
      try compile(otherwise)
      return
    }
    let elseLabel = Label()
    let end = Label()
    try jump(to: elseLabel, if: test, is: false)
    try compile(then)
    if !otherwise.isEmpty { emitJump(.jump, to: end) }
    place(elseLabel)
    try compile(otherwise)
    place(end)
  }

  private func compileExpressionStatement(_ value: Expression) throws(SyntaxProblem) {
    if compilation.isInteractive && scope.kind == .module {
      emit(.printExpression, a: try operand(value))
    } else if value.constant == nil {
      // A constant alone, such as a docstring, does nothing.
      try discard(value)
    }
  }

  private func compileReturn(_ value: Expression?) throws(SyntaxProblem) {
    guard scope.isFunctionLike else { throw problem("'return' outside function") }
    if let value {
      try emitReturn(of: value)
    } else {
      try leave(toDepth: 0)
      emit(.returnNone)
      reopenRegions()
    }
  }

  /// Returns a value; the code of `finally` and `with` on the way out comes after its evaluation.
  func emitReturn(of value: Expression) throws(SyntaxProblem) {
    if case .conditional(let test, let then, let otherwise) = value.kind {
      let elseLabel = Label()
      if scope.kind != .function { markLine(of: value) }
      try jump(to: elseLabel, if: test, is: false)
      try emitReturn(of: then)
      place(elseLabel)
      try emitReturn(of: otherwise)
      return
    }
    let mark = top
    defer { top = mark }
    if hasCleanup(fromDepth: 0) {
      let register = allocate()
      try evaluate(value, into: register)
      try leave(toDepth: 0)
      emit(.returnValue, a: register)
    } else if case .lambda = scope.kind, scope.isGenerator {
      // The value of a lambda that is a generator is dropped.
      try discard(value)
      emit(.returnNone)
    } else if case .constant(.none) = value.kind {
      emit(.returnNone)
    } else {
      emit(.returnValue, a: try operand(value))
    }
    reopenRegions()
  }

  private func compileRaise(_ value: Expression?, cause: Expression?) throws(SyntaxProblem) {
    guard let value else {
      for block in blocks.reversed() {
        if case .handler(let register) = block.kind {
          emit(.reraise, a: register)
          return
        }
      }
      emit(.raiseNothing)
      return
    }
    if let cause {
      let (exception, from) = try operands(value, cause)
      emit(.raiseFrom, a: exception, b: from)
    } else {
      emit(.raise, a: try operand(value))
    }
  }

  private func compileAssert(_ test: Expression, message: Expression?) throws(SyntaxProblem) {
    if options.optimisationLevel > 0 { return }
    if options.notesAssertions, message == nil, case .and(let tests) = test.kind {
      // Each for itself, so that the one that fails is known.
      for test in tests { try compileAssert(test, message: nil) }
      return
    }
    let end = Label()
    if options.notesAssertions {
      emitJump(.jumpIfTrue, a: try evaluateNoted(test), to: end)
    } else {
      try jump(to: end, if: test, is: true)
    }
    let exception = allocate()
    loadGlobal("AssertionError", into: exception)
    if let message {
      try evaluate(message, into: allocate())
      emit(.call, a: exception, b: 1)
    }
    emit(.raise, a: exception)
    place(end)
  }

  /// Evaluates an assertion by a call of `AssertionNotes`, which remembers the values if it does not hold.
  /// - Returns: the register with the truth of it.
  private func evaluateNoted(_ test: Expression) throws(SyntaxProblem) -> Int {
    let result = allocate()
    loadGlobal(AssertionNotes.functionName, into: result)
    switch test.kind {
    case .compare(let left, let rest) where rest.count == 1:
      try evaluate(left, into: allocate())
      try evaluate(rest[0].1, into: allocate())
      emitConstant(.int(Int(rest[0].0.rawValue)), into: allocate())
      emit(.call, a: result, b: 3)
    case .not(let operand):
      try evaluate(operand, into: allocate())
      emitConstant(.none, into: allocate())
      emit(.call, a: result, b: 2)
    default:
      try evaluate(test, into: allocate())
      emit(.call, a: result, b: 1)
    }
    return result
  }
}
