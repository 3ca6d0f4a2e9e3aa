/// Finds out for each scope what its names are. Scopes are walked in the order in which MicroPython walks
/// them, each in full before those inside it, so that the same source gives the same bindings and errors.
final class ScopeAnalysis {
  private var scopes: [Int: Scope] = [:]
  private var pending: [(scope: Scope, walk: (ScopeAnalysis) throws(SyntaxProblem) -> Void)] = []
  private(set) var current = Scope(kind: .module, name: "<module>", line: 1, parent: nil)

  /// The scope of a definition or comprehension that the folder numbered.
  func scope(_ id: Int) -> Scope {
    // Every node with a number was visited by the walk over the same folded tree.
    scopes[id] ?? current
  }

  func analyse(module: [Statement]) throws(SyntaxProblem) -> Scope {
    let root = current
    pending.append((root, { analysis throws(SyntaxProblem) in try analysis.visit(module) }))
    try run()
    return root
  }

  func analyse(expression: Expression) throws(SyntaxProblem) -> Scope {
    let root = current
    pending.append((root, { analysis throws(SyntaxProblem) in try analysis.visit(expression) }))
    try run()
    return root
  }

  private func run() throws(SyntaxProblem) {
    var next = 0
    while next < pending.count {
      current = pending[next].scope
      try pending[next].walk(self)
      for name in current.names where current.bindings[name] == .globalImplicit {
        _ = current.closeOver(name)
      }
      next += 1
    }
    pending.removeAll()
  }

  private func problem(_ message: String, line: Int) -> SyntaxProblem { current.problem(message, line: line) }

  private func open(
    _ kind: Scope.Kind, _ id: Int, name: String, line: Int,
    _ walk: @escaping (ScopeAnalysis) throws(SyntaxProblem) -> Void
  ) {
    let scope = Scope(kind: kind, name: name, line: line, parent: current)
    scopes[id] = scope
    pending.append((scope, walk))
  }

  private func read(_ name: String) { current.read(name) }

  // MARK: Statements

  func visit(_ body: [Statement]) throws(SyntaxProblem) {
    for statement in body { try visit(statement) }
  }

  private func visit(_ statement: Statement) throws(SyntaxProblem) {
    switch statement.kind {
    case .pass, .break, .continue, .wordStore: break
    case .expression(let value): try visit(value)
    case .assign(let targets, let value):
      try visit(value)
      for target in targets { try assign(target) }
    case .assignEach(let items):
      for item in items { try visit(item.value) }
      for item in items { try assign(item.target) }
    case .augmentedAssign(let target, _, let value):
      if case .name(let name) = target.kind {
        read(name)
        try visit(value)
        current.modify(name)
      } else {
        try visit(target)
        try visit(value)
      }
    case .annotatedAssign(let target, _, let value):
      if let value {
        try visit(value)
        try assign(target)
      } else if current.kind == .function, case .name(let name) = target.kind {
        _ = current.findOrAdd(name, .local)
      }
    case .return(let value):
      guard current.isFunctionLike else { throw problem("'return' outside function", line: statement.line) }
      try visit(value)
    case .raise(let value, let cause):
      try visit(value)
      try visit(cause)
    case .delete(let targets):
      for target in targets { try delete(target) }
    case .import(let aliases):
      for alias in aliases { current.modify(alias.alias ?? alias.firstComponent) }
    case .importFrom(_, _, let names):
      if names.isEmpty && current.kind != .module {
        throw problem("import * not at module level", line: statement.line)
      }
      for alias in names { current.modify(alias.alias ?? alias.name) }
    case .global(let names):
      for name in names { try current.declareGlobal(name, line: statement.line) }
    case .nonlocal(let names):
      if current.kind == .module {
        throw problem("can't declare nonlocal in outer code", line: statement.line)
      }
      for name in names { try current.declareNonlocal(name, line: statement.line) }
    case .assert(let test, let message):
      try visit(test)
      try visit(message)
    case .if(let test, let then, let otherwise):
      try visit(test)
      try visit(then)
      try visit(otherwise)
    case .while(let test, let body, let otherwise):
      try visit(body)
      try visit(test)
      try visit(otherwise)
    case .for(let target, let iterable, let body, let otherwise, let isAsync):
      try requireCoroutine(isAsync, line: statement.line)
      try visit(iterable)
      try assign(target)
      try visit(body)
      try visit(otherwise)
    case .try(let body, let handlers, let otherwise, let finally):
      try visit(body)
      for (index, handler) in handlers.enumerated() {
        if handler.type == nil && index + 1 != handlers.count {
          throw problem("default 'except' must be last", line: handler.line)
        }
        try visit(handler.type)
        if let name = handler.name {
          current.modify(name)
          current.deletedNames.insert(name)
        }
        try visit(handler.body)
      }
      try visit(otherwise)
      try visit(finally)
    case .with(let items, let body, let isAsync):
      try requireCoroutine(isAsync, line: statement.line)
      for item in items {
        try visit(item.context)
        if let target = item.target { try assign(target) }
      }
      try visit(body)
    case .function(let definition):
      for decorator in definition.decorators where !definition.isBuiltIn(decorator) {
        try visit(decorator)
      }
      try visit(definition, kind: .function)
      current.modify(definition.name)
    case .class(let definition):
      try visit(definition)
      current.modify(definition.name)
    }
  }

