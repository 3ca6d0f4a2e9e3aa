/// Loops and the ways out of them.
extension FunctionCompiler {
  /// The test stands at the bottom, so that a round takes one jump.
  func compileWhile(
    _ test: Expression, _ body: [Statement], else otherwise: [Statement]
  ) throws(SyntaxProblem) {
    let start = Label()
    let testLabel = Label()
    let end = Label()
    let isEndless = test.truth == true
    if isEndless {
      placeLoopStart(start)
      try compileBody(body, break: end, continue: start)
      emitJump(.jump, to: start)
    } else {
      forgetDeletedNames()
      emitJump(.jump, to: testLabel)
      // The body is entered from the test, at which at least these variables are bound.
      boundRegisters = testLabel.boundRegisters
      start.position = address
      try compileBody(body, break: end, continue: testLabel)
      place(testLabel)
      try jump(to: start, if: test, is: true)
    }
    try compile(otherwise)
    place(end)
  }

  private func compileBody(
    _ body: [Statement], break breakLabel: Label, continue continueLabel: Label
  ) throws(SyntaxProblem) {
    blocks.append(Block(kind: .loop(break: breakLabel, continue: continueLabel)))
    try compile(body)
    blocks.removeLast()
  }

  func compileFor(
    _ target: Expression, _ iterable: Expression, _ body: [Statement], else otherwise: [Statement]
  ) throws(SyntaxProblem) {
    if case .name(let name) = target.kind, let range = CountedRange(iterable) {
      try compileCountedFor(name, range, body, else: otherwise)
      return
    }
    let iterator = allocate()
    let source = try operand(iterable, scratch: iterator)
    watchContentRead(of: source)
    emit(.getIterator, a: iterator, b: source)
    let start = Label()
    let elseLabel = Label()
    let end = Label()
    placeLoopStart(start)
    try nextItem(of: iterator, to: target, orJumpTo: elseLabel)
    try compileBody(body, break: end, continue: start)
    emitJump(.repeatIterator, to: start)
    place(elseLabel)
    try compile(otherwise)
    place(end)
  }

  /// Assigns the next item of an iterator to a target.
  func nextItem(
    of iterator: Int, to target: Expression, orJumpTo label: Label
  ) throws(SyntaxProblem) {
    try withTemporaries { () throws(SyntaxProblem) in
      if case .name(let name) = target.kind, let register = localRegister(name) {
        emitJump(.forIterator, a: register, b: iterator, to: label)
        boundRegisters?.insert(register)
      } else {
        let item = allocate()
        emitJump(.forIterator, a: item, b: iterator, to: label)
        try assign(target, from: item)
      }
    }
  }

  /// `for name in range(…)` without a range object, where MicroPython does the same. It evaluates the stop
  /// before the start.
  private func compileCountedFor(
    _ name: String, _ range: CountedRange, _ body: [Statement], else otherwise: [Statement]
  ) throws(SyntaxProblem) {
    let counter = allocate(3)
    try evaluate(range.stop, into: counter + 1)
    try evaluate(range.start, into: counter)
    emitConstant(.int(range.step), into: counter + 2)
    let start = Label()
    let elseLabel = Label()
    let end = Label()
    placeLoopStart(start)
    let step = address
    let opcode = range.step == 1 ? Opcode.forCount : .forRange
    if let register = localRegister(name) {
      emitJump(opcode, a: counter, b: register, to: elseLabel)
      boundRegisters?.insert(register)
    } else {
      let value = allocate()
      emitJump(opcode, a: counter, b: value, to: elseLabel)
      storeName(name, from: value)
      top = value
    }
    try compileBody(body, break: end, continue: start)
    moveToCurrentLine(instructionAt: step)
    emitJump(opcode == .forCount ? .repeatCount : .repeatRange, to: start)
    place(elseLabel)
    try compile(otherwise)
    place(end)
  }

  func compileAsyncFor(
    _ target: Expression, _ iterable: Expression, _ body: [Statement], else otherwise: [Statement]
  ) throws(SyntaxProblem) {
    let iterator = allocate()
    let source = try operand(iterable, scratch: iterator)
    emit(.loadMethod, a: iterator, b: source, c: newCache(for: "__aiter__"))
    // The window of a method call is two registers wide.
    _ = allocate()
    emit(.callMethod, a: iterator, b: 0)
    top = iterator + 1

    let start = Label()
    let elseLabel = Label()
    let end = Label()
    placeLoopStart(start)
    let atStart = boundRegisters
    let region = ProtectedRegion()
    region.open(at: address)
    blocks.append(Block(kind: .protected, region: region))
    try withTemporaries { () throws(SyntaxProblem) in
      let item = allocate(2)
      emit(.loadMethod, a: item, b: iterator, c: newCache(for: "__anext__"))
      emit(.callMethod, a: item, b: 0)
      emit(.await, a: item)
      try assign(target, from: item)
    }
    blocks.removeLast()
    region.close(at: address)

    let bodyLabel = Label()
    emitJump(.jump, to: bodyLabel)
    try withTemporaries { () throws(SyntaxProblem) in
      let exception = allocate(2)
      beginHandler(of: region, register: exception, bound: atStart, endsLoop: true)
      let other = Label()
      loadGlobal("StopAsyncIteration", into: exception + 1)
      emitJump(.jumpUnlessMatch, a: exception, b: exception + 1, to: other)
      emitJump(.jump, to: elseLabel)
      place(other)
      emit(.reraise, a: exception)
    }
    place(bodyLabel)
    try compileBody(body, break: end, continue: start)
    emitJump(.jump, to: start)
    place(elseLabel)
    try compile(otherwise)
    place(end)
  }

  /// Returns the target of a `break` or `continue` that has nothing to run or leave on its way.
  func directLoopExit(_ statement: Statement) -> Label? {
    guard case .loop(let breakLabel, let continueLabel) = blocks.last?.kind else { return nil }
    switch statement.kind {
    case .break: return breakLabel
    case .continue: return continueLabel
    default: return nil
    }
  }

  func compileLoopExit(_ statement: Statement) throws(SyntaxProblem) {
    for (depth, block) in blocks.enumerated().reversed() {
      guard case .loop(let breakLabel, let continueLabel) = block.kind else { continue }
      try leave(toDepth: depth + 1)
      if case .break = statement.kind {
        emitJump(.jump, to: breakLabel)
      } else {
        emitJump(.jump, to: continueLabel)
      }
      reopenRegions()
      return
    }
    throw problem("'break'/'continue' outside loop", line: statement.line)
  }
}

/// `range(stop)`, `range(start, stop)` or `range(start, stop, step)` with a constant step.
struct CountedRange {
  var start: Expression
  var stop: Expression
  var step: Int

  init?(_ iterable: Expression) {
    guard case .call(let callee, let arguments) = iterable.kind, callee.isName("range"),
      (1...3).contains(arguments.count),
      arguments.allSatisfy({ if case .positional = $0.kind { true } else { false } })
    else { return nil }
    let values = arguments.map(\.value)
    start = values.count == 1 ? Expression(line: iterable.line, kind: .constant(.int(0))) : values[0]
    stop = values.count == 1 ? values[0] : values[1]
    step = 1
    if values.count == 3 {
      guard case .constant(.int(let constant)) = values[2].kind, constant != 0,
        Int32(exactly: constant) != nil
      else { return nil }
      step = constant
    }
  }
}
