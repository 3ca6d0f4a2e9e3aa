/// Call arguments, parameters, lambdas, and definitions with their decorators.
extension Parser {
  /// The arguments of a call or the bases of a class, parentheses included.
  mutating func parseArguments() throws(SyntaxProblem) -> [Argument] {
    try expect(.parenOpen)
    var arguments: [Argument] = []
    while startsExpression || token == .starStar {
      arguments.append(try parseArgument())
      guard try accept(.comma) else { break }
    }
    try expect(.parenClose)
    return arguments
  }

  private mutating func parseArgument() throws(SyntaxProblem) -> Argument {
    if try accept(.star) { return Argument(kind: .star, value: try parseTest()) }
    if try accept(.starStar) { return Argument(kind: .doubleStar, value: try parseTest()) }
    let value = try parseTest()
    switch token {
    case .for:
      let comprehension = Comprehension(
        kind: .generator, element: value, value: nil, clauses: try parseClauses())
      return Argument(
        kind: .positional, value: Expression(line: value.line, kind: .comprehension(comprehension)))
    case .equal:
      try advance()
      var keyword = ""
      if case .name(let name) = value.kind {
        keyword = name
      } else {
        deferProblem("LHS of keyword arg must be an id", line: value.line)
      }
      return Argument(kind: .keyword(keyword), value: try parseTest())
    case .assignExpression:
      return Argument(kind: .positional, value: try parseNamedValue(for: value))
    default:
      return Argument(kind: .positional, value: value)
    }
  }

  /// Parameters up to the closing `)` or `:`, which stays. MicroPython has no positional-only parameters.
  private mutating func parseParameters(allowsAnnotations: Bool) throws(SyntaxProblem) -> [Parameter] {
    var parameters: [Parameter] = []
    var hasStar = false
    var hasDoubleStar = false
    while token == .name || token == .star || token == .starStar {
      let line = line
      if hasDoubleStar { deferProblem("invalid syntax", line: line) }
      var parameter = Parameter(
        name: "", kind: hasStar ? .keywordOnly : .positional, defaultValue: nil, annotation: nil)
      if try accept(.starStar) {
        hasDoubleStar = true
        parameter.kind = .doubleStar
        parameter.name = try expectName()
      } else if try accept(.star) {
        if hasStar { deferProblem("invalid syntax", line: line) }
        hasStar = true
        parameter.kind = .star
        if token == .name { parameter.name = try expectName() }
      } else {
        parameter.name = try expectName()
      }
      if allowsAnnotations, !parameter.name.isEmpty, try accept(.colon) {
        parameter.annotation = try parseTest()
      }
      if parameter.kind == .positional || parameter.kind == .keywordOnly, try accept(.equal) {
        parameter.defaultValue = try parseTest()
      }
      parameters.append(parameter)
      guard try accept(.comma) else { break }
    }
    return parameters
  }

  /// - Parameter allowsConditional: false in a comprehension's condition, where `if` starts the next clause.
  mutating func parseLambda(allowsConditional: Bool) throws(SyntaxProblem) -> Expression {
    let line = line
    try expect(.lambda)
    let (parameters, value) = try inScope("<lambda>") { (parser: inout Parser) throws(SyntaxProblem) in
      let parameters = try parser.parseParameters(allowsAnnotations: false)
      try parser.expect(.colon)
      let value = allowsConditional ? try parser.parseTest() : try parser.parseTestWithoutConditional()
      return (parameters, value)
    }
    return Expression(
      line: line,
      kind: .lambda(
        FunctionDefinition(
          name: "<lambda>", line: line, parameters: parameters,
          body: [Statement(line: line, kind: .return(value))], isAsync: false, decorators: [],
          returnAnnotation: nil)))
  }

  /// `@name.name(arguments)` lines, then a function or class.
  mutating func parseDecorated() throws(SyntaxProblem) -> Statement {
    let line = line
    var decorators: [Expression] = []
    while try accept(.at) {
      decorators.append(try parseDecorator())
      try expect(.newline)
    }
    switch token {
    case .class: return Statement(line: line, kind: .class(try parseClass(decorators: decorators)))
    case .def: return Statement(line: line, kind: .function(try parseFunction(decorators: decorators)))
    case .async:
      try advance()
      return Statement(
        line: line, kind: .function(try parseFunction(isAsync: true, decorators: decorators)))
    default: throw unexpectedToken()
    }
  }

  private mutating func parseDecorator() throws(SyntaxProblem) -> Expression {
    try nested { (parser: inout Parser) throws(SyntaxProblem) in
      let line = parser.line
      var expression = Expression(line: line, kind: .name(try parser.expectName()))
      while try parser.accept(.period) {
        expression = Expression(line: line, kind: .attribute(expression, try parser.expectName()))
        try parser.growTree()
      }
      guard parser.token == .parenOpen else { return expression }
      return Expression(line: line, kind: .call(expression, try parser.parseArguments()))
    }
  }

  mutating func parseFunction(
    isAsync: Bool = false, decorators: [Expression] = []
  ) throws(SyntaxProblem) -> FunctionDefinition {
    let line = line
    try expect(.def)
    let name = try expectName()
    try expect(.parenOpen)
    return try inScope(name) { (parser: inout Parser) throws(SyntaxProblem) in
      let parameters = try parser.parseParameters(allowsAnnotations: true)
      try parser.expect(.parenClose)
      let annotation = try parser.accept(.arrow) ? try parser.parseTest() : nil
      return FunctionDefinition(
        name: name, line: line, parameters: parameters, body: try parser.parseSuite(), isAsync: isAsync,
        decorators: decorators, returnAnnotation: annotation)
    }
  }

  mutating func parseClass(decorators: [Expression] = []) throws(SyntaxProblem) -> ClassDefinition {
    let line = line
    try expect(.class)
    let name = try expectName()
    let bases = token == .parenOpen ? try parseArguments() : []
    return ClassDefinition(
      name: name, line: line, bases: bases,
      body: try inScope(name) { (parser: inout Parser) throws(SyntaxProblem) in try parser.parseSuite() },
      decorators: decorators)
  }
}
