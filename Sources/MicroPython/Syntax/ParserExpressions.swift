/// Expressions from the loosest binding to the tightest.
extension Parser {
  /// `test (',' test)* [',']`; more than one, or a comma, makes a tuple.
  mutating func parseTestList() throws(SyntaxProblem) -> Expression {
    try parseTuple { (parser: inout Parser) throws(SyntaxProblem) in try parser.parseTest() }
  }

  /// As `parseTestList`, with `*test` among the items: sides of an assignment.
  mutating func parseStarredTestList() throws(SyntaxProblem) -> Expression {
    try parseTuple { (parser: inout Parser) throws(SyntaxProblem) in
      if parser.token == .star { return try parser.parseStarred() }
      return try parser.parseTest()
    }
  }

  /// Targets of `for`: operands without comparisons, so that `in` ends them.
  mutating func parseExpressionList() throws(SyntaxProblem) -> Expression {
    try parseTuple { (parser: inout Parser) throws(SyntaxProblem) in try parser.parseTarget() }
  }

  mutating func parseTarget() throws(SyntaxProblem) -> Expression {
    token == .star ? try parseStarred() : try parseOperand()
  }

  private mutating func parseTuple(
    _ item: (inout Parser) throws(SyntaxProblem) -> Expression
  ) throws(SyntaxProblem) -> Expression {
    let line = line
    let first = try item(&self)
    guard token == .comma else {
      endedBareTuple = false
      return first
    }
    var items = [first]
    while try accept(.comma), startsExpression {
      items.append(try item(&self))
    }
    endedBareTuple = true
    return Expression(line: line, kind: .tuple(items))
  }

  /// `*operand`
  mutating func parseStarred() throws(SyntaxProblem) -> Expression {
    let line = line
    try expect(.star)
    return Expression(line: line, kind: .starred(try parseOperand()))
  }

  /// Whether the current token may start an item of a list.
  var startsExpression: Bool {
    switch token {
    case .name, .integer, .floatOrImaginary, .string, .bytes, .ellipsis, .none, .true, .false, .parenOpen,
      .bracketOpen, .braceOpen, .plus, .minus, .tilde, .star, .not, .lambda, .await:
      true
    default: false
    }
  }

  /// `test [':=' test]`, where MicroPython allows it: in conditions, brackets and arguments.
  mutating func parseNamedTest() throws(SyntaxProblem) -> Expression {
    let expression = try parseTest()
    return token == .assignExpression ? try parseNamedValue(for: expression) : expression
  }

  mutating func parseNamedValue(for target: Expression) throws(SyntaxProblem) -> Expression {
    try expect(.assignExpression)
    var name = ""
    if case .name(let targetName) = target.kind {
      name = targetName
    } else {
      deferProblem("can't assign to expression", line: target.line)
    }
    return Expression(line: target.line, kind: .namedExpression(name, try parseTest()))
  }

  /// `lambda` or a conditional expression.
  mutating func parseTest() throws(SyntaxProblem) -> Expression {
    try nested { (parser: inout Parser) throws(SyntaxProblem) in
      if parser.token == .lambda { return try parser.parseLambda(allowsConditional: true) }
      let line = parser.line
      let then = try parser.parseOr()
      guard try parser.accept(.if) else { return then }
      let test = try parser.parseOr()
      try parser.expect(.else)
      let otherwise = try parser.parseTest()
      return Expression(line: line, kind: .conditional(test: test, then: then, else: otherwise))
    }
  }

  /// The condition of a comprehension, which ends at an `if` of its own.
  mutating func parseTestWithoutConditional() throws(SyntaxProblem) -> Expression {
    try nested { (parser: inout Parser) throws(SyntaxProblem) in
      if parser.token == .lambda { return try parser.parseLambda(allowsConditional: false) }
      return try parser.parseOr()
    }
  }

  /// The iterable of a comprehension.
  mutating func parseIterable() throws(SyntaxProblem) -> Expression {
    try nested { (parser: inout Parser) throws(SyntaxProblem) in try parser.parseOr() }
  }

  /// An operand of comparisons: anything that binds tighter than they do.
  mutating func parseOperand() throws(SyntaxProblem) -> Expression {
    try nested { (parser: inout Parser) throws(SyntaxProblem) in try parser.parseOperand(precedence: 1) }
  }

