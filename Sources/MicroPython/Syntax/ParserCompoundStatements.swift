/// Statements with blocks.
extension Parser {
  /// A statement that starts with a keyword of a compound statement, else nil.
  mutating func parseCompoundStatement() throws(SyntaxProblem) -> Statement? {
    let line = line
    let kind: Statement.Kind
    switch token {
    case .if: kind = try parseIf()
    case .while:
      try advance()
      let test = try parseNamedTest()
      kind = .while(test, body: try parseSuite(), else: try parseElse())
    case .for: kind = try parseFor(isAsync: false)
    case .try: kind = try parseTry()
    case .with: kind = try parseWith(isAsync: false)
    case .def: kind = .function(try parseFunction())
    case .class: kind = .class(try parseClass())
    case .at: return try parseDecorated()
    case .async:
      try advance()
      switch token {
      case .def: kind = .function(try parseFunction(isAsync: true))
      case .with: kind = try parseWith(isAsync: true)
      case .for: kind = try parseFor(isAsync: true)
      default: throw unexpectedToken()
      }
    default: return nil
    }
    return Statement(line: line, kind: kind)
  }

  /// `':' block`, where the block is the rest of the line or indented lines.
  mutating func parseSuite() throws(SyntaxProblem) -> [Statement] {
    try expect(.colon)
    return try nested { (parser: inout Parser) throws(SyntaxProblem) in
      var statements: [Statement] = []
      guard try parser.accept(.newline) else {
        try parser.parseSimpleStatements(into: &statements)
        return statements
      }
      try parser.expect(.indent)
      repeat {
        try parser.parseStatement(into: &statements)
      } while try !parser.accept(.dedent)
      return statements
    }
  }

  private mutating func parseElse() throws(SyntaxProblem) -> [Statement] {
    try accept(.else) ? try parseSuite() : []
  }

  /// `elif` becomes an `if` in the `else` branch; a loop, since such chains get long.
  private mutating func parseIf() throws(SyntaxProblem) -> Statement.Kind {
    try measured { (parser: inout Parser) throws(SyntaxProblem) in
      var arms: [(line: Int, test: Expression, body: [Statement])] = []
      repeat {
        let line = parser.line
        try parser.advance()
        let test = try parser.parseNamedTest()
        arms.append((line, test, try parser.parseSuite()))
      } while parser.token == .elif
      var otherwise = try parser.parseElse()
      while arms.count > 1, let arm = arms.popLast() {
        otherwise = [Statement(line: arm.line, kind: .if(arm.test, then: arm.body, else: otherwise))]
        try parser.growTree()
      }
      return .if(arms[0].test, then: arms[0].body, else: otherwise)
    }
  }

  private mutating func parseFor(isAsync: Bool) throws(SyntaxProblem) -> Statement.Kind {
    try expect(.for)
    let target = try parseExpressionList()
    try expect(.in)
    let iterable = try parseTestList()
    return .for(
      target: target, iterable: iterable, body: try parseSuite(), else: try parseElse(), isAsync: isAsync)
  }

  private mutating func parseTry() throws(SyntaxProblem) -> Statement.Kind {
    try expect(.try)
    let body = try parseSuite()
    var handlers: [ExceptionHandler] = []
    while token == .except {
      let line = line
      try advance()
      var type: Expression?
      var name: String?
      if token != .colon {
        type = try parseTest()
        if try accept(.as) { name = try expectName() }
      }
      handlers.append(ExceptionHandler(line: line, type: type, name: name, body: try parseSuite()))
    }
    if handlers.isEmpty {
      try expect(.finally)
      return .try(body: body, handlers: [], else: [], finally: try parseSuite())
    }
    let otherwise = try parseElse()
    let finally = try accept(.finally) ? try parseSuite() : []
    return .try(body: body, handlers: handlers, else: otherwise, finally: finally)
  }

  private mutating func parseWith(isAsync: Bool) throws(SyntaxProblem) -> Statement.Kind {
    try expect(.with)
    var items: [WithItem] = []
    repeat {
      let context = try parseTest()
      items.append(WithItem(context: context, target: try accept(.as) ? try parseOperand() : nil))
    } while try accept(.comma)
    return .with(items, body: try parseSuite(), isAsync: isAsync)
  }
}
