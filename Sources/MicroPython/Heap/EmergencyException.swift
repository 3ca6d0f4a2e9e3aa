/// Exceptions that are made while the heap is locked: in hard interrupt handlers and after `micropython.heap_lock`.
///
/// The exception object itself is always there; arguments, text and traceback need the emergency buffer, whose layout
/// decides what fits (`py/objexcept.c`): two traceback entries of 12 bytes, then the tuple of arguments, then a string.
extension Heap {
  private static let tracebackBytes = 24
  private static let tupleBytes = 8
  private static let stringBytes = 16

  /// How many traceback entries fit the emergency buffer.
  var emergencyTracebackRoom: Int { emergencyBufferSize >= Heap.tracebackBytes ? 2 : 0 }

  func emergencyException(of type: TypeHandle, arguments: some Collection<Value>) -> Value {
    let needed = Heap.tracebackBytes + Heap.tupleBytes + arguments.count * Heap.boardWord
    return withoutCounting {
      exception(of: type, arguments: emergencyBufferSize >= needed ? Array(arguments) : [])
    }
  }

  /// The arguments of an exception with a text: as much of it as fits.
  func emergencyMessage(_ message: String) -> [Value] {
    let start = Heap.tracebackBytes + Heap.tupleBytes + Heap.boardWord + Heap.stringBytes
    guard emergencyBufferSize >= start else { return [] }
    let text = Array(message.utf8).prefix(max(0, emergencyBufferSize - start - 1))
    return withoutCounting { [string(Array(text))] }
  }

  /// Makes objects that take no memory of the board, whether the heap is locked or full.
  package func withoutCounting<Result>(_ body: () -> Result) -> Result {
    let (depth, oldLimit, oldUsed, oldFloats, first) = (lockDepth, limit, used, floatBytes, objectCount)
    let report = onBulk
    lockDepth = 0
    limit = .max
    onBulk = nil
    let result = body()
    onBulk = report
    for index in first..<objectCount { objects[index].pointee.boardBytes = 0 }
    (lockDepth, limit, used, floatBytes) = (depth, oldLimit, oldUsed, oldFloats)
    noteUncounted(objectCount - first)
    return result
  }
}
