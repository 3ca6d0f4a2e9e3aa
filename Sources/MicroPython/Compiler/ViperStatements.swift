/// Statements in viper functions.
extension ViperTyping {
  func typed(_ kind: Statement.Kind) throws(SyntaxProblem) -> Statement.Kind {
    switch kind {
    case .pass, .break, .continue, .global, .nonlocal, .wordStore: return kind
    case .expression(let value): return .expression(try typed(value).0)
    case .assign(let targets, let value): return try assignment(targets, value)
    case .assignEach(let items): return .assignEach(try assignedEach(items))
    case .annotatedAssign(_, _, nil): return .pass
    case .annotatedAssign(let target, _, let value?): return try assignment([target], value)
    case .augmentedAssign(let target, let op, let value):
      return try augmentedAssignment(target, op, value)
    case .return(let value): return .return(try returned(value))
    case .raise(let value, let cause):
      guard let value, cause == nil else { throw unsupported("native raise") }
      let (exception, type) = try typed(value)
      if type != .object { report("must raise an object") }
      return .raise(exception, cause: nil)
    case .delete(let targets):
      for target in targets {
        if case .name(let name) = target.kind { store(.none, in: name) }
      }
      return .delete(try deleted(targets))
    case .import(let aliases):
      for alias in aliases { store(.object, in: alias.alias ?? alias.firstComponent) }
      return kind
    case .importFrom(_, _, let names):
      for alias in names { store(.object, in: alias.alias ?? alias.name) }
      return kind
    case .assert(let test, let message):
      let test = try condition(test)
      return .assert(test, message: try object(message))
    case .if(let test, let then, let otherwise):
      let test = try condition(test)
      let then = try typed(then)
      return .if(test, then: then, else: try typed(otherwise))
    case .while(let test, let body, let otherwise):
      // In the order of the code: the test stands behind the body.
      let body = try typed(body)
      let test = try condition(test)
      return .while(test, body: body, else: try typed(otherwise))
    case .for(let target, let iterable, let body, let otherwise, let isAsync):
      if isAsync { throw unsupported("native yield") }
      return try loop(target, iterable, body, otherwise)
    case .try(let body, let handlers, let otherwise, let finally):
      let body = try typed(body)
      var typedHandlers: [ExceptionHandler] = []
      for var handler in handlers {
        handler.type = try object(handler.type)
        if let name = handler.name { store(.object, in: name) }
        handler.body = try typed(handler.body)
        // The name is set to None at the end, and None is no object.
        if let name = handler.name { store(.none, in: name) }
        typedHandlers.append(handler)
      }
      let otherwise = try typed(otherwise)
      return .try(
        body: body, handlers: typedHandlers, else: otherwise, finally: try typed(finally))
    case .with(let items, let body, let isAsync):
      if isAsync { throw unsupported("native yield") }
      var typedItems: [WithItem] = []
      for item in items {
        let context = try object(item.context)
        typedItems.append(WithItem(context: context, target: try item.target.map(target)))
      }
      return .with(typedItems, body: try typed(body), isAsync: false)
    case .function(var definition):
      definition = try nested(definition)
      store(.object, in: definition.name)
      return .function(definition)
    case .class(var definition):
      for index in definition.bases.indices {
        definition.bases[index].value = try object(definition.bases[index].value)
      }
      definition.decorators = try objects(definition.decorators)
      store(.object, in: definition.name)
      return .class(definition)
    }
  }

  /// A function inside a viper function is one itself unless it has another decorator.
  func nested(_ definition: FunctionDefinition) throws(SyntaxProblem) -> FunctionDefinition {
    var result = definition
    for index in result.parameters.indices {
      result.parameters[index].defaultValue = try object(result.parameters[index].defaultValue)
    }
    for (index, decorator) in definition.decorators.enumerated()
    where !definition.isBuiltIn(decorator) {
      result.decorators[index] = try object(decorator)
    }
    if !definition.decorators.contains(where: definition.isBuiltIn) {
      let module = Expression(line: definition.line, kind: .name("micropython"))
      result.decorators.append(Expression(line: definition.line, kind: .attribute(module, "viper")))
    }
    return result
  }

  private func returned(_ value: Expression?) throws(SyntaxProblem) -> Expression? {
    guard let value else { return nothing(line: nil) }
    if case .conditional(let test, let then, let otherwise) = value.kind {
      // The board returns from both branches.
      let test = try condition(test)
      guard let then = try returned(then), let otherwise = try returned(otherwise) else { return nil }
      return Expression(line: value.line, kind: .conditional(test: test, then: then, else: otherwise))
    }
    let (expression, type) = try typed(value)
    if type == .none { return nothing(line: value.line) }
    if type != result {
      report("return expected '\(result.text)' but got '\(type.text)'")
      return expression
    }
    return try object(expression, type, isStored: true)
  }

  /// Returns None as a value of the function's result type.
  func nothing(line: Int?) -> Expression? {
    switch result {
    case .object: line.map { Expression(line: $0, kind: .constant(.none)) }
    case .bool: Expression(line: line ?? 0, kind: .constant(.false))
    default: Expression(line: line ?? 0, kind: .constant(.int(0)))
    }
  }

  // MARK: Assignment