  private func requireCoroutine(_ isAsync: Bool, line: Int) throws(SyntaxProblem) {
    if isAsync && !current.isGenerator {
      throw problem("async for/with outside async function", line: line)
    }
  }

  private func visit(_ definition: ClassDefinition) throws(SyntaxProblem) {
    for decorator in definition.decorators { try visit(decorator) }
    for base in definition.bases { try visit(base.value) }
    open(.classBody, definition.scopeID, name: definition.name, line: definition.line) {
      analysis throws(SyntaxProblem) in
      analysis.current.declareClassNames()
      try analysis.visit(definition.body)
    }
  }

  private func visit(
    _ definition: FunctionDefinition, kind: Scope.Kind
  ) throws(SyntaxProblem) {
    var hasStar = false
    var hasDefault = false
    for parameter in definition.parameters {
      if parameter.kind == .star { hasStar = true }
      if let value = parameter.defaultValue {
        hasDefault = hasDefault || !hasStar
        try visit(value)
      } else if hasDefault && !hasStar && parameter.kind != .doubleStar {
        throw problem("non-default argument follows default argument", line: definition.line)
      }
    }
    let name = kind == .lambda ? "<lambda>" : definition.name
    open(kind, definition.scopeID, name: name, line: definition.line) { analysis throws(SyntaxProblem) in
      try analysis.current.declareParameters(of: definition)
      analysis.current.isGenerator = definition.isAsync
      // Names in inline assembler are instructions, registers and labels.
      if !definition.isInlineAssembly { try analysis.visit(definition.body) }
    }
  }

  // MARK: Targets

  private func assign(_ target: Expression) throws(SyntaxProblem) {
    switch target.kind {
    case .name(let name): current.modify(name)
    case .tuple(let items), .list(let items):
      for item in items { try assign(item) }
    case .starred(let value): try assign(value)
    default: try visit(target)
    }
  }

  private func delete(_ target: Expression) throws(SyntaxProblem) {
    switch target.kind {
    case .name(let name):
      current.modify(name)
      current.deletedNames.insert(name)
    case .tuple(let items):
      for item in items { try delete(item) }
    default: try visit(target)
    }
  }

  // MARK: Expressions

  private func visit(_ expression: Expression?) throws(SyntaxProblem) {
    if let expression { try visit(expression) }
  }

  private func visit(_ list: [Expression]) throws(SyntaxProblem) {
    for expression in list { try visit(expression) }
  }

