/// Names, literals, brackets of all kinds, subscripts and comprehensions.
extension Parser {
  mutating func parseAtom() throws(SyntaxProblem) -> Expression {
    let line = line
    let kind: Expression.Kind
    switch token {
    case .parenOpen: return try parseParentheses()
    case .bracketOpen: return try parseListDisplay()
    case .braceOpen: return try parseBraces()
    case .name: kind = .name(String(decoding: lexer.text, as: UTF8.self))
    case .integer:
      guard lexer.text.count <= limits.digits else { throw tooLarge() }
      guard let value = NumberLiteral.integer(lexer.text) else {
        let radix = NumberLiteral.radix(of: lexer.text)
        throw SyntaxProblem("invalid syntax for integer with base \(radix)", line: line)
      }
      kind = .constant(value)
    case .floatOrImaginary:
      guard let value = NumberLiteral.floatOrImaginary(lexer.text, single: singleFloats) else {
        throw SyntaxProblem("invalid syntax for number", line: line)
      }
      kind = .constant(value)
    case .string: kind = .constant(.string(lexer.text))
    case .bytes: kind = .constant(.bytes(lexer.text))
    case .ellipsis: kind = .constant(.ellipsis)
    case .none: kind = .constant(.none)
    case .true:
      let isTrue = isDebug || lexer.text == Array("True".utf8)
      kind = .constant(isTrue ? .true : .false)
    case .false: kind = .constant(.false)
    default: throw unexpectedToken()
    }
    try advance()
    return Expression(line: line, kind: kind)
  }

  /// `()`, a tuple, a generator expression, `(yield …)`, or just an expression in parentheses.
  private mutating func parseParentheses() throws(SyntaxProblem) -> Expression {
    let line = line
    try expect(.parenOpen)
    if try accept(.parenClose) { return Expression(line: line, kind: .tuple([])) }
    if token == .yield {
      let expression = try parseYield()
      try expect(.parenClose)
      return expression
    }
    let first = try parseDisplayItem()
    var expression = first
    if token == .for {
      expression = Expression(
        line: line,
        kind: .comprehension(
          Comprehension(kind: .generator, element: first, value: nil, clauses: try parseClauses())))
    } else if token == .comma {
      expression = Expression(line: line, kind: .tuple(try parseDisplayItems(after: first)))
    }
    try expect(.parenClose)
    return expression
  }

  private mutating func parseListDisplay() throws(SyntaxProblem) -> Expression {
    let line = line
    try expect(.bracketOpen)
    if try accept(.bracketClose) { return Expression(line: line, kind: .list([])) }
    let first = try parseDisplayItem()
    let kind: Expression.Kind
    if token == .for {
      kind = .comprehension(
        Comprehension(kind: .list, element: first, value: nil, clauses: try parseClauses()))
    } else {
      kind = .list(try parseDisplayItems(after: first))
    }
    try expect(.bracketClose)
    return Expression(line: line, kind: kind)
  }

  private mutating func parseDisplayItem() throws(SyntaxProblem) -> Expression {
    token == .star ? try parseStarred() : try parseNamedTest()
  }

  private mutating func parseDisplayItems(after first: Expression) throws(SyntaxProblem) -> [Expression] {
    var items = [first]
    while try accept(.comma), startsExpression {
      items.append(try parseDisplayItem())
    }
    return items
  }

  /// A dictionary, a set, or a comprehension of either.
  private mutating func parseBraces() throws(SyntaxProblem) -> Expression {
    let line = line
    try expect(.braceOpen)
    if try accept(.braceClose) { return Expression(line: line, kind: .dict([])) }
    let first = try parseBraceItem()
    if token == .for {
      let comprehension = Comprehension(
        kind: first.value == nil ? .set : .dict, element: first.key, value: first.value,
        clauses: try parseClauses())
      try expect(.braceClose)
      return Expression(line: line, kind: .comprehension(comprehension))
    }
    var items = [first]
    while try accept(.comma), startsExpression, token != .star {
      let item = try parseBraceItem()
      if (item.value == nil) != (first.value == nil) {
        deferProblem(
          first.value == nil ? "expecting just a value for set" : "expecting key:value for dict", line: line)
      }
      items.append(item)
    }
    try expect(.braceClose)
    if first.value == nil {
      return Expression(line: line, kind: .set(items.map(\.key)))
    }
    var pairs: [(key: Expression?, value: Expression)] = []
    for item in items {
      if let value = item.value { pairs.append((item.key, value)) }
    }
    return Expression(line: line, kind: .dict(pairs))
  }

  private mutating func parseBraceItem() throws(SyntaxProblem) -> (key: Expression, value: Expression?) {
    let key = try parseTest()
    return (key, try accept(.colon) ? try parseTest() : nil)
  }

  /// `for target in iterable` with further `for` and `if` clauses.
  mutating func parseClauses() throws(SyntaxProblem) -> [Comprehension.Clause] {
    var clauses: [Comprehension.Clause] = []
    while true {
      if try accept(.for) {
        let target = try parseExpressionList()
        try expect(.in)
        let iterable = try parseIterable()
        clauses.append(.init(isAsync: false, target: target, iterable: iterable, conditions: []))
        try growTree()
      } else if !clauses.isEmpty, try accept(.if) {
        clauses[clauses.count - 1].conditions.append(try parseTestWithoutConditional())
      } else {
        return clauses
      }
    }
  }

  /// `[index]`, `[lower:upper:step]` or several of these, which make a tuple.
  mutating func parseSubscript() throws(SyntaxProblem) -> Expression {
    try expect(.bracketOpen)
    let line = line
    let first = try parseIndex()
    guard token == .comma else {
      try expect(.bracketClose)
      return first
    }
    var indices = [first]
    while try accept(.comma), token == .colon || startsExpression && token != .star {
      indices.append(try parseIndex())
    }
    try expect(.bracketClose)
    return Expression(line: line, kind: .tuple(indices))
  }

  private mutating func parseIndex() throws(SyntaxProblem) -> Expression {
    let line = line
    var lower: Expression?
    if token != .colon {
      let index = try parseTest()
      guard token == .colon else { return index }
      lower = index
    }
    try expect(.colon)
    let upper = try parseSliceBound()
    let step = try accept(.colon) ? try parseSliceBound() : nil
    return Expression(line: line, kind: .slice(lower: lower, upper: upper, step: step))
  }

  private mutating func parseSliceBound() throws(SyntaxProblem) -> Expression? {
    startsExpression && token != .star ? try parseTest() : nil
  }

  /// `yield [values]` or `yield from iterable`
  mutating func parseYield() throws(SyntaxProblem) -> Expression {
    let line = line
    try expect(.yield)
    if try accept(.from) { return Expression(line: line, kind: .yieldFrom(try parseTest())) }
    guard startsExpression, token != .star else { return Expression(line: line, kind: .yield(nil)) }
    return Expression(line: line, kind: .yield(try parseTestList()))
  }
}
