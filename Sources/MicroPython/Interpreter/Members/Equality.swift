/// `==` and `!=`.
extension Interpreter {
  /// `left == right`.
  package func equal(_ left: Value, _ right: Value) throws(Raised) -> Bool {
    if left == right && !mayDifferFromItself(left) { return true }
    if left.isSmallInt && right.isSmallInt { return false }
    if let a = StringHandle(left), let b = StringHandle(right) {
      if a.isInterned && b.isInterned { return false }
      guard a.hash == b.hash && a.byteCount == b.byteCount else { return false }
      try passTime(bytes: a.byteCount)
      return a.utf8.elementsEqual(b.utf8)
    }
    return try isTrue(askedEquality(.equal, left, right))
  }

  /// Returns the result of `==` or `!=`, which firmware classes may make any value.
  func equality(_ operation: BinaryOperation, _ left: Value, _ right: Value) throws(Raised) -> Value {
    if left.isKind(.instance) || right.isKind(.instance) { return try askedEquality(operation, left, right) }
    return Value(try equal(left, right) == (operation == .equal))
  }

  /// NaN differs from itself, and firmware may say what it likes.
  private func mayDifferFromItself(_ value: Value) -> Bool {
    value.isKind(.float) || value.isKind(.complex) || value.isKind(.instance)
  }

  /// Asks either operand, the left one first, and falls back on identity.
  private func askedEquality(
    _ operation: BinaryOperation, _ left: Value, _ right: Value
  ) throws(Raised) -> Value {
    for (first, second) in [(left, right), (right, left)] {
      let info = type(of: first).info
      var result = Value.unbound
      if info.isFirmwareClass {
        if operation == .notEqual {
          result = try instanceBinary(.notEqual, first, second)
          if !result.isUnbound { return result }
        }
        result = try instanceBinary(.equal, first, second)
      } else if let slot = info.binary {
        result = try slot(self, .equal, first, native(of: second))
      }
      if result.isUnbound || result == .notImplemented { continue }
      return operation == .equal ? result : Value(try !isTrue(result))
    }
    return Value((left == right) == (operation == .equal))
  }
}
