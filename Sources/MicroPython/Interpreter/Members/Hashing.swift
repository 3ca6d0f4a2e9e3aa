/// `hash(value)`.
extension Interpreter {
  package func hash(_ value: Value) throws(Raised) -> Int {
    if value.isSmallInt { return IntegerArithmetic.hash(.small(value.smallInt)) }
    if value == .true { return 1 }
    if value == .false { return 0 }
    if let string = StringHandle(value) { return string.hash }
    if let instance = InstanceHandle(value) { return try hash(ofInstance: instance) }
    // A type without unary operations hashes by identity; one that has them says so.
    guard let slot = type(of: value).info.unary, !value.isNone else { return identity(of: value) }
    let result = try slot(self, .hash, value)
    if !result.isUnbound { return try truncated(result) }
    throw notHashable(value)
  }

  private func hash(ofInstance instance: InstanceHandle) throws(Raised) -> Int {
    let method = classMember(names.hash, of: instance.type)
    if !method.isUnbound && !method.isKind(.nativeFunction) {
      return try truncated(callSpecial(method, on: instance.value))
    }
    if !instance.native.isUnbound { return try hash(instance.native) }
    // A class that says what is equal but not how to hash it can't be hashed.
    if !classMember(names.equal, of: instance.type).isUnbound { throw notHashable(instance.value) }
    return identity(of: instance.value)
  }

  private func notHashable(_ value: Value) -> Raised {
    error(.typeError, "unsupported type for __hash__: '\(type(of: value).name)'")
  }

  /// The part of an integer that fits a word of the board with its tag.
  private func truncated(_ value: Value) throws(Raised) -> Int {
    let word: Int32
    if let big = BigIntHandle(native(of: value)) {
      word = Int32(truncatingIfNeeded: big.integer)
    } else {
      word = Int32(truncatingIfNeeded: try wideInt(value))
    }
    return Int((word << 1) >> 1)
  }
}
