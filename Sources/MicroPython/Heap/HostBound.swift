/// The bound of the host's memory, of which a board knows nothing: 64 MiB and eight bytes for each of the board's heap
/// (docs/security.md). Most objects keep to it by what they count on the board; what does not is counted here.
extension Heap {
  /// Objects that count nothing: above the first figure they are collected, above the second there is a MemoryError.
  private static let uncountedObjects = (many: 10_000, tooMany: 100_000)
  /// Bytes of classes and code: above the first figure garbage is collected, above the second there is a MemoryError.
  private static let excessBytes = (many: 32 << 20, tooMany: 40 << 20)

  /// Takes note of objects that take no memory of the board's: exceptions of interrupt handlers, what could not be allocated.
  func noteUncounted(_ count: Int) {
    uncounted += count
    if uncounted > Heap.uncountedObjects.many { pending.insert(.hostCollect) }
  }

  /// Takes note of a class or of code, with what it holds beyond eight times what it counts.
  func noteExcess(_ bytes: Int) {
    excess += bytes
    if mustCollectCode { pending.insert(.hostCollect) }
  }

  /// Whether there may be garbage among classes and code that fills the host.
  var mustCollectCode: Bool { excess > Heap.excessBytes.many }

  /// Whether garbage that cannot be collected yet fills more than it may.
  var hasTooMuchGarbage: Bool {
    used > ceiling || uncounted > Heap.uncountedObjects.tooMany || excess > Heap.excessBytes.tooMany
  }

  /// Whether classes and code still fill the host so that the next of them would soon have to be collected for again. Asked after
  /// a collection that was for them.
  var hasTooMuchCode: Bool { excess > Heap.excessBytes.many * 3 / 4 }

  /// Gives back to the board what objects count that were made since there were `first`: while the heap was locked, when the
  /// board could not make them. They are garbage by now, or count nothing.
  package func discount(from first: Int) {
    guard first < objectCount else { return }
    for index in first..<objectCount {
      used -= Int(objects[index].pointee.boardBytes)
      objects[index].pointee.boardBytes = 0
    }
    noteUncounted(objectCount - first)
  }
}
