/// Expressions, except calls, conditions and definitions.
extension FunctionCompiler {
  /// The register that holds the value: a local itself where possible, else `scratch` or a new temporary.
  func operand(_ expression: Expression, scratch: Int? = nil) throws(SyntaxProblem) -> Int {
    if case .name(let name) = expression.kind, let register = localRegister(name),
      !scope.namedExpressionTargets.contains(name)
    {
      requireBound(register)
      return register
    }
    let register = scratch ?? allocate()
    try evaluate(expression, into: register)
    return register
  }

  /// Two operands; the first is complete before the second is begun.
  func operands(
    _ left: Expression, _ right: Expression, scratch: Int? = nil
  ) throws(SyntaxProblem) -> (Int, Int) {
    let first = try operand(left, scratch: scratch)
    return (first, try operand(right, scratch: first == scratch ? nil : scratch))
  }

  /// Evaluates for the side effects alone.
  func discard(_ expression: Expression) throws(SyntaxProblem) {
    try withTemporaries { () throws(SyntaxProblem) in _ = try operand(expression) }
  }

  func evaluate(_ expression: Expression, into destination: Int) throws(SyntaxProblem) {
    let mark = top
    defer { top = mark }
    markLine(of: expression)
    switch expression.kind {
    case .constant(let constant): emitConstant(constant, into: destination)
    case .name(let name): loadName(name, into: destination)
    case .unary(let op, let value):
      let source = try operand(value, scratch: usable(destination))
      emit(op.opcode, a: destination, b: source)
    case .not(let value):
      let source = try operand(value, scratch: usable(destination))
      emit(.not, a: destination, b: source)
    case .binary(let op, let left, let right):
      try evaluateBinary(op, left, right, into: destination)
    case .and(let operands): try evaluateLogic(operands, stopAt: .jumpIfFalse, into: destination)
    case .or(let operands): try evaluateLogic(operands, stopAt: .jumpIfTrue, into: destination)
    case .compare(let first, let rest): try evaluateComparison(first, rest, into: destination)
    case .conditional(let test, let then, let otherwise):
      let elseLabel = Label()
      let end = Label()
      try jump(to: elseLabel, if: test, is: false)
      try evaluate(then, into: destination)
      emitJump(.jump, to: end)
      place(elseLabel)
      try evaluate(otherwise, into: destination)
      place(end)
    case .lambda(let definition): try evaluateFunction(definition, into: destination)
    case .call(let callee, let arguments):
      try evaluateCall(callee, arguments, of: expression, into: destination)
    case .attribute(let object, let name):
      let register = try operand(object, scratch: usable(destination))
      advance(to: expression.trailerLine)
      watchAttribute(name, of: register)
      emit(.getAttribute, a: destination, b: register, c: newCache(for: name))
    case .item(let object, let index):
      if let constant = index.immediate {
        let register = try operand(object, scratch: usable(destination))
        advance(to: expression.trailerLine)
        watchItem(at: constant, of: register)
        emit(.getItemInt, a: destination, b: register, c: constant)
      } else {
        let (container, key) = try operands(object, index, scratch: usable(destination))
        advance(to: expression.trailerLine)
        watchItem(key, of: container)
        emit(.getItem, a: destination, b: container, c: key)
      }
    case .slice(let lower, let upper, let step):
      let base = allocate(3)
      for (offset, bound) in [lower, upper, step].enumerated() {
        if let bound {
          try evaluate(bound, into: base + offset)
        } else {
          emit(.loadNone, a: base + offset)
        }
      }
      emit(.buildSlice, a: destination, b: base, c: 1)
    case .tuple(let items): try evaluateTuple(items, into: destination)
    case .list(let items):
      try evaluateDisplay(items, build: .buildList, add: .listAppend, into: destination)
    case .set(let items):
      try evaluateDisplay(items, build: .buildSet, add: .setAdd, into: destination)
    case .dict(let pairs): try evaluateDict(pairs, line: expression.line, into: destination)
    case .starred: throw problem("*x must be assignment target", line: expression.line)
    case .comprehension(let comprehension): try evaluateComprehension(comprehension, into: destination)
    case .yield(let value):
      let source: Int
      if let value {
        source = try operand(value, scratch: usable(destination))
      } else {
        source = scratch(destination)
        emit(.loadNone, a: source)
      }
      emit(.yieldValue, a: destination, b: source)
    case .yieldFrom(let value):
      let register = scratch(destination)
      try evaluate(value, into: register)
      emit(.getIterator, a: register, b: register)
      emit(.yieldFrom, a: register)
      emitMove(from: register, to: destination)
    case .await(let value):
      let register = scratch(destination)
      try evaluate(value, into: register)
      emit(.await, a: register)
      emitMove(from: register, to: destination)
    case .namedExpression(let name, let value):
      let register = scratch(destination)
      try evaluate(value, into: register)
      storeName(name, from: register)
      emitMove(from: register, to: destination)
    case .word(let operation): try evaluate(operation, into: destination)
    }
  }

  /// `register` if it may be used as scratch.
  func usable(_ register: Int) -> Int? { isTemporary(register) ? register : nil }

  /// Compound expressions set the line for the instructions that follow; names and short constants do not.
  func markLine(of expression: Expression) {
    switch expression.kind {
    case .name, .constant(.int), .constant(.none), .constant(.true), .constant(.false),
      .constant(.ellipsis), .starred:
      break
    case .constant(.string(let bytes)) where bytes.count <= 10: break
    default: advance(to: expression.line)
    }
  }

