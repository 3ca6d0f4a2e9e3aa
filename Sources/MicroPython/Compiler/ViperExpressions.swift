/// Expressions in viper functions.
extension ViperTyping {
  /// The expression with its word operations made explicit, and its type.
  func typed(_ expression: Expression) throws(SyntaxProblem) -> (Expression, ViperType) {
    let line = expression.line
    func made(_ kind: Expression.Kind, _ type: ViperType) -> (Expression, ViperType) {
      (Expression(line: line, kind: kind), type)
    }
    switch expression.kind {
    case .constant(let constant): return (expression, ViperType(of: constant))
    case .name(let name): return (expression, type(ofName: name))
    case .unary(let op, let operand): return try unary(op, operand, line)
    case .not(let operand):
      let (value, type) = try typed(operand)
      if type.isInteger {
        report("'not' not implemented")
      } else if type != .object {
        report("can't do unary op of '\(type.text)'")
      }
      return made(.not(value), type)
    case .binary(let op, let left, let right):
      let (a, leftType) = try typed(left)
      let (b, rightType) = try typed(right)
      return binary(op, (a, leftType), (b, rightType), line)
    case .and(let operands): return try logic(operands, line) { .and($0) }
    case .or(let operands): return try logic(operands, line) { .or($0) }
    case .compare(let first, let rest): return try comparison(first, rest, line)
    case .conditional(let test, let then, let otherwise):
      let test = try condition(test)
      let (a, thenType) = try typed(then)
      let (b, elseType) = try typed(otherwise)
      return try joined([(a, thenType), (b, elseType)]) { values in
        Expression(line: line, kind: .conditional(test: test, then: values[0], else: values[1]))
      }
    case .lambda(let definition): return made(.lambda(try nested(definition)), .object)
    case .call(let callee, let arguments): return try call(callee, arguments, line)
    case .attribute(let base, let name): return made(.attribute(try object(base), name), .object)
    case .item(let base, let index): return try item(base, index, line)
    case .slice(let lower, let upper, let step):
      return made(
        .slice(lower: try object(lower), upper: try object(upper), step: try object(step)), .object)
    case .tuple(let items): return made(.tuple(try objects(items)), .object)
    case .list(let items): return made(.list(try objects(items)), .object)
    case .set(let items): return made(.set(try objects(items)), .object)
    case .dict(let pairs):
      var objects: [(key: Expression?, value: Expression)] = []
      for (key, value) in pairs {
        let value = try object(value)
        objects.append((try object(key), value))
      }
      return made(.dict(objects), .object)
    case .starred(let inner): return made(.starred(try object(inner)), .object)
    case .comprehension(var comprehension):
      // The rest is a function of its own and sees objects only.
      comprehension.clauses[0].iterable = try object(comprehension.clauses[0].iterable)
      return made(.comprehension(comprehension), .object)
    case .yield, .yieldFrom, .await: throw unsupported("native yield")
    case .namedExpression(let name, let value):
      let (value, type) = try typed(value)
      store(type, in: name)
      return made(.namedExpression(name, isLocal(name) ? value : try object(value, type)), type)
    case .word: return (expression, .int)
    }
  }

  // MARK: Objects

  func object(_ expression: Expression) throws(SyntaxProblem) -> Expression {
    let (value, type) = try typed(expression)
    return try object(value, type)
  }

  func object(_ expression: Expression?) throws(SyntaxProblem) -> Expression? {
    guard let expression else { return nil }
    return try object(expression) as Expression
  }

  func objects(_ expressions: [Expression]) throws(SyntaxProblem) -> [Expression] {
    var objects: [Expression] = []
    for expression in expressions { objects.append(try object(expression)) }
    return objects
  }

  /// A typed expression as an object. Where a pointer is `stored` it becomes its address.
  func object(
    _ value: Expression, _ type: ViperType, isStored: Bool = false
  ) throws(SyntaxProblem) -> Expression {
    switch type {
    case .object, .bool, .none: return value
    case .int, .uint: return value.constant == nil ? word(.object(value), value.line) : value
    case .ptr, .ptr8, .ptr16, .ptr32, .cast:
      guard isStored && type.isPointer else { throw unsupported("conversion to object") }
      return word(.object(value), value.line)
    }
  }

