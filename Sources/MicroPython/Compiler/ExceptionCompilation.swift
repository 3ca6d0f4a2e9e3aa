/// `try`, `with`, and leaving through them.
extension FunctionCompiler {
  // MARK: Ways out

  func hasCleanup(fromDepth depth: Int) -> Bool {
    blocks[depth...].contains { if case .cleanup = $0.kind { true } else { false } }
  }

  /// Emits the code that has to run on the way out of all blocks above `depth`, innermost first, and ends
  /// their protection: an exception in it goes to the blocks further out. `reopenRegions()` must follow the
  /// jump.
  func leave(toDepth depth: Int) throws(SyntaxProblem) {
    let all = blocks
    defer { blocks = all }
    while blocks.count > depth {
      let block = blocks.removeLast()
      block.region?.close(at: address)
      if case .cleanup(let emitExit) = block.kind {
        let leavingLine = line
        try withTemporaries { () throws(SyntaxProblem) in try emitExit(self) }
        line = leavingLine
      }
    }
  }

  /// Goes on protecting code behind a way out.
  func reopenRegions() {
    for block in blocks { block.region?.open(at: address) }
  }

  /// Starts the handler of a region, with the exception in `register`. `bound` holds the variables bound
  /// where the region begins.
  func beginHandler(
    of region: ProtectedRegion, register: Int, bound: Set<Int>?, endsLoop: Bool = false,
    cancellationCatch: Int? = nil
  ) {
    for stretch in region.stretches {
      exceptionTable.append(
        CompiledCode.ExceptionRegion(
          start: stretch.lowerBound, end: stretch.upperBound, handler: address, register: register,
          endsLoop: endsLoop, cancellationCatch: cancellationCatch))
    }
    boundRegisters = region.stretches.isEmpty ? nil : bound
    forgetDeletedNames()
  }

  /// Runs `body` under `kind`'s protection; returns the region, closed.
  private func protect(
    _ kind: Block.Kind, _ body: () throws(SyntaxProblem) -> Void
  ) throws(SyntaxProblem) -> ProtectedRegion {
    let region = ProtectedRegion()
    region.open(at: address)
    blocks.append(Block(kind: kind, region: region))
    try body()
    blocks.removeLast()
    region.close(at: address)
    return region
  }

  /// Runs `body` where a bare `raise` raises the exception in `register`.
  private func handling(
    _ register: Int, _ body: () throws(SyntaxProblem) -> Void
  ) throws(SyntaxProblem) {
    let start = address
    blocks.append(Block(kind: .handler(register: register)))
    try body()
    blocks.removeLast()
    handlerRegions.append(start..<address)
  }

  // MARK: try

  func compileTry(
    _ body: [Statement], _ handlers: [ExceptionHandler], else otherwise: [Statement],
    finally: [Statement]
  ) throws(SyntaxProblem) {
    if finally.isEmpty {
      try compileTry(body, handlers, else: otherwise)
      return
    }
    let protected: () throws(SyntaxProblem) -> Void = { () throws(SyntaxProblem) in
      if handlers.isEmpty {
        try self.compile(body)
      } else {
        try self.compileTry(body, handlers, else: otherwise)
      }
    }
    try compile(protected, finally: { compiler throws(SyntaxProblem) in try compiler.compile(finally) })
  }

  /// Runs `body`, and `cleanup` on every way out of it.
  private func compile(
    _ body: () throws(SyntaxProblem) -> Void,
    finally cleanup: @escaping (FunctionCompiler) throws(SyntaxProblem) -> Void
  ) throws(SyntaxProblem) {
    let atStart = boundRegisters
    let end = Label()
    let region = try protect(.cleanup(cleanup), body)
    let cleanupLine = line
    try withTemporaries { () throws(SyntaxProblem) in try cleanup(self) }
    emitJump(.jump, to: end)

    let exception = allocate()
    beginHandler(of: region, register: exception, bound: atStart)
    line = cleanupLine
    if isReachable {
      try handling(exception) { () throws(SyntaxProblem) in try cleanup(self) }
      emit(.reraise, a: exception)
    }
    place(end)
  }

  private func compileTry(
    _ body: [Statement], _ handlers: [ExceptionHandler], else otherwise: [Statement]
  ) throws(SyntaxProblem) {
    let atStart = boundRegisters
    let end = Label()
    let elseLabel = Label()
    let region = try protect(.protected) { () throws(SyntaxProblem) in try compile(body) }
    emitJump(.jump, to: elseLabel)

    let exception = allocate()
    beginHandler(
      of: region, register: exception, bound: atStart,
      cancellationCatch: handlers.first(where: \.catchesCancellation)?.line)
    for handler in handlers {
      let next = Label()
      if let type = handler.type {
        try withTemporaries { () throws(SyntaxProblem) in
          let matched = try operand(type)
          emitJump(.jumpUnlessMatch, a: exception, b: matched, to: next)
        }
      }
      try handling(exception) { () throws(SyntaxProblem) in
        guard let name = handler.name else {
          try compile(handler.body)
          return
        }
        storeName(name, from: exception)
        try withTemporaries { () throws(SyntaxProblem) in
          try compile(
            { () throws(SyntaxProblem) in try self.compile(handler.body) },
            finally: { $0.forgetName(name) })
        }
      }
      emitJump(.jump, to: end)
      place(next)
    }
    emit(.reraise, a: exception)
    top = exception
    place(elseLabel)
    try compile(otherwise)
    place(end)
  }

