/// Statements on one line.
extension Parser {
  /// A compound statement, or the simple statements of a line.
  mutating func parseStatement(into statements: inout [Statement]) throws(SyntaxProblem) {
    if let statement = try parseCompoundStatement() {
      statements.append(statement)
    } else {
      try parseSimpleStatements(into: &statements)
    }
  }

  /// `statement (';' statement)* [';'] NEWLINE`
  mutating func parseSimpleStatements(into statements: inout [Statement]) throws(SyntaxProblem) {
    repeat {
      statements.append(try parseSimpleStatement())
    } while try accept(.semicolon) && token != .newline
    try expect(.newline)
  }

  private mutating func parseSimpleStatement() throws(SyntaxProblem) -> Statement {
    let line = line
    let kind: Statement.Kind
    switch token {
    case .pass:
      try advance()
      kind = .pass
    case .break:
      try advance()
      kind = .break
    case .continue:
      try advance()
      kind = .continue
    case .return:
      try advance()
      kind = .return(startsExpression && token != .star ? try parseTestList() : nil)
    case .raise: kind = try parseRaise()
    case .del:
      try advance()
      kind = .delete(try parseDeleteTargets())
    case .import:
      try advance()
      kind = .import(try parseImports())
    case .from: kind = try parseImportFrom()
    case .global:
      try advance()
      kind = .global(try parseNames())
    case .nonlocal:
      try advance()
      kind = .nonlocal(try parseNames())
    case .assert:
      try advance()
      let test = try parseTest()
      kind = .assert(test, message: try accept(.comma) ? try parseTest() : nil)
    case .yield: kind = .expression(try parseYield())
    default: kind = try parseExpressionStatement()
    }
    return Statement(line: line, kind: kind)
  }

  /// An expression, or an assignment of any kind.
  private mutating func parseExpressionStatement() throws(SyntaxProblem) -> Statement.Kind {
    let first = try parseStarredTestList()
    let isBareTuple = endedBareTuple
    if try accept(.colon) {
      let annotation = try parseTest()
      return .annotatedAssign(
        target: first, annotation: annotation, value: try accept(.equal) ? try parseAssignedValue() : nil)
    }
    if let operation = token.augmentedOperator {
      try advance()
      return .augmentedAssign(target: first, operation, value: try parseAssignedValue())
    }
    var targets: [Expression] = []
    var value = first
    while try accept(.equal) {
      targets.append(value)
      value = try parseAssignedValue()
    }
    if targets.count == 1, isBareTuple, endedBareTuple, case .tuple(let targets) = first.kind,
      case .tuple(let values) = value.kind, targets.count == values.count, (2...3).contains(values.count),
      !targets.contains(where: \.isStarred), !values.contains(where: \.isStarred)
    {
      return .assignEach(zip(targets, values).map { EachAssignment(target: $0, value: $1) })
    }
    return targets.isEmpty ? .expression(value) : .assign(targets: targets, value: value)
  }

  private mutating func parseAssignedValue() throws(SyntaxProblem) -> Expression {
    guard token == .yield else { return try parseStarredTestList() }
    let value = try parseYield()
    endedBareTuple = false
    return value
  }

  private mutating func parseRaise() throws(SyntaxProblem) -> Statement.Kind {
    try expect(.raise)
    guard startsExpression, token != .star else { return .raise(nil, cause: nil) }
    let exception = try parseTest()
    return .raise(exception, cause: try accept(.from) ? try parseTest() : nil)
  }

  private mutating func parseDeleteTargets() throws(SyntaxProblem) -> [Expression] {
    var targets = [try parseTarget()]
    while try accept(.comma), startsExpression {
      targets.append(try parseTarget())
    }
    return targets
  }

  private mutating func parseNames() throws(SyntaxProblem) -> [String] {
    var names = [try expectName()]
    while try accept(.comma) { names.append(try expectName()) }
    return names
  }

  private mutating func parseDottedName() throws(SyntaxProblem) -> String {
    var name = try expectName()
    while try accept(.period) { name += "." + (try expectName()) }
    return name
  }

  private mutating func parseImports() throws(SyntaxProblem) -> [ImportAlias] {
    var imports: [ImportAlias] = []
    repeat {
      let name = try parseDottedName()
      imports.append(ImportAlias(name: name, alias: try accept(.as) ? try expectName() : nil))
    } while try accept(.comma)
    return imports
  }

  private mutating func parseImportFrom() throws(SyntaxProblem) -> Statement.Kind {
    try expect(.from)
    var level = 0
    while token == .period || token == .ellipsis {
      level += token == .period ? 1 : 3
      try advance()
    }
    let module = level == 0 || token == .name ? try parseDottedName() : ""
    try expect(.import)
    if try accept(.star) { return .importFrom(module: module, level: level, names: []) }
    let hasParentheses = try accept(.parenOpen)
    var names: [ImportAlias] = []
    repeat {
      let name = try expectName()
      names.append(ImportAlias(name: name, alias: try accept(.as) ? try expectName() : nil))
    } while try accept(.comma) && token == .name
    if hasParentheses { try expect(.parenClose) }
    return .importFrom(module: module, level: level, names: names)
  }
}
