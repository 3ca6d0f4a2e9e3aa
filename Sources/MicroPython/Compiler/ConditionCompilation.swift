/// Conditional jumps that need no boolean value in a register.
extension FunctionCompiler {
  /// Jumps to `label` if the truth value of `condition` is `wanted`, else goes on.
  func jump(to label: Label, if condition: Expression, is wanted: Bool) throws(SyntaxProblem) {
    let mark = top
    defer { top = mark }
    switch condition.kind {
    case .constant(let constant):
      if constant.truth == wanted { emitJump(.jump, to: label) }
    case .not(let operand):
      try jump(to: label, if: operand, is: !wanted)
    case .and(let operands): try jump(to: label, ifAll: operands, deciding: false, is: wanted)
    case .or(let operands): try jump(to: label, ifAll: operands, deciding: true, is: wanted)
    case .compare(let first, let rest):
      markLine(of: condition)
      try jump(to: label, ifComparing: first, rest, is: wanted)
    default:
      let register = try operand(condition)
      emitJump(wanted ? .jumpIfTrue : .jumpIfFalse, a: register, to: label)
    }
  }

  /// `and` (deciding false) and `or` (deciding true): the first operand with the deciding value decides.
  private func jump(
    to label: Label, ifAll operands: [Expression], deciding: Bool, is wanted: Bool
  ) throws(SyntaxProblem) {
    if wanted == deciding {
      for operand in operands { try jump(to: label, if: operand, is: wanted) }
      return
    }
    let end = Label()
    for operand in operands.dropLast() { try jump(to: end, if: operand, is: deciding) }
    if let last = operands.last { try jump(to: label, if: last, is: wanted) }
    place(end)
  }

  private func jump(
    to label: Label, ifComparing first: Expression, _ rest: [(ComparisonOperator, Expression)],
    is wanted: Bool
  ) throws(SyntaxProblem) {
    let end = Label()
    var left = try operand(first)
    for (index, (op, expression)) in rest.enumerated() {
      let isLast = index + 1 == rest.count
      let target = isLast || !wanted ? label : end
      left = try jumpComparing(left, op, expression, is: isLast && wanted, to: target, keepsRight: !isLast)
    }
    place(end)
  }

  /// One comparison with a jump; returns the register of the right operand if that is kept.
  private func jumpComparing(
    _ left: Int, _ op: ComparisonOperator, _ right: Expression, is wanted: Bool, to label: Label,
    keepsRight: Bool
  ) throws(SyntaxProblem) -> Int {
    switch op {
    case .is, .isNot:
      let isWanted = (op == .is) == wanted
      if !keepsRight, case .constant(.none) = right.kind {
        emitJump(isWanted ? .jumpIfNone : .jumpIfNotNone, a: left, to: label)
        return left
      }
      let register = try operand(right)
      emitJump(isWanted ? .jumpIfIs : .jumpIfIsNot, a: left, b: register, to: label)
      return register
    case .in, .notIn:
      let register = try operand(right)
      let result = allocate()
      emit(.contains, a: result, b: left, c: register)
      emitJump((op == .in) == wanted ? .jumpIfTrue : .jumpIfFalse, a: result, to: label)
      return register
    default:
      if !keepsRight, let value = right.immediate {
        let base: Opcode = wanted ? .jumpIfLessInt : .jumpUnlessLessInt
        emitJump(base.offset(by: op.rawValue), a: left, b: value, to: label)
        return left
      }
      let register = try operand(right)
      let base: Opcode = wanted ? .jumpIfLess : .jumpUnlessLess
      emitJump(base.offset(by: op.rawValue), a: left, b: register, to: label)
      return register
    }
  }
}