  // MARK: with

  func compileWith(
    _ items: ArraySlice<WithItem>, _ body: [Statement], isAsync: Bool
  ) throws(SyntaxProblem) {
    guard let item = items.first else {
      try compile(body)
      return
    }
    if isAsync {
      try compileAsyncWith(item, items.dropFirst(), body)
    } else {
      try compileWith(item, items.dropFirst(), body)
    }
  }

  /// `__exit__` is looked up before `__enter__` is called, and copied to the top of the registers for the call
  /// on whichever way out is taken.
  private func compileWith(
    _ item: WithItem, _ others: ArraySlice<WithItem>, _ body: [Statement]
  ) throws(SyntaxProblem) {
    let mark = top
    defer { top = mark }
    let exit = allocate(2)
    let entered = allocate()
    let manager = try operand(item.context, scratch: entered)
    _ = allocate()  // the window of a method call is two registers wide
    emit(.loadMethod, a: exit, b: manager, c: newCache(for: "__exit__"))
    emit(.loadMethod, a: entered, b: manager, c: newCache(for: "__enter__"))
    emit(.callMethod, a: entered, b: 0)
    let atStart = boundRegisters
    let cleanup: (FunctionCompiler) throws(SyntaxProblem) -> Void = { compiler in
      let window = compiler.allocate(5)
      compiler.emitMove(from: exit, to: window)
      compiler.emitMove(from: exit + 1, to: window + 1)
      for register in window + 2...window + 4 { compiler.emit(.loadNone, a: register) }
      compiler.emit(.callMethod, a: window, b: 3)
      compiler.top = window
    }
    let region = try protect(.cleanup(cleanup)) { () throws(SyntaxProblem) in
      if let target = item.target { try assign(target, from: entered) }
      top = entered
      try compileWith(others, body, isAsync: false)
    }
    top = entered
    let end = Label()
    try cleanup(self)
    emitJump(.jump, to: end)
    let exception = allocate()
    beginHandler(of: region, register: exception, bound: atStart)
    let window = allocate(5)
    emitMove(from: exit, to: window)
    emitMove(from: exit + 1, to: window + 1)
    emit(.exceptionTriple, a: window + 2, b: exception)
    emit(.callMethod, a: window, b: 3)
    emitJump(.jumpIfTrue, a: window, to: end)
    emit(.reraise, a: exception)
    place(end)
  }

  private func compileAsyncWith(
    _ item: WithItem, _ others: ArraySlice<WithItem>, _ body: [Statement]
  ) throws(SyntaxProblem) {
    let mark = top
    defer { top = mark }
    let manager = allocate()
    try evaluate(item.context, into: manager)
    let entered = allocate(2)
    emit(.loadMethod, a: entered, b: manager, c: newCache(for: "__aenter__"))
    emit(.callMethod, a: entered, b: 0)
    emit(.await, a: entered)
    if let target = item.target { try assign(target, from: entered) }
    top = entered
    let atStart = boundRegisters
    let cleanup: (FunctionCompiler) throws(SyntaxProblem) -> Void = { compiler in
      let window = compiler.allocate(5)
      compiler.emit(.loadMethod, a: window, b: manager, c: compiler.newCache(for: "__aexit__"))
      for register in window + 2...window + 4 { compiler.emit(.loadNone, a: register) }
      compiler.emit(.callMethod, a: window, b: 3)
      compiler.emit(.await, a: window)
      compiler.top = window
    }
    let region = try protect(.cleanup(cleanup)) { () throws(SyntaxProblem) in
      try compileWith(others, body, isAsync: true)
    }
    top = entered
    let end = Label()
    try cleanup(self)
    emitJump(.jump, to: end)
    let exception = allocate()
    beginHandler(of: region, register: exception, bound: atStart)
    let window = allocate(5)
    emit(.loadMethod, a: window, b: manager, c: newCache(for: "__aexit__"))
    let start = address
    emit(.exceptionTriple, a: window + 2, b: exception)
    emit(.callMethod, a: window, b: 3)
    emit(.await, a: window)
    handlerRegions.append(start..<address)
    emitJump(.jumpIfTrue, a: window, to: end)
    emit(.reraise, a: exception)
    place(end)
  }
}

extension ExceptionHandler {
  /// Whether it names `CancelledError`, which is no `Exception`, among the classes it catches.
  fileprivate var catchesCancellation: Bool {
    guard let type else { return true }
    let classes = if case .tuple(let items) = type.kind { items } else { [type] }
    return classes.contains { item in
      switch item.kind {
      case .name(let name), .attribute(_, let name): name == "CancelledError" || name == "BaseException"
      default: false
      }
    }
  }
}