  private func evaluateBinary(
    _ op: BinaryOperator, _ left: Expression, _ right: Expression, into destination: Int
  ) throws(SyntaxProblem) {
    if op == .add || op == .subtract, let value = right.immediate {
      let source = try operand(left, scratch: usable(destination))
      emit(op == .add ? .addInt : .subtractInt, a: destination, b: source, c: value)
      return
    }
    let (a, b) = try operands(left, right, scratch: usable(destination))
    emit(op.opcode, a: destination, b: a, c: b)
  }

  private func evaluateLogic(
    _ operands: [Expression], stopAt opcode: Opcode, into destination: Int
  ) throws(SyntaxProblem) {
    let register = scratch(destination)
    let end = Label()
    for (index, operand) in operands.enumerated() {
      try evaluate(operand, into: register)
      if index + 1 < operands.count { emitJump(opcode, a: register, to: end) }
    }
    place(end)
    emitMove(from: register, to: destination)
  }

  private func evaluateComparison(
    _ first: Expression, _ rest: [(ComparisonOperator, Expression)], into destination: Int
  ) throws(SyntaxProblem) {
    if rest.count == 1 {
      let (left, right) = try operands(first, rest[0].1, scratch: usable(destination))
      if rest[0].0 == .in || rest[0].0 == .notIn { watchContentRead(of: right) }
      emit(rest[0].0.opcode, a: destination, b: left, c: right)
      return
    }
    let result = scratch(destination)
    let end = Label()
    var left = try operand(first)
    for (index, (op, expression)) in rest.enumerated() {
      let right = try operand(expression)
      emit(op.opcode, a: result, b: left, c: right)
      if index + 1 < rest.count { emitJump(.jumpIfFalse, a: result, to: end) }
      left = right
    }
    place(end)
    emitMove(from: result, to: destination)
  }

  // MARK: Displays

  /// Longer displays are built piece by piece, so that they need no large register window.
  private static let displayPiece = 64

  private func evaluateTuple(_ items: [Expression], into destination: Int) throws(SyntaxProblem) {
    if items.count <= Self.displayPiece {
      try evaluateDisplay(items, build: .buildTuple, add: .listAppend, into: destination)
    } else {
      let list = scratch(destination)
      try evaluateDisplay(items, build: .buildList, add: .listAppend, into: list)
      emit(.listToTuple, a: list)
      emitMove(from: list, to: destination)
    }
  }

  private func evaluateDisplay(
    _ items: [Expression], build: Opcode, add: Opcode, into destination: Int
  ) throws(SyntaxProblem) {
    // A long set is made with room for all of it, so that it has MicroPython's order.
    let isReserved = build == .buildSet && items.count > Self.displayPiece
    let piece = items.prefix(isReserved ? 0 : Self.displayPiece)
    let isWhole = piece.count == items.count
    let collection = isWhole ? destination : scratch(destination)
    try withTemporaries { () throws(SyntaxProblem) in
      let base = top
      for item in piece { try evaluate(item, into: allocate()) }
      emit(build, a: collection, b: base, c: piece.count)
      if isReserved { emitReserve(items.count, in: collection) }
    }
    for item in items.dropFirst(piece.count) {
      try withTemporaries { () throws(SyntaxProblem) in
        let value = try operand(item)
        emit(add, a: collection, b: value)
      }
    }
    emitMove(from: collection, to: destination)
  }

  private func evaluateDict(
    _ pairs: [(key: Expression?, value: Expression)], line: Int, into destination: Int
  ) throws(SyntaxProblem) {
    let isWhole = pairs.count <= Self.displayPiece / 2
    let piece = pairs.prefix(isWhole ? pairs.count : 0)
    let dict = isWhole ? destination : scratch(destination)
    try withTemporaries { () throws(SyntaxProblem) in
      let base = top
      for (key, value) in piece {
        guard let key else { throw problem("invalid syntax", line: line) }
        let pair = allocate(2)
        advance(to: key.line)
        // MicroPython evaluates the value before the key.
        try evaluate(value, into: pair + 1)
        try evaluate(key, into: pair)
      }
      emit(.buildDict, a: dict, b: base, c: piece.count)
      if !isWhole { emitReserve(pairs.count, in: dict) }
    }
    for (key, value) in pairs.dropFirst(piece.count) {
      guard let key else { throw problem("invalid syntax", line: line) }
      try withTemporaries { () throws(SyntaxProblem) in
        let (valueRegister, keyRegister) = try operands(value, key)
        emit(.dictSet, a: dict, b: keyRegister, c: valueRegister)
      }
    }
    emitMove(from: dict, to: destination)
  }
}

extension FunctionCompiler {
  private func emitReserve(_ count: Int, in register: Int) {
    emit(.reserve, a: register, b: count & 0xffff, c: count >> 16)
  }
}

extension Expression {
  /// The value of an integer constant that fits an instruction's operand.
  var immediate: Int? {
    guard case .constant(.int(let value)) = kind, Int16(exactly: value) != nil else { return nil }
    return value
  }
}

extension UnaryOperator {
  var opcode: Opcode {
    switch self {
    case .plus: .positive
    case .minus: .negate
    case .invert: .invert
    }
  }
}

extension BinaryOperator {
  var opcode: Opcode { Opcode.add.offset(by: rawValue) }
  var inplaceOpcode: Opcode { Opcode.inplaceAdd.offset(by: rawValue) }
}

extension ComparisonOperator {
  var opcode: Opcode { Opcode.less.offset(by: rawValue) }
}

extension Opcode {
  /// The opcode that stands `distance` cases behind this one, in families that share an order.
  func offset(by distance: UInt8) -> Opcode { Opcode(rawValue: rawValue + distance) ?? self }
}
