/// Values that a built-in holds while firmware runs under it.
///
/// A built-in that walks over a generator lets the generator's bytecodes run, and collections happen between
/// them: values that nothing else refers to yet have to be held meanwhile. (`call` and `next` defer
/// collections instead, which is simpler but lets memory grow as long as they take.)
extension Interpreter {
  /// Keeps both values alive until `release` is given the result.
  @inline(__always)
  func hold(_ first: Value, _ second: Value) -> Int {
    temporaryRoots.append(first)
    temporaryRoots.append(second)
    return temporaryRoots.count - 2
  }

  /// Keeps `value` alive until `release` is given the result.
  @inline(__always)
  package func hold(_ value: Value) -> Int {
    temporaryRoots.append(value)
    return temporaryRoots.count - 1
  }

  @inline(__always)
  package func release(_ mark: Int) { temporaryRoots.removeLast(temporaryRoots.count - mark) }
}