  private func assignment(
    _ targets: [Expression], _ value: Expression
  ) throws(SyntaxProblem) -> Statement.Kind {
    let (source, type) = try typed(value)
    if targets.count == 1, let store = try wordStore(targets[0], nil, source, type) {
      return .wordStore(store)
    }
    var newTargets: [Expression] = []
    var newValue = source
    for target in targets {
      let (newTarget, converted) = try assigned(target, source, type)
      newTargets.append(newTarget)
      if case .name(let name) = target.kind, isLocal(name) { continue }
      newValue = converted
    }
    return .assign(targets: newTargets, value: newValue)
  }

  private func assignedEach(_ items: [EachAssignment]) throws(SyntaxProblem) -> [EachAssignment] {
    var values: [(Expression, ViperType)] = []
    for item in items { values.append(try typed(item.value)) }
    var result: [EachAssignment] = []
    for (item, (value, type)) in zip(items, values) {
      if let store = try wordStore(item.target, nil, value, type) {
        result.append(EachAssignment(target: item.target, value: value, store: store))
      } else {
        let (target, value) = try assigned(item.target, value, type)
        result.append(EachAssignment(target: target, value: value))
      }
    }
    return result
  }

  /// The target of a typed value, and the value as the target needs it.
  private func assigned(
    _ target: Expression, _ value: Expression, _ type: ViperType
  ) throws(SyntaxProblem) -> (Expression, Expression) {
    if case .name(let name) = target.kind, isLocal(name) {
      store(type, in: name)
      return (target, value)
    }
    return (try self.target(target), try object(value, type, isStored: true))
  }

  /// A target of an object.
  private func target(_ target: Expression) throws(SyntaxProblem) -> Expression {
    let kind: Expression.Kind
    switch target.kind {
    case .name(let name):
      store(.object, in: name)
      return target
    case .attribute(let base, let name): kind = .attribute(try object(base), name)
    case .item(let base, let index):
      let (container, type) = try typed(base)
      if type != .object { report("can't store '\(ViperType.object.text)'") }
      kind = .item(container, try object(index))
    case .tuple(let items):
      var targets: [Expression] = []
      for item in items { targets.append(try self.target(item)) }
      kind = .tuple(targets)
    case .list(let items):
      var targets: [Expression] = []
      for item in items { targets.append(try self.target(item)) }
      kind = .list(targets)
    case .starred(let inner): kind = .starred(try self.target(inner))
    default: return target
    }
    return Expression(line: target.line, kind: kind)
  }

  /// The store to where a pointer leads, or nil for other targets.
  private func wordStore(
    _ target: Expression, _ op: BinaryOperator?, _ value: Expression, _ type: ViperType
  ) throws(SyntaxProblem) -> WordStore? {
    guard case .item(let base, let index) = target.kind else { return nil }
    let (pointer, pointerType) = try typed(base)
    if pointerType == .object { return nil }
    let (position, indexType) = try typed(index)
    if !indexType.isInteger { report("can't store with '\(indexType.text)' index") }
    if !type.isInteger && type != .bool { report("can't store '\(type.text)'") }
    guard let width = pointerType.itemWidth else {
      report("can't store to '\(pointerType.text)'")
      return WordStore(width: 1, pointer: pointer, index: position, value: value)
    }
    return WordStore(
      width: width, pointer: pointer, index: position, operation: op, value: value)
  }

  private func augmentedAssignment(
    _ target: Expression, _ op: BinaryOperator, _ value: Expression
  ) throws(SyntaxProblem) -> Statement.Kind {
    if case .item(let base, _) = target.kind, try typed(base).1 != .object {
      let (source, type) = try typed(value)
      let (_, sum) = binary(op, try typed(target), (source, type), target.line)
      if let store = try wordStore(target, op, source, sum) { return .wordStore(store) }
    }
    let old = try typed(target)
    let (source, type) = try typed(value)
    let (new, newType) = binary(op, old, (source, type), target.line)
    if newType == .object { return .augmentedAssign(target: try self.target(target), op, value: source) }
    if case .name(let name) = target.kind { store(newType, in: name) }
    return .assign(targets: [target], value: new)
  }

  private func deleted(_ targets: [Expression]) throws(SyntaxProblem) -> [Expression] {
    var result: [Expression] = []
    for target in targets {
      if case .name = target.kind {
        result.append(target)
      } else {
        result.append(try object(target))
      }
    }
    return result
  }

  // MARK: Loops

  private func loop(
    _ target: Expression, _ iterable: Expression, _ body: [Statement], _ otherwise: [Statement]
  ) throws(SyntaxProblem) -> Statement.Kind {
    guard case .name(let name) = target.kind, let range = CountedRange(iterable),
      case .call(let callee, let arguments) = iterable.kind
    else {
      let items = try object(iterable)
      let target = try self.target(target)
      let body = try typed(body)
      return .for(
        target: target, iterable: items, body: body, else: try typed(otherwise), isAsync: false)
    }
    let (stop, stopType) = try typed(range.stop)
    let (start, startType) = try typed(range.start)
    store(startType, in: name)
    let body = try typed(body)
    let step = Expression(line: iterable.line, kind: .constant(.int(range.step)))
    let (_, counterType) = binary(.add, (start, startType), (step, .int), iterable.line)
    _ = compare(.less, counterType, stopType)
    var bounds = arguments
    if bounds.count > 1 { bounds[0].value = start }
    bounds[min(1, bounds.count - 1)].value = stop
    return .for(
      target: target, iterable: Expression(line: iterable.line, kind: .call(callee, bounds)),
      body: body, else: try typed(otherwise), isAsync: false)
  }
}
