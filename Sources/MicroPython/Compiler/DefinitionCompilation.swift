/// Functions, lambdas and classes.
extension FunctionCompiler {
  func compileFunction(_ definition: FunctionDefinition) throws(SyntaxProblem) {
    var decorators: [Expression] = []
    for decorator in definition.decorators {
      if definition.isBuiltIn(decorator) {
        _ = try codeFlag(of: decorator)
      } else {
        decorators.append(decorator)
      }
    }
    try compileDecorated(definition.name, decorators) { (register) throws(SyntaxProblem) in
      try evaluateFunction(definition, into: register)
    }
  }

  func compileClass(_ definition: ClassDefinition) throws(SyntaxProblem) {
    try compileDecorated(definition.name, definition.decorators) { (register) throws(SyntaxProblem) in
      try evaluateClass(definition, into: register)
    }
  }

  /// Evaluates the decorators, then the definition, applies them innermost first and binds the name.
  private func compileDecorated(
    _ name: String, _ decorators: [Expression], _ define: (Int) throws(SyntaxProblem) -> Void
  ) throws(SyntaxProblem) {
    if decorators.isEmpty, let register = localRegister(name) {
      try define(register)
      boundRegisters?.insert(register)
      return
    }
    let base = top
    for decorator in decorators { try evaluate(decorator, into: allocate()) }
    let definition = allocate()
    try define(definition)
    for register in (base..<definition).reversed() { emit(.call, a: register, b: 1) }
    storeName(name, from: base)
  }

  /// Makes a function of a `def` or `lambda`, with its defaults and closure.
  func evaluateFunction(
    _ definition: FunctionDefinition, into destination: Int
  ) throws(SyntaxProblem) {
    try withTemporaries { () throws(SyntaxProblem) in
      let parts = allocate(3)
      let positional = definition.parameters.filter {
        ($0.kind == .positional || $0.kind == .positionalOnly) && $0.defaultValue != nil
      }
      try evaluateTupleOfDefaults(positional.compactMap(\.defaultValue), into: parts)
      let keywordOnly = definition.parameters.filter {
        $0.kind == .keywordOnly && $0.defaultValue != nil
      }
      try evaluateKeywordDefaults(keywordOnly, into: parts + 1)
      let child = try childIndex(definition.scopeID) { child throws(SyntaxProblem) in
        try child.compileFunctionBody(definition)
      }
      emitMakeFunction(definition.scopeID, child, parts: parts, into: destination)
    }
  }

  /// Makes the function; the closure goes into the last of the three registers from `parts`.
  func emitMakeFunction(_ scopeID: Int, _ child: Int, parts: Int, into destination: Int) {
    let cells = compilation.analysis.scope(scopeID).freeNames.compactMap { registers[$0] }
    if cells.isEmpty {
      emit(.loadNone, a: parts + 2)
    } else {
      let base = allocate(cells.count)
      for (index, cell) in cells.enumerated() { emitMove(from: cell, to: base + index) }
      emit(.buildTuple, a: parts + 2, b: base, c: cells.count)
      top = base
    }
    emit(.makeFunction, a: destination, b: child, c: parts)
  }

  private func evaluateTupleOfDefaults(
    _ values: [Expression], into register: Int
  ) throws(SyntaxProblem) {
    if values.isEmpty {
      emit(.loadNone, a: register)
      return
    }
    let constants = values.compactMap(\.constant)
    if constants.count == values.count {
      emitConstant(.tuple(constants), into: register)
      return
    }
    try withTemporaries { () throws(SyntaxProblem) in
      let base = top
      for value in values { try evaluate(value, into: allocate()) }
      emit(.buildTuple, a: register, b: base, c: values.count)
    }
  }

  private func evaluateKeywordDefaults(
    _ parameters: [Parameter], into register: Int
  ) throws(SyntaxProblem) {
    if parameters.isEmpty {
      emit(.loadNone, a: register)
      return
    }
    try withTemporaries { () throws(SyntaxProblem) in
      let base = top
      for parameter in parameters {
        guard let value = parameter.defaultValue else { continue }
        let pair = allocate(2)
        emitString(parameter.name, into: pair)
        try evaluate(value, into: pair + 1)
      }
      emit(.buildDict, a: register, b: base, c: parameters.count)
    }
  }

