/// Compiling and running source text.
extension Interpreter {
  /// Compiles a module, unless another interpreter that shares its `compiledCode` has done so.
  ///
  /// - Throws: SyntaxError with MicroPython's text, its place as traceback.
  package func compile(_ source: [UInt8], file: String) throws(Raised) -> CodeHandle {
    if !isLoadingFrozenCode { noteSource(source) }
    let options = compilerOptions(file, watchesSharedState: watchesSharedState)
    return try loading(file) { () throws(SyntaxProblem) in
      guard let compiledCode else { return try self.compiled(source, file: file, .exec, options) }
      return try compiledCode.code(.init(source: source, file: file, options)) { () throws(SyntaxProblem) in
        try self.compiled(source, file: file, .exec, options)
      }
    }
  }

  /// Whether code that is compiled now reports accesses to state that tasks can share to an observer.
  var watchesSharedState: Bool { !sharedAccesses.isEmpty && !isLoadingFrozenCode }

  /// Compiles source text as a kind of program.
  ///
  /// - Throws: SyntaxError with MicroPython's text, its place as traceback.
  func compile(
    _ source: [UInt8], file: String, _ mode: SourceMode, usesNames: Bool = false,
    watchesSharedState: Bool = false
  ) throws(Raised) -> CodeHandle {
    let options = compilerOptions(file, usesNames: usesNames, watchesSharedState: watchesSharedState)
    return try loading(file) { () throws(SyntaxProblem) in
      try self.compiled(source, file: file, mode, options)
    }
  }

  private func compilerOptions(
    _ file: String, usesNames: Bool = false, watchesSharedState: Bool
  ) -> CompilerOptions {
    CompilerOptions(
      usesNames: usesNames, singlePrecision: heap.hasSingleFloats, watchesSharedState: watchesSharedState,
      notesAssertions: assertionNotes?.covers(file) ?? false, optimisationLevel: optimisationLevel,
      target: compilerTarget)
  }

  /// Loads what `body` compiles.
  private func loading(
    _ file: String, _ body: () throws(SyntaxProblem) -> CompiledCode
  ) throws(Raised) -> CodeHandle {
    do throws(SyntaxProblem) { return load(try body()) } catch { throw raised(error, file: file) }
  }

  private func compiled(
    _ source: [UInt8], file: String, _ mode: SourceMode, _ options: CompilerOptions
  ) throws(SyntaxProblem) -> CompiledCode {
    let (isSingle, isDebug) = (options.singlePrecision, options.optimisationLevel == 0)
    return try withCompilerStack { limits throws(SyntaxProblem) in
      switch mode {
      case .exec:
        try Compiler.compile(
          module: parseModule(source, file: file, singleFloats: isSingle, isDebug: isDebug, limits: limits),
          file: file, options: options)
      case .eval:
        try Compiler.compile(
          expression: parseExpression(
            source, file: file, singleFloats: isSingle, isDebug: isDebug, limits: limits),
          file: file, options: options)
      case .single:
        try Compiler.compile(
          interactive: parseInteractive(
            source, file: file, singleFloats: isSingle, isDebug: isDebug, limits: limits),
          file: file, options: options)
      }
    }
  }

  /// Keeps a source, because the order of its names is that of `dir()`. Texts that a program makes and runs for ever are left out.
  func noteSource(_ source: [UInt8]) {
    guard compiledSources.count < 256, compiledByteCount + source.count <= 1 << 20 else { return }
    compiledSources.append(source)
  }

  /// Bytes of the sources that are kept.
  var compiledByteCount: Int { compiledSources.reduce(0) { $0 + $1.count } }

  func raised(_ problem: SyntaxProblem, file: String) -> Raised {
    let kind: StandardException =
      switch problem.kind {
      case .syntax: .syntaxError
      case .indentation: .indentationError
      case .notImplemented: .notImplementedError
      case .viperType: .viperTypeError
      case .tooDeep: .runtimeError
      case .tooLarge: .memoryError
      }
    let raised = error(kind, problem.message)
    if problem.kind == .notImplemented { return raised }
    exceptionPart(of: raised.exception)?.traceback.entries.append(
      TracebackEntry(file: file, line: problem.line, function: problem.scopeName ?? ""))
    return raised
  }

  /// Runs a program as `__main__`.
  package func runMain(_ source: [UInt8], file: String) throws(Raised) {
    mainGlobals.set(interned: names.file, to: heap.string(file), in: heap)
    let code = try compile(source, file: file)
    _ = try callUnpinned(function(code, globals: mainGlobals), arguments: [])
    // Handles requests of the last bytecodes.
    try safePoint()
  }

  /// The firmware's place: the line of the call or jump that it came to last; nil before it starts.
  package var place: (file: String, line: Int)? {
    let frame = state.pointee.frame
    let details = frame.pointee.code.pointee.details.takeUnretainedValue()
    guard !details.file.isEmpty else { return nil }
    let index = frame.pointee.pc - UnsafePointer(frame.pointee.code.pointee.instructions) - 1
    return (details.file, details.line(ofInstruction: max(0, index)))
  }

  /// Bytes of the board's stack that are in use, about.
  package var stackUse: Int { (state.pointee.frame - state.pointee.frames) * 96 + 400 }
}

/// Ends that firmware cannot catch.
extension Interpreter {
  /// Ends the firmware as the loss of power does: the caller throws the result, and no handler of the
  /// firmware sees it.
  package func halt() -> Raised {
    isHalted = true
    return errorInInterrupt(.systemExit, "")
  }

  /// An error that can be made while the heap is locked; like `MemoryError`, it comes from a reserve on the board.
  package func errorInInterrupt(_ kind: StandardException, _ message: String) -> Raised {
    let depth = heap.lockDepth
    heap.lockDepth = 0
    defer { heap.lockDepth = depth }
    return error(kind, message)
  }
}
