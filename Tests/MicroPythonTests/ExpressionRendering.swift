@testable import MicroPython

/// An expression with every grouping in parentheses, to compare trees by.
func rendering(_ expression: Expression?) -> String {
  guard let expression else { return "None" }
  func list(_ items: [Expression]) -> String { items.map { rendering($0) }.joined(separator: ", ") }
  switch expression.kind {
  case .constant(.int(let value)): return "\(value)"
  case .constant(.string(let bytes)): return "'\(String(decoding: bytes, as: UTF8.self))'"
  case .constant(let other): return "\(other)"
  case .name(let name): return name
  case .unary(let operation, let operand):
    return "(\([.plus: "+", .minus: "-", .invert: "~"][operation] ?? "?") \(rendering(operand)))"
  case .binary(let operation, let left, let right):
    let symbols: [BinaryOperator: String] = [.add: "+", .subtract: "-", .multiply: "*", .power: "**"]
    return "(\(rendering(left)) \(symbols[operation] ?? "?") \(rendering(right)))"
  case .not(let operand): return "(not \(rendering(operand)))"
  case .and(let operands): return "(" + operands.map { rendering($0) }.joined(separator: " and ") + ")"
  case .or(let operands): return "(" + operands.map { rendering($0) }.joined(separator: " or ") + ")"
  case .compare(let first, let rest):
    let symbols: [ComparisonOperator: String] = [
      .less: "<", .equal: "==", .notIn: "not in", .isNot: "is not",
    ]
    return "(" + rendering(first) + rest.map { " \(symbols[$0] ?? "?") \(rendering($1))" }.joined() + ")"
  case .conditional(let test, let then, let otherwise):
    return "(\(rendering(then)) if \(rendering(test)) else \(rendering(otherwise)))"
  case .call(let callee, let arguments):
    let rendered = arguments.map { argument in
      switch argument.kind {
      case .positional: rendering(argument.value)
      case .keyword(let name): "\(name)=\(rendering(argument.value))"
      case .star: "*\(rendering(argument.value))"
      case .doubleStar: "**\(rendering(argument.value))"
      }
    }
    return "\(rendering(callee))(\(rendered.joined(separator: ", ")))"
  case .attribute(let object, let name): return "\(rendering(object)).\(name)"
  case .item(let object, let index): return "\(rendering(object))[\(rendering(index))]"
  case .slice(let lower, let upper, let step):
    return "\(rendering(lower)):\(rendering(upper)):\(rendering(step))"
  case .tuple(let items): return "(\(list(items)))"
  case .list(let items): return "[\(list(items))]"
  case .set(let items): return "{\(list(items))}"
  case .dict(let pairs):
    return "{" + pairs.map { "\(rendering($0.key)): \(rendering($0.value))" }.joined(separator: ", ") + "}"
  case .comprehension(let comprehension):
    let clauses = comprehension.clauses.map { clause in
      " for \(rendering(clause.target)) in \(rendering(clause.iterable))"
        + clause.conditions.map { " if \(rendering($0))" }.joined()
    }
    let body = rendering(comprehension.element) + clauses.joined()
    return comprehension.kind == .list ? "[\(body)]" : "(\(body))"
  case .await(let operand): return "(await \(rendering(operand)))"
  case .namedExpression(let name, let value): return "(\(name) := \(rendering(value)))"
  case .word: return "word"
  case .starred(let operand): return "*\(rendering(operand))"
  case .lambda, .yield, .yieldFrom: return "?"
  }
}
