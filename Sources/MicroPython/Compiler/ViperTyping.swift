/// Gives the expressions of a viper function types, as MicroPython's native emitter does while it emits code, and makes
/// their arithmetic and memory accesses explicit. A local gets the type of the first value that is stored in it.
///
/// Of several mistakes in one statement the last one is reported.
final class ViperTyping {
  let scope: Scope
  let result: ViperType
  /// Types of the locals that have one so far.
  private var types: [String: ViperType] = [:]
  private var mistake: String?

  /// The types of the parameters, by name; all others are objects.
  let parameters: [(name: String, type: ViperType)]

  init(_ definition: FunctionDefinition, _ scope: Scope) throws(SyntaxProblem) {
    self.scope = scope
    func type(of annotation: Expression?) throws(SyntaxProblem) -> ViperType {
      guard let annotation else { return .object }
      guard case .name(let name) = annotation.kind else {
        throw SyntaxProblem(
          "annotation must be an identifier", line: definition.line, scopeName: scope.name)
      }
      guard let type = ViperType(annotation: name) else {
        throw SyntaxProblem(
          "unknown type '\(name)'", line: definition.line, kind: .viperType, scopeName: scope.name)
      }
      return type
    }
    var parameters: [(name: String, type: ViperType)] = []
    for parameter in definition.parameters where !parameter.isBareStar {
      parameters.append((parameter.name, try type(of: parameter.annotation)))
    }
    self.parameters = parameters
    result = try type(of: definition.returnAnnotation)
    for (name, type) in parameters { types[name] = type }
  }

  // MARK: Mistakes

  func report(_ message: String) { mistake = message }

  /// A mistake counts for the innermost statement that is not alone in its body, or for the `def`.
  func typed(_ body: [Statement]) throws(SyntaxProblem) -> [Statement] {
    var result: [Statement] = []
    for statement in body {
      result.append(Statement(line: statement.line, kind: try typed(statement.kind)))
      if body.count > 1 { try check(line: statement.line) }
    }
    return result
  }

  /// The whole body of a function that begins at `line`.
  func typed(body: [Statement], line: Int) throws(SyntaxProblem) -> [Statement] {
    let result = try typed(body)
    try check(line: line)
    return result
  }

  private func check(line: Int) throws(SyntaxProblem) {
    guard let mistake else { return }
    throw SyntaxProblem(mistake, line: line, kind: .viperType, scopeName: scope.name)
  }

  func unsupported(_ message: String) -> SyntaxProblem {
    SyntaxProblem(message, line: 0, kind: .notImplemented, scopeName: scope.name)
  }

  // MARK: Names

  /// Whether a name is a local in a register. Variables that closures share hold objects.
  func isLocal(_ name: String) -> Bool { scope.bindings[name] == .local }

  /// Whether a name is neither a local nor shared with another function.
  func isGlobal(_ name: String) -> Bool {
    switch scope.bindings[name] {
    case .local, .cell, .free: false
    default: true
    }
  }

  func type(ofName name: String) -> ViperType {
    if isLocal(name) {
      if let type = types[name] { return type }
      report("local '\(name)' used before type known")
      return .object
    }
    if isGlobal(name), ViperType(castNamed: name) != nil { return .cast }
    return .object
  }

  /// Takes note that a local is given a value of `type`.
  func store(_ type: ViperType, in name: String) {
    guard isLocal(name) else { return }
    if let known = types[name] {
      if known != type {
        report("local '\(name)' has type '\(known.text)' but source is '\(type.text)'")
      }
    } else {
      types[name] = type
    }
  }
}