  func word(_ operation: WordOperation, _ line: Int) -> Expression {
    Expression(line: line, kind: .word(operation))
  }

  // MARK: Conditions

  /// An expression that only decides where to go.
  func condition(_ expression: Expression) throws(SyntaxProblem) -> Expression {
    switch expression.kind {
    case .not(let operand):
      return Expression(line: expression.line, kind: .not(try condition(operand)))
    case .and(let operands):
      return Expression(line: expression.line, kind: .and(try conditions(operands)))
    case .or(let operands):
      return Expression(line: expression.line, kind: .or(try conditions(operands)))
    default:
      let (value, type) = try typed(expression)
      requireTruth(type)
      return value
    }
  }

  private func conditions(_ expressions: [Expression]) throws(SyntaxProblem) -> [Expression] {
    var result: [Expression] = []
    for expression in expressions { result.append(try condition(expression)) }
    return result
  }

  private func requireTruth(_ type: ViperType) {
    if !type.isInteger && type != .bool && type != .object {
      report("can't implicitly convert '\(type.text)' to 'bool'")
    }
  }

  private func logic(
    _ operands: [Expression], _ line: Int, _ kind: ([Expression]) -> Expression.Kind
  ) throws(SyntaxProblem) -> (Expression, ViperType) {
    var values: [(Expression, ViperType)] = []
    for (index, operand) in operands.enumerated() {
      let (value, type) = try typed(operand)
      if index + 1 < operands.count { requireTruth(type) }
      values.append((value, type))
    }
    return try joined(values) { Expression(line: line, kind: kind($0)) }
  }

  /// One of several values. It has the type of the last one, whatever the others are: the board joins their words as they are.
  private func joined(
    _ values: [(Expression, ViperType)], _ make: ([Expression]) -> Expression
  ) throws(SyntaxProblem) -> (Expression, ViperType) {
    let last = values[values.count - 1].1
    let type = last == .none || last == .cast ? .object : last
    var words: [Expression] = []
    for (value, own) in values { words.append(own == type ? value : try converted(value, own, to: type)) }
    return (make(words), type)
  }

  private func converted(
    _ value: Expression, _ own: ViperType, to type: ViperType
  ) throws(SyntaxProblem) -> Expression {
    switch type {
    case .object, .none, .cast: return try object(value, own, isStored: true)
    case .bool:
      return Expression(line: value.line, kind: .not(Expression(line: value.line, kind: .not(value))))
    case .int, .uint, .ptr, .ptr8, .ptr16, .ptr32:
      return own == .none
        ? Expression(line: value.line, kind: .constant(.int(0))) : word(.word(type, value), value.line)
    }
  }

  // MARK: Calls and items

  private func call(
    _ callee: Expression, _ arguments: [Argument], _ line: Int
  ) throws(SyntaxProblem) -> (Expression, ViperType) {
    if case .name(let name) = callee.kind, isGlobal(name), let cast = ViperType(castNamed: name),
      arguments.count == 1, case .positional = arguments[0].kind
    {
      let (value, type) = try typed(arguments[0].value)
      if type == .cast { throw unsupported("casting") }
      return (type == cast ? value : word(.word(cast, value), line), cast)
    }
    // `int(text, base)` is no conversion of words.
    let isCastName = if case .name = callee.kind { true } else { false }
    let function = isCastName ? callee : try object(callee)
    var objects: [Argument] = []
    for argument in arguments {
      objects.append(Argument(kind: argument.kind, value: try object(argument.value)))
    }
    if case .name(let name) = callee.kind, isLocal(name) { _ = try object(callee) }
    return (Expression(line: line, kind: .call(function, objects)), .object)
  }

  private func item(
    _ base: Expression, _ index: Expression, _ line: Int
  ) throws(SyntaxProblem) -> (Expression, ViperType) {
    let (container, type) = try typed(base)
    if type == .object {
      return (Expression(line: line, kind: .item(container, try object(index))), .object)
    }
    let (position, indexType) = try typed(index)
    if !indexType.isInteger { report("can't load with '\(indexType.text)' index") }
    guard let width = type.itemWidth else {
      report("can't load from '\(type.text)'")
      return (container, .int)
    }
    return (word(.load(width: width, pointer: container, index: position), line), .int)
  }
}
