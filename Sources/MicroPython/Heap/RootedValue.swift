/// A Python value that Swift code holds beyond the call that brought it: its object lives at least as long as this does.
///
/// A plain `Value` is an address that the collector does not know. It may live in a Swift variable during a call, and in
/// an object that reports it (`ValueHolding`, `Interpreter.rootVisitors`); an escaping closure that needs one captures a
/// `RootedValue`.
package final class RootedValue {
  /// The value; another one can take its place.
  package var value: Value {
    get { roots.values[index] }
    set { roots.values[index] = newValue }
  }

  private let roots: RootTable
  private let index: Int

  /// Only the thread that has the baton may make or release one.
  package init(_ value: Value, in heap: Heap) {
    roots = heap.roots
    index = roots.add(value)
  }

  deinit { roots.remove(index) }
}

/// The rooted values of a heap, for its collector.
final class RootTable {
  fileprivate(set) var values: [Value] = []
  private var freeIndices: [Int] = []

  fileprivate func add(_ value: Value) -> Int {
    if let index = freeIndices.popLast() {
      values[index] = value
      return index
    }
    values.append(value)
    return values.count - 1
  }

  fileprivate func remove(_ index: Int) {
    values[index] = .unbound
    freeIndices.append(index)
  }
}
