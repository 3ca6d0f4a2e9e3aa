/// Whether a value can have been worked out from something that was read earlier.
extension FunctionCompiler {
  /// An expression carries old data when it uses a local variable, other than to call one of its methods, or awaits
  /// half-way. The time, a constant or the result of a call without arguments is new.
  func mayHoldStaleRead(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .constant, .lambda: return false
    case .name(let name):
      switch storage(of: name) {
      case .register, .cell: return true
      case .global, .dictionary: return false
      }
    case .unary(_, let value), .not(let value), .starred(let value), .attribute(let value, _):
      return mayHoldStaleRead(value)
    case .binary(_, let left, let right), .item(let left, let right):
      return mayHoldStaleRead(left) || mayHoldStaleRead(right)
    case .and(let items), .or(let items), .tuple(let items), .list(let items), .set(let items):
      return items.contains(where: mayHoldStaleRead)
    case .compare(let first, let rest):
      return mayHoldStaleRead(first) || rest.contains { mayHoldStaleRead($0.1) }
    case .conditional(let test, let then, let otherwise):
      return [test, then, otherwise].contains(where: mayHoldStaleRead)
    case .call(let callee, let arguments):
      return hasStaleReceiver(callee) || arguments.contains { mayHoldStaleRead($0.value) }
    case .dict(let pairs):
      return pairs.contains { $0.key.map(mayHoldStaleRead) ?? false || mayHoldStaleRead($0.value) }
    case .slice, .comprehension, .yield, .yieldFrom, .await, .namedExpression, .word: return true
    }
  }

  /// The receiver of a method, however many dots there are, is where the call goes, not its data.
  private func hasStaleReceiver(_ callee: Expression) -> Bool {
    var receiver = callee
    while case .attribute(let object, _) = receiver.kind { receiver = object }
    if case .name = receiver.kind { return false }
    return mayHoldStaleRead(receiver)
  }
}