  func visit(_ expression: Expression) throws(SyntaxProblem) {
    switch expression.kind {
    case .constant, .word: break
    case .name(let name): read(name)
    case .unary(_, let operand), .not(let operand), .starred(let operand), .attribute(let operand, _):
      try visit(operand)
    case .binary(_, let left, let right), .item(let left, let right):
      try visit(left)
      try visit(right)
    case .and(let operands), .or(let operands), .tuple(let operands), .list(let operands),
      .set(let operands):
      try visit(operands)
    case .compare(let first, let rest):
      try visit(first)
      for (_, operand) in rest { try visit(operand) }
    case .conditional(let test, let then, let otherwise):
      try visit(test)
      try visit(then)
      try visit(otherwise)
    case .lambda(let definition): try visit(definition, kind: .lambda)
    case .call(let callee, let arguments):
      if current.kind == .function, callee.isName("super"), arguments.isEmpty {
        try current.readForSuper(line: expression.line)
      }
      try visit(callee)
      for argument in arguments { try visit(argument.value) }
    case .slice(let lower, let upper, let step):
      try visit(lower)
      try visit(upper)
      try visit(step)
    case .dict(let pairs):
      for (key, value) in pairs {
        try visit(value)
        try visit(key)
      }
    case .comprehension(let comprehension): try visit(comprehension, line: expression.line)
    case .yield(let value):
      try requireFunction("'yield' outside function", line: expression.line)
      try visit(value)
      current.isGenerator = true
    case .yieldFrom(let value):
      try requireFunction("'yield' outside function", line: expression.line)
      try visit(value)
      current.isGenerator = true
    case .await(let value):
      try requireFunction("'await' outside function", line: expression.line)
      try visit(value)
      current.isGenerator = true
    case .namedExpression(let name, let value):
      try visit(value)
      try current.bindNamedExpression(name, line: expression.line)
    }
  }

  private func requireFunction(_ message: String, line: Int) throws(SyntaxProblem) {
    guard current.kind == .function || current.kind == .lambda else { throw problem(message, line: line) }
  }

  private func visit(_ comprehension: Comprehension, line: Int) throws(SyntaxProblem) {
    guard let first = comprehension.clauses.first, !comprehension.clauses.contains(where: \.isAsync) else {
      // MicroPython has no asynchronous comprehensions.
      throw problem("invalid syntax", line: line)
    }
    try visit(first.iterable)
    let (kind, name): (Scope.Kind, String) =
      switch comprehension.kind {
      case .list: (.listComprehension, "<listcomp>")
      case .set: (.setComprehension, "<setcomp>")
      case .dict: (.dictComprehension, "<dictcomp>")
      case .generator: (.generatorExpression, "<genexpr>")
      }
    open(kind, comprehension.scopeID, name: name, line: line) { analysis throws(SyntaxProblem) in
      let scope = analysis.current
      scope.isGenerator = kind == .generatorExpression
      // The iterable is the only argument; no name that firmware can write clashes with it.
      scope.bind("", as: .local)
      scope.parameters = [""]
      for (index, clause) in comprehension.clauses.enumerated() {
        if index > 0 { try analysis.visit(clause.iterable) }
        try analysis.assign(clause.target)
        try analysis.visit(clause.conditions)
      }
      try analysis.visit(comprehension.value)
      try analysis.visit(comprehension.element)
    }
  }
}

extension Expression {
  func isName(_ wanted: String) -> Bool {
    if case .name(let name) = kind { name == wanted } else { false }
  }
}

extension Parameter {
  var isBareStar: Bool { kind == .star && name.isEmpty }
}

extension ImportAlias {
  /// `a` of `a.b.c`.
  var firstComponent: String { String(name.prefix { $0 != "." }) }
}

extension FunctionDefinition {
  /// Positional, keyword-only, `*args`, `**kwargs`: the order that `ParameterLayout` describes.
  var parametersInRegisterOrder: [Parameter] {
    parameters.filter { $0.kind == .positionalOnly || $0.kind == .positional }
      + parameters.filter { $0.kind == .keywordOnly }
      + parameters.filter { $0.kind == .star && !$0.isBareStar }
      + parameters.filter { $0.kind == .doubleStar }
  }
}