  /// The index of a nested scope's code, which is compiled once even where a `finally` is copied.
  func childIndex(
    _ scopeID: Int, _ compileBody: (FunctionCompiler) throws(SyntaxProblem) -> Void
  ) throws(SyntaxProblem) -> Int {
    if let index = childIndices[scopeID] { return index }
    children.append(try compilation.code(for: compilation.analysis.scope(scopeID), compileBody))
    childIndices[scopeID] = children.count - 1
    return children.count - 1
  }

  private func compileFunctionBody(_ definition: FunctionDefinition) throws(SyntaxProblem) {
    parameters = ParameterLayout(definition)
    if scope.isGenerator { flags.insert(.generator) }
    if definition.isAsync { flags.insert(.coroutine) }
    for decorator in definition.decorators where definition.isBuiltIn(decorator) {
      if let flag = try codeFlag(of: decorator) { flags.insert(flag) }
    }
    if definition.isInlineAssembly {
      try compileAssembly(definition)
    } else if flags.contains(.viper) {
      try compileViperBody(definition)
    } else {
      try compile(definition.body)
    }
    emit(.returnNone)
  }

  private func compileAssembly(_ definition: FunctionDefinition) throws(SyntaxProblem) {
    guard let architecture = options.target.assembler else { return }
    var assembler = ThumbAssembler(architecture, scopeName: scope.name)
    assembly = try assembler.assemble(definition)
    let result = allocate()
    emit(.runAssembly, a: result)
    emit(.returnValue, a: result)
  }

  /// Returns the flag that `@micropython.…` asks for; code is the same bytecode either way.
  private func codeFlag(of decorator: Expression) throws(SyntaxProblem) -> CompiledCode.Flags? {
    guard case .attribute(let module, let name) = decorator.kind, module.isName("micropython") else {
      throw problem("invalid micropython decorator", line: decorator.line)
    }
    switch name {
    case "bytecode": return nil
    case "native": return .native
    case "viper": return .viper
    case FunctionDefinition.assemblerDecorator where options.target.assembler != nil: return nil
    default: throw problem("invalid micropython decorator", line: decorator.line)
    }
  }

  private func evaluateClass(
    _ definition: ClassDefinition, into destination: Int
  ) throws(SyntaxProblem) {
    let mark = top
    defer { top = mark }
    let base = window(for: destination)
    emit(.loadBuildClass, a: base)
    let body = allocate()
    try withTemporaries { () throws(SyntaxProblem) in
      let parts = allocate(3)
      emit(.loadNone, a: parts)
      emit(.loadNone, a: parts + 1)
      let child = try childIndex(definition.scopeID) { child throws(SyntaxProblem) in
        try child.compileClassBody(definition)
      }
      emitMakeFunction(definition.scopeID, child, parts: parts, into: body)
    }
    emitString(definition.name, into: allocate())
    try emitCall(base, definition.bases, prefix: 2)
    emitMove(from: base, to: destination)
  }

  private func compileClassBody(_ definition: ClassDefinition) throws(SyntaxProblem) {
    flags.insert(.usesNames)
    try withTemporaries { () throws(SyntaxProblem) in
      let register = allocate()
      loadName("__name__", into: register)
      storeName("__module__", from: register)
      emitString(definition.name, into: register)
      storeName("__qualname__", from: register)
    }
    try compile(definition.body)
    if scope.bindings["__class__"] == .cell, let cell = registers["__class__"] {
      emit(.returnValue, a: cell)
    } else {
      emit(.returnNone)
    }
  }
}

extension ParameterLayout {
  init(_ definition: FunctionDefinition) {
    for parameter in definition.parametersInRegisterOrder {
      switch parameter.kind {
      case .positionalOnly:
        names.append(parameter.name)
        positionalOnlyCount += 1
        positionalCount += 1
      case .positional:
        names.append(parameter.name)
        positionalCount += 1
      case .keywordOnly:
        names.append(parameter.name)
        keywordOnlyCount += 1
      case .star: hasVariadicPositional = true
      case .doubleStar: hasVariadicKeyword = true
      }
    }
  }
}

extension FunctionDefinition {
  static let assemblerDecorator = "asm_thumb"

  /// Whether its body is inline assembler.
  var isInlineAssembly: Bool {
    decorators.contains { decorator in
      if case .attribute(let module, Self.assemblerDecorator) = decorator.kind {
        module.isName("micropython")
      } else {
        false
      }
    }
  }

  /// Whether a decorator is one that the compiler obeys (`micropython.native` and the like).
  func isBuiltIn(_ decorator: Expression) -> Bool {
    var expression = decorator
    while case .attribute(let object, _) = expression.kind { expression = object }
    return expression.isName("micropython")
  }
}
