/// Simplifies a tree before its names are looked at, as MicroPython's parser does: arithmetic on constants,
/// `const()`, conditions that are constant, tuples of constants. Code that a constant condition rules out is
/// gone before scope analysis, so a `yield` in it makes no generator and an assignment in it no local.
/// It also numbers the scopes.
struct ConstantFolder {
  let options: CompilerOptions
  private var constants: [String: Constant] = [:]
  private var lastScopeID = 0
  /// Numbers of modules that the compiler knows, whether the firmware imports them or not (`mp_constants_table` in
  /// py/parse.c).
  private static let moduleConstants: [String: [String: Constant]] = [
    "math": ["pi": .float(Double.pi), "e": .float(2.718281828459045)],
    "errno": Dictionary(
      uniqueKeysWithValues: ErrorNumber.allCases.map { ($0.name, Constant.int($0.rawValue)) }),
    "uctypes": Dictionary(uniqueKeysWithValues: UctypesConstants.all.map { ($0.0, Constant.int($0.1)) }),
  ]

  init(options: CompilerOptions) {
    self.options = options
  }

  private mutating func nextScopeID() -> Int {
    lastScopeID += 1
    return lastScopeID
  }

  // MARK: Statements

  mutating func fold(_ body: [Statement]) throws(SyntaxProblem) -> [Statement] {
    var result: [Statement] = []
    result.reserveCapacity(body.count)
    for statement in body {
      try fold(statement, into: &result)
    }
    return result
  }

  private mutating func fold(
    _ statement: Statement, into result: inout [Statement]
  ) throws(SyntaxProblem) {
    let kind: Statement.Kind
    switch statement.kind {
    case .pass, .break, .continue, .import, .importFrom, .global, .nonlocal, .wordStore:
      kind = statement.kind
    case .expression(let value): kind = .expression(try fold(value))
    case .assign(let targets, let value):
      guard let (targets, value) = try foldAssignment(targets, value) else { return }
      kind = .assign(targets: targets, value: value)
    case .assignEach(var items):
      for index in items.indices {
        items[index].target = try fold(items[index].target)
        items[index].value = try fold(items[index].value)
      }
      kind = .assignEach(items)
    case .annotatedAssign(let target, let annotation, let value):
      // Annotations are never evaluated, so there is nothing to fold in them.
      guard let value else {
        kind = statement.kind
        break
      }
      guard let (targets, value) = try foldAssignment([target], value) else { return }
      kind = .annotatedAssign(target: targets[0], annotation: annotation, value: value)
    case .augmentedAssign(let target, let op, let value):
      kind = .augmentedAssign(target: try fold(target), op, value: try fold(value))
    case .return(let value): kind = .return(try fold(value))
    case .raise(let value, let cause): kind = .raise(try fold(value), cause: try fold(cause))
    case .delete(let targets): kind = .delete(try fold(targets))
    case .assert(let test, let message):
      kind = .assert(try fold(test), message: try fold(message))
    case .if(let test, let then, let otherwise):
      let test = try fold(test)
      if let truth = test.truth {
        // Both branches are folded, since a constant that is defined in either is known from here on.
        let thenBody = try fold(then)
        let elseBody = try fold(otherwise)
        result.append(contentsOf: truth ? thenBody : elseBody)
        return
      }
      kind = .if(test, then: try fold(then), else: try fold(otherwise))
    case .while(let test, let body, let otherwise):
      let test = try fold(test)
      let body = try fold(body)
      let elseBody = try fold(otherwise)
      if test.truth == false {
        result.append(contentsOf: elseBody)
        return
      }
      kind = .while(test, body: body, else: elseBody)
    case .for(let target, let iterable, let body, let otherwise, let isAsync):
      kind = .for(
        target: try fold(target), iterable: try fold(iterable), body: try fold(body),
        else: try fold(otherwise), isAsync: isAsync)
    case .try(let body, let handlers, let otherwise, let finally):
      let body = try fold(body)
      var foldedHandlers: [ExceptionHandler] = []
      for var handler in handlers {
        handler.type = try fold(handler.type)
        handler.body = try fold(handler.body)
        foldedHandlers.append(handler)
      }
      kind = .try(
        body: body, handlers: foldedHandlers, else: try fold(otherwise), finally: try fold(finally))
    case .with(let items, let body, let isAsync):
      var foldedItems: [WithItem] = []
      for item in items {
        foldedItems.append(WithItem(context: try fold(item.context), target: try fold(item.target)))
      }
      kind = .with(foldedItems, body: try fold(body), isAsync: isAsync)
    case .function(let definition): kind = .function(try fold(definition))
    case .class(var definition):
      definition.scopeID = nextScopeID()
      definition.decorators = try fold(definition.decorators)
      definition.bases = try fold(definition.bases)
      definition.body = try fold(definition.body)
      kind = .class(definition)
    }
    result.append(Statement(line: statement.line, kind: kind))
  }

