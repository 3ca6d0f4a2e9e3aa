/// Comparisons that lists and tuples share.
extension Interpreter {
  /// Compares two sequences item by item. `left` and `right` give the item at an index, nil at the end: the items
  /// may change while firmware code compares them.
  func compareSequences(
    _ operation: BinaryOperation, _ left: (Int) -> Value?, _ right: (Int) -> Value?
  ) throws(Raised) -> Value {
    // As MicroPython does, `<` is asked as `>` with the sides exchanged, which classes can notice.
    if operation == .less { return try compareSequences(.greater, right, left) }
    if operation == .lessOrEqual { return try compareSequences(.greaterOrEqual, right, left) }
    try enterComparison()
    defer { state.pointee.comparisonDepth -= 1 }
    var index = 0
    while let first = left(index), let second = right(index) {
      try passTime(atItem: index)
      if try isSameItem(first, second) {
        index += 1
        continue
      }
      if operation == .equal { return .false }
      return Value(try binary(operation, first, second) == .true)
    }
    let leftHasMore = left(index) != nil
    let rightHasMore = right(index) != nil
    switch operation {
    case .equal: return Value(!leftHasMore && !rightHasMore)
    case .greater: return Value(leftHasMore)
    default: return Value(!rightHasMore)
    }
  }

  /// Refuses to compare or hash containers that are nested too deeply for the host's stack.
  func enterComparison() throws(Raised) {
    guard state.pointee.comparisonDepth < 200 else { throw recursionError() }
    // Nested values may be compared very often: a container may hold another one many times.
    if state.pointee.comparisonDepth > 0 { try passTime(costs.iteration) }
    state.pointee.comparisonDepth += 1
  }

  /// `left == right`, quickly for what items mostly are.
  @inline(__always)
  func isSameItem(_ left: Value, _ right: Value) throws(Raised) -> Bool {
    if left.isSmallInt && right.isSmallInt { return left == right }
    return try equal(left, right)
  }

  /// `index` of list and tuple; `arguments` are the receiver, the value and optional bounds.
  func firstIndex(in sequence: Value, _ arguments: Arguments, _ item: (Int) -> Value?, count: Int)
    throws(Raised)
    -> Value
  {
    var start = 0
    var stop = count
    if arguments.count > 2 {
      start = try position(arguments[2], in: sequence, count: count, clamps: true)
      if arguments.count > 3 { stop = try position(arguments[3], in: sequence, count: count, clamps: true) }
    }
    while start < stop, let candidate = item(start) {
      try passTime(atItem: start)
      if try isSameItem(candidate, arguments[1]) { return Value(smallInt: start) }
      start += 1
    }
    throw error(.valueError, "object not in sequence")
  }

  func occurrences(of value: Value, _ item: (Int) -> Value?) throws(Raised) -> Value {
    var count = 0
    var index = 0
    while let candidate = item(index) {
      try passTime(atItem: index)
      if try isSameItem(candidate, value) { count += 1 }
      index += 1
    }
    return Value(smallInt: count)
  }

  /// Whether a sequence holds `value`.
  func containsItem(_ value: Value, _ item: (Int) -> Value?) throws(Raised) -> Bool {
    var index = 0
    while let candidate = item(index) {
      try passTime(atItem: index)
      if try isSameItem(candidate, value) { return true }
      index += 1
    }
    return false
  }

  /// Prints `items` separated by commas.
  func printItems(_ item: (Int) -> Value?, _ style: PrintStyle, into output: inout TextOutput) throws(Raised)
  {
    var index = 0
    while let value = item(index) {
      if index > 0 { output.write(", ") }
      try print(value, style == .json ? .json : .repr, into: &output)
      index += 1
    }
  }

  /// `len(value)`, or nil if it has none.
  func lengthIfAny(_ value: Value) throws(Raised) -> Int? {
    if value.isKind(.instance) {
      guard let method = try findAttribute(value, heap.intern("__len__")) else { return nil }
      return try int(try call(method))
    }
    guard let unary = type(of: value).info.unary else { return nil }
    let length = try unary(self, .length, value)
    return length.isUnbound ? nil : try int(length)
  }
}
