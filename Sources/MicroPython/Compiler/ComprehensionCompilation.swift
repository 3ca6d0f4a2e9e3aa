/// Comprehensions and generator expressions: functions of one argument, the outermost iterable.
extension FunctionCompiler {
  func evaluateComprehension(
    _ comprehension: Comprehension, into destination: Int
  ) throws(SyntaxProblem) {
    let base = window(for: destination)
    try withTemporaries { () throws(SyntaxProblem) in
      let parts = allocate(3)
      emit(.loadNone, a: parts)
      emit(.loadNone, a: parts + 1)
      let child = try childIndex(comprehension.scopeID) { child throws(SyntaxProblem) in
        try child.compileComprehension(comprehension)
      }
      emitMakeFunction(comprehension.scopeID, child, parts: parts, into: base)
    }
    let argument = allocate()
    try evaluate(comprehension.clauses[0].iterable, into: argument)
    if comprehension.kind == .generator { emit(.getIterator, a: argument, b: argument) }
    emit(.call, a: base, b: 1)
    emitMove(from: base, to: destination)
  }

  private func compileComprehension(_ comprehension: Comprehension) throws(SyntaxProblem) {
    parameters.names = [""]
    parameters.positionalCount = 1
    parameters.positionalOnlyCount = 1
    if scope.isGenerator { flags.insert(.generator) }
    let argument = 0
    if comprehension.kind == .generator {
      try compileClauses(comprehension, from: 0, iterator: argument, result: argument)
      emit(.returnNone)
      return
    }
    let result = allocate()
    switch comprehension.kind {
    case .set: emit(.buildSet, a: result, b: result, c: 0)
    case .dict: emit(.buildDict, a: result, b: result, c: 0)
    default: emit(.buildList, a: result, b: result, c: 0)
    }
    emit(.getIterator, a: argument, b: argument)
    try compileClauses(comprehension, from: 0, iterator: argument, result: result)
    emit(.returnValue, a: result)
  }

  private func compileClauses(
    _ comprehension: Comprehension, from index: Int, iterator: Int, result: Int
  ) throws(SyntaxProblem) {
    let mark = top
    defer { top = mark }
    let clause = comprehension.clauses[index]
    let start = Label()
    let end = Label()
    placeLoopStart(start)
    try nextItem(of: iterator, to: clause.target, orJumpTo: end)
    for condition in clause.conditions { try jump(to: start, if: condition, is: false) }
    if index + 1 < comprehension.clauses.count {
      let inner = allocate()
      let source = try operand(comprehension.clauses[index + 1].iterable, scratch: inner)
      emit(.getIterator, a: inner, b: source)
      try compileClauses(comprehension, from: index + 1, iterator: inner, result: result)
    } else {
      try collect(comprehension, into: result)
    }
    emitJump(.repeatIterator, to: start)
    place(end)
  }

  private func collect(_ comprehension: Comprehension, into result: Int) throws(SyntaxProblem) {
    let mark = top
    defer { top = mark }
    if let value = comprehension.value {
      let (valueRegister, key) = try operands(value, comprehension.element)
      emit(.dictSet, a: result, b: key, c: valueRegister)
      return
    }
    let element = try operand(comprehension.element)
    switch comprehension.kind {
    case .list: emit(.listAppend, a: result, b: element)
    case .set, .dict: emit(.setAdd, a: result, b: element)
    case .generator: emit(.yieldValue, a: allocate(), b: element)
    }
  }
}