  /// Folds an assignment. `name = const(value)` defines a constant for the rest of the source; nil when its
  /// name starts with an underscore, because then nothing is stored at run time.
  private mutating func foldAssignment(
    _ targets: [Expression], _ value: Expression
  ) throws(SyntaxProblem) -> (targets: [Expression], value: Expression)? {
    let foldedTargets = try fold(targets)
    let folded = try fold(value)
    guard targets.count == 1, case .name(let name) = foldedTargets[0].kind,
      case .call(let callee, let arguments) = folded.kind, callee.isName("const"),
      arguments.count == 1, case .positional = arguments[0].kind
    else { return (foldedTargets, folded) }
    guard let constant = arguments[0].value.constant else {
      throw SyntaxProblem("not a constant", line: value.line)
    }
    constants[name] = constant
    return name.hasPrefix("_") ? nil : (foldedTargets, arguments[0].value)
  }

  private mutating func fold(
    _ definition: FunctionDefinition
  ) throws(SyntaxProblem) -> FunctionDefinition {
    var result = definition
    result.scopeID = nextScopeID()
    result.decorators = try fold(definition.decorators)
    for index in result.parameters.indices {
      result.parameters[index].defaultValue = try fold(result.parameters[index].defaultValue)
    }
    result.body = try fold(definition.body)
    return result
  }

  // MARK: Expressions

  private mutating func fold(_ expression: Expression?) throws(SyntaxProblem) -> Expression? {
    guard let expression else { return nil }
    // Not `fold(expression)`: Swift 6.2 finds that ambiguous.
    return try folded(expression)
  }

  private mutating func fold(_ list: [Expression]) throws(SyntaxProblem) -> [Expression] {
    var result: [Expression] = []
    result.reserveCapacity(list.count)
    for expression in list { result.append(try fold(expression)) }
    return result
  }

  private mutating func fold(_ arguments: [Argument]) throws(SyntaxProblem) -> [Argument] {
    var result: [Argument] = []
    for argument in arguments {
      result.append(Argument(kind: argument.kind, value: try fold(argument.value)))
    }
    return result
  }

  mutating func fold(_ expression: Expression) throws(SyntaxProblem) -> Expression {
    try folded(expression)
  }

  private mutating func folded(_ expression: Expression) throws(SyntaxProblem) -> Expression {
    switch expression.kind {
    case .and(let operands): return foldLogic(try fold(operands), deciding: false, line: expression.line)
    case .or(let operands): return foldLogic(try fold(operands), deciding: true, line: expression.line)
    default:
      var result = expression
      result.kind = try foldKind(expression)
      return result
    }
  }

