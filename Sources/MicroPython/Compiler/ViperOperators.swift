/// Operators in viper functions: on two words or on two objects, never on one of each.
extension ViperTyping {
  func unary(
    _ op: UnaryOperator, _ operand: Expression, _ line: Int
  ) throws(SyntaxProblem) -> (Expression, ViperType) {
    let (value, type) = try typed(operand)
    if type.isInteger {
      return op == .plus ? (value, type) : (wrapped(.unary(op, value), type, line), type)
    }
    if type != .object { report("can't do unary op of '\(type.text)'") }
    return (Expression(line: line, kind: .unary(op, value)), type)
  }

  /// `left op right`; a result in words has the left operand's type.
  func binary(
    _ op: BinaryOperator, _ left: (value: Expression, type: ViperType),
    _ right: (value: Expression, type: ViperType), _ line: Int
  ) -> (Expression, ViperType) {
    guard left.type.isInteger && right.type.isInteger else {
      requireObjects(left.type, right.type)
      return (Expression(line: line, kind: .binary(op, left.value, right.value)), left.type)
    }
    switch op {
    case .floorDivide, .modulo: if left.type == .uint { report("div/mod not implemented for uint") }
    case .trueDivide: report("binary op __truediv__ not implemented")
    case .power: report("binary op __pow__ not implemented")
    case .matrixMultiply: report("binary op __matmul__ not implemented")
    default: break
    }
    return (wrapped(.binary(op, left.value, right.value), left.type, line), left.type)
  }

  /// A signed result, made one of `type`.
  private func wrapped(_ operation: WordOperation, _ type: ViperType, _ line: Int) -> Expression {
    let signed = word(operation, line)
    return type == .uint ? word(.word(.uint, signed), line) : signed
  }

  private func requireObjects(_ left: ViperType, _ right: ViperType) {
    if left != .object || right != .object {
      report("can't do binary op between '\(left.text)' and '\(right.text)'")
    }
  }

  func comparison(
    _ first: Expression, _ rest: [(ComparisonOperator, Expression)], _ line: Int
  ) throws(SyntaxProblem) -> (Expression, ViperType) {
    let (start, startType) = try typed(first)
    var leftType = startType
    var result = ViperType.bool
    var pairs: [(ComparisonOperator, Expression)] = []
    for (op, operand) in rest {
      let (right, rightType) = try typed(operand)
      result = compare(op, leftType, rightType)
      pairs.append((op, right))
      leftType = rightType
    }
    return (Expression(line: line, kind: .compare(start, pairs)), result)
  }

  /// The type of one comparison's result.
  func compare(_ op: ComparisonOperator, _ left: ViperType, _ right: ViperType) -> ViperType {
    guard left.isInteger && right.isInteger else {
      requireObjects(left, right)
      // After a mistake the left operand is what remains.
      return left
    }
    switch op {
    case .is, .isNot, .in, .notIn:
      report("binary op  not implemented")
      return left
    default: if left != right { report("comparison of int and uint") }
    }
    return .bool
  }
}