  private mutating func parseOr() throws(SyntaxProblem) -> Expression {
    let line = line
    let first = try parseAnd()
    guard token == .or else { return first }
    var operands = [first]
    while try accept(.or) { operands.append(try parseAnd()) }
    return Expression(line: line, kind: .or(operands))
  }

  private mutating func parseAnd() throws(SyntaxProblem) -> Expression {
    let line = line
    let first = try parseNot()
    guard token == .and else { return first }
    var operands = [first]
    while try accept(.and) { operands.append(try parseNot()) }
    return Expression(line: line, kind: .and(operands))
  }

  private mutating func parseNot() throws(SyntaxProblem) -> Expression {
    guard token == .not else { return try parseComparison() }
    return try measured { (parser: inout Parser) throws(SyntaxProblem) in
      var lines: [Int] = []
      while parser.token == .not {
        lines.append(parser.line)
        try parser.advance()
      }
      var expression = try parser.parseComparison()
      while let line = lines.popLast() {
        expression = Expression(line: line, kind: .not(expression))
        try parser.growTree()
      }
      return expression
    }
  }

  private mutating func parseComparison() throws(SyntaxProblem) -> Expression {
    let line = line
    let first = try parseOperand(precedence: 1)
    guard var comparison = try acceptComparison() else { return first }
    var rest: [(ComparisonOperator, Expression)] = []
    while true {
      rest.append((comparison, try parseOperand(precedence: 1)))
      guard let next = try acceptComparison() else { break }
      comparison = next
    }
    return Expression(line: line, kind: .compare(first, rest))
  }

  private mutating func acceptComparison() throws(SyntaxProblem) -> ComparisonOperator? {
    let comparison: ComparisonOperator
    switch token {
    case .less: comparison = .less
    case .lessEqual: comparison = .lessOrEqual
    case .more: comparison = .greater
    case .moreEqual: comparison = .greaterOrEqual
    case .equalEqual: comparison = .equal
    case .notEqual: comparison = .notEqual
    case .in: comparison = .in
    case .is:
      try advance()
      return try accept(.not) ? .isNot : .is
    case .not:
      try advance()
      try expect(.in)
      return .notIn
    default: return nil
    }
    try advance()
    return comparison
  }

  /// Operands joined by binary operators of at least this precedence (`|` is 1, `*` is 6).
  private mutating func parseOperand(precedence: Int) throws(SyntaxProblem) -> Expression {
    try measured { (parser: inout Parser) throws(SyntaxProblem) in
      var left = try parser.parseFactor()
      while let (operation, tightness) = parser.token.binaryOperator, tightness >= precedence {
        try parser.advance()
        let right = try parser.parseOperand(precedence: tightness + 1)
        left = Expression(line: left.line, kind: .binary(operation, left, right))
        try parser.growTree()
      }
      return left
    }
  }

  /// Signs, then a power.
  private mutating func parseFactor() throws(SyntaxProblem) -> Expression {
    var operators: [(UnaryOperator, line: Int)] = []
    while true {
      switch token {
      case .plus: operators.append((.plus, line))
      case .minus: operators.append((.minus, line))
      case .tilde: operators.append((.invert, line))
      default:
        var expression = try parsePower()
        while let (operation, line) = operators.popLast() {
          expression = Expression(line: line, kind: .unary(operation, expression))
          try growTree()
        }
        return expression
      }
      try advance()
    }
  }

  /// `primary ['**' factor]`; the exponent may have a sign and associates to the right.
  private mutating func parsePower() throws(SyntaxProblem) -> Expression {
    let base = try parsePrimary()
    guard try accept(.starStar) else { return base }
    let exponent = try nested { (parser: inout Parser) throws(SyntaxProblem) in try parser.parseFactor() }
    return Expression(line: base.line, kind: .binary(.power, base, exponent))
  }

  /// `['await'] atom` and the calls, subscripts and attributes that follow it.
  private mutating func parsePrimary() throws(SyntaxProblem) -> Expression {
    let line = line
    let isAwait = try accept(.await)
    var expression = try parseAtom()
    while true {
      let trailerLine = self.line
      switch token {
      case .parenOpen:
        expression = Expression(line: line, kind: .call(expression, try parseArguments()))
      case .bracketOpen:
        expression = Expression(line: line, kind: .item(expression, try parseSubscript()))
      case .period:
        try advance()
        expression = Expression(line: line, kind: .attribute(expression, try expectName()))
      default:
        return isAwait ? Expression(line: line, kind: .await(expression)) : expression
      }
      expression.trailerLine = trailerLine
      try growTree()
    }
  }
}