  private mutating func foldKind(_ expression: Expression) throws(SyntaxProblem) -> Expression.Kind {
    switch expression.kind {
    case .constant, .word: return expression.kind
    case .name(let name):
      if let constant = constants[name] { return .constant(constant) }
      return expression.kind
    case .unary(let op, let operand):
      let operand = try fold(operand)
      if let value = operand.constant, let result = ConstantArithmetic.apply(op, value) {
        return .constant(result)
      }
      return .unary(op, operand)
    case .binary(let op, let left, let right):
      let left = try fold(left)
      let right = try fold(right)
      if let a = left.constant, let b = right.constant,
        let result = ConstantArithmetic.apply(op, a, b, singlePrecision: options.singlePrecision)
      {
        return .constant(result)
      }
      return .binary(op, left, right)
    case .not(let operand):
      let operand = try fold(operand)
      if let truth = operand.truth { return .constant(truth ? .false : .true) }
      return .not(operand)
    case .and, .or: return try folded(expression).kind
    case .compare(let first, let rest):
      let first = try fold(first)
      var folded: [(ComparisonOperator, Expression)] = []
      for (op, operand) in rest { folded.append((op, try fold(operand))) }
      return .compare(first, folded)
    case .conditional(let test, let then, let otherwise):
      return .conditional(test: try fold(test), then: try fold(then), else: try fold(otherwise))
    case .lambda(let definition): return .lambda(try fold(definition))
    case .call(let callee, let arguments): return .call(try fold(callee), try fold(arguments))
    case .attribute(let object, let name):
      if case .name(let module) = object.kind {
        if let value = Self.moduleConstants[module]?[name] { return .constant(value) }
        if let value = options.target.constants(module)?[name] { return .constant(.int(value)) }
      }
      return .attribute(try fold(object), name)
    case .item(let object, let index): return .item(try fold(object), try fold(index))
    case .slice(let lower, let upper, let step):
      return .slice(lower: try fold(lower), upper: try fold(upper), step: try fold(step))
    case .tuple(let items):
      let items = try fold(items)
      var values: [Constant] = []
      for item in items {
        guard let value = item.constant else { return .tuple(items) }
        values.append(value)
      }
      return .constant(.tuple(values))
    case .list(let items): return .list(try fold(items))
    case .set(let items): return .set(try fold(items))
    case .dict(let pairs):
      var folded: [(key: Expression?, value: Expression)] = []
      for (key, value) in pairs { folded.append((try fold(key), try fold(value))) }
      return .dict(folded)
    case .starred(let value): return .starred(try fold(value))
    case .comprehension(var comprehension):
      comprehension.scopeID = nextScopeID()
      comprehension.element = try fold(comprehension.element)
      comprehension.value = try fold(comprehension.value)
      for index in comprehension.clauses.indices {
        let clause = comprehension.clauses[index]
        comprehension.clauses[index].target = try fold(clause.target)
        comprehension.clauses[index].iterable = try fold(clause.iterable)
        comprehension.clauses[index].conditions = try fold(clause.conditions)
      }
      return .comprehension(comprehension)
    case .yield(let value): return .yield(try fold(value))
    case .yieldFrom(let value): return .yieldFrom(try fold(value))
    case .await(let value): return .await(try fold(value))
    case .namedExpression(let name, let value):
      if name == "__debug__" || constants[name] != nil {
        throw SyntaxProblem("can't assign to expression", line: expression.line)
      }
      return .namedExpression(name, try fold(value))
    }
  }

  /// Leaves out operands that can neither decide an `and` (deciding false) or `or` (deciding true) nor be its
  /// result, and those behind one that decides it.
  private func foldLogic(_ operands: [Expression], deciding: Bool, line: Int) -> Expression {
    var kept: [Expression] = []
    for (index, operand) in operands.enumerated() {
      let isLast = index == operands.count - 1
      guard let truth = operand.truth else {
        kept.append(operand)
        continue
      }
      if truth == deciding {
        kept.append(operand)
        break
      }
      if isLast { kept.append(operand) }
    }
    if kept.count == 1 { return kept[0] }
    return Expression(line: line, kind: deciding ? .or(kept) : .and(kept))
  }
}

extension Expression {
  var constant: Constant? {
    if case .constant(let value) = kind { value } else { nil }
  }

  /// Its truth value when that is known at compile time.
  var truth: Bool? { constant?.truth }
}

extension Constant {
  var truth: Bool {
    switch self {
    case .none, .false: false
    case .true, .ellipsis: true
    case .int(let value): value != 0
    case .bigInt(let value): !value.isZero
    case .float(let value), .imaginary(let value): value != 0
    case .string(let bytes), .bytes(let bytes): !bytes.isEmpty
    case .tuple(let items): !items.isEmpty
    }
  }
}
