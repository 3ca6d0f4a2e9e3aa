/// A region of source with names of its own: module, function, lambda, class body or comprehension.
final class Scope {
  enum Kind {
    case module, function, lambda, classBody
    case listComprehension, setComprehension, dictComprehension, generatorExpression
  }

  /// How a name is bound in a scope. The rules, and the order in which they are applied, are MicroPython's.
  enum Binding {
    case undecided
    /// Only read so far.
    case globalImplicit
    /// Assigned in a module or class body, which no inner function closes over.
    case globalAssigned
    case globalExplicit
    case local
    /// A local that an inner function uses.
    case cell
    /// A local of an enclosing function.
    case free
  }

  let kind: Kind
  let name: String
  let line: Int
  let parent: Scope?
  /// In order of first appearance; parameters come first.
  private(set) var names: [String] = []
  private(set) var bindings: [String: Binding] = [:]
  var isGenerator = false
  /// The first parameter as written: `super()` without arguments takes it for self.
  var firstParameter: String?
  /// Parameters in the order of their registers.
  var parameters: [String] = []
  /// Names bound by `:=`, whose registers an expression may change half-way.
  var namedExpressionTargets: Set<String> = []
  /// Names that `del` or the end of an `except … as` unbinds.
  var deletedNames: Set<String> = []

  init(kind: Kind, name: String, line: Int, parent: Scope?) {
    self.kind = kind
    self.name = name
    self.line = line
    self.parent = parent
  }

  /// Whether its variables live in registers.
  var isFunctionLike: Bool { kind != .module && kind != .classBody }

  var isComprehension: Bool {
    switch kind {
    case .listComprehension, .setComprehension, .dictComprehension, .generatorExpression: true
    default: false
    }
  }

  /// The names that the code takes from its closure, in the order in which the closure holds them.
  var freeNames: [String] { names.filter { bindings[$0] == .free } }

  func findOrAdd(_ name: String, _ binding: Binding) -> Binding {
    if let present = bindings[name] { return present }
    names.append(name)
    bindings[name] = binding
    return binding
  }

  func bind(_ name: String, as binding: Binding) {
    _ = findOrAdd(name, binding)
    bindings[name] = binding
  }

  /// Records that the scope assigns or deletes `name`.
  func modify(_ name: String) {
    if findOrAdd(name, .globalImplicit) == .globalImplicit {
      bindings[name] = isFunctionLike ? .local : .globalAssigned
    }
  }

  /// Records that the scope reads `name`.
  func read(_ name: String) { _ = findOrAdd(name, .globalImplicit) }

  func problem(_ message: String, line: Int) -> SyntaxProblem {
    SyntaxProblem(message, line: line, scopeName: self.name)
  }

  // MARK: Declarations

  /// `global name`
  func declareGlobal(_ name: String, line: Int) throws(SyntaxProblem) {
    let binding = findOrAdd(name, .undecided)
    guard binding == .undecided || binding == .globalExplicit else {
      throw problem("identifier redefined as global", line: line)
    }
    bind(name, as: .globalExplicit)
  }

  /// `nonlocal name`
  func declareNonlocal(_ name: String, line: Int) throws(SyntaxProblem) {
    switch findOrAdd(name, .undecided) {
    case .undecided:
      guard closeOver(name) else { throw problem("no binding for nonlocal found", line: line) }
    case .free: break
    default: throw problem("identifier redefined as nonlocal", line: line)
    }
  }

  func declareParameters(of definition: FunctionDefinition) throws(SyntaxProblem) {
    for parameter in definition.parameters where !parameter.isBareStar {
      if bindings[parameter.name] != nil { throw problem("argument name reused", line: definition.line) }
      bind(parameter.name, as: .local)
      if firstParameter == nil { firstParameter = parameter.name }
    }
    parameters = definition.parametersInRegisterOrder.map(\.name)
  }

  /// The names that every class body has.
  func declareClassNames() {
    _ = findOrAdd("__class__", .local)
    modify("__module__")
    modify("__qualname__")
  }

  /// `super()` without arguments reads two names that are not written there.
  func readForSuper(line: Int) throws(SyntaxProblem) {
    guard let firstParameter else { throw problem("super() can't find self", line: line) }
    read("__class__")
    read(firstParameter)
  }

  /// `name := …`, which inside a comprehension binds in the scope around it, even if that is a comprehension too.
  func bindNamedExpression(_ name: String, line: Int) throws(SyntaxProblem) {
    namedExpressionTargets.insert(name)
    guard isComprehension, let owner = parent else { return modify(name) }
    owner.modify(name)
    owner.namedExpressionTargets.insert(name)
    if owner.bindings[name] == .globalExplicit {
      _ = findOrAdd(name, .globalExplicit)
    } else if owner.kind == .module {
      try declareGlobal(name, line: line)
    } else {
      if findOrAdd(name, .undecided) == .globalImplicit { bind(name, as: .undecided) }
      try declareNonlocal(name, line: line)
    }
  }

  // MARK: Closures

  /// Makes `name` a free variable when an enclosing function has it. The nearest enclosing scope that knows
  /// the name decides, even if it knows it as a global or a class's name.
  func closeOver(_ name: String) -> Bool {
    var outer = parent
    while let scope = outer, scope.parent != nil {
      if let binding = scope.bindings[name] {
        guard binding == .local || binding == .cell || binding == .free else { return false }
        bindings[name] = .free
        shareWithParents(name)
        return true
      }
      outer = scope.parent
    }
    return false
  }

  private func shareWithParents(_ name: String) {
    var outer = parent
    while let scope = outer {
      switch scope.findOrAdd(name, .undecided) {
      case .undecided: scope.bindings[name] = .free
      case .local:
        scope.bindings[name] = .cell
        return
      default: return
      }
      outer = scope.parent
    }
  }
}
