/// Argument checks of built-ins, with MicroPython's error texts.
extension Interpreter {
  /// Checks the arguments of a constructor.
  package func require(_ arguments: Arguments, _ count: ClosedRange<Int>) throws(Raised) {
    if arguments.keywordCount > 0 { throw error(.typeError, "function doesn't take keyword arguments") }
    if count.contains(arguments.count) { return }
    let given = arguments.count
    if count.lowerBound == count.upperBound {
      throw error(
        .typeError, "function takes \(count.lowerBound) positional arguments but \(given) were given")
    }
    if given < count.lowerBound {
      throw error(.typeError, "function missing \(count.lowerBound - given) required positional arguments")
    }
    throw error(.typeError, "function expected at most \(count.upperBound) arguments, got \(given)")
  }

  /// The receiver of a method, which `Type.method(x)` may call with anything.
  @inline(__always)
  func receiver<Handle: ObjectHandle>(_ arguments: Arguments) throws(Raised) -> Handle {
    if let handle = Handle(arguments[0]) { return handle }
    if let handle = Handle(native(of: arguments[0])) { return handle }
    throw wrongReceiver()
  }

  /// A board's text; only MicroPython builds with detailed errors name the types.
  @inline(never)
  func wrongReceiver() -> Raised { error(.typeError, "argument has wrong type") }

  /// Refuses to let something grow while the heap is locked, before it is changed.
  func requireRoom(_ count: Int, in capacity: Int) throws(Raised) {
    if heap.lockDepth != 0 && count > capacity {
      throw memoryError("memory allocation failed, heap is locked")
    }
  }

  /// Refuses to make an integer that the board's memory cannot hold, or that takes too long to compute with.
  func requireInteger(bits: Int) throws(Raised) {
    try requireMemory(bits / 8, itemSize: 1)
    if bits / UInt.bitWidth > BigInt.longest { try requireMemory(.max, itemSize: 1) }
  }

  /// Refuses what can never fit the board's memory before the host has to provide it.
  func requireMemory(_ count: Int, itemSize: Int = Heap.boardWord) throws(Raised) {
    let (bytes, overflows) = count.multipliedReportingOverflow(by: itemSize)
    if overflows || bytes > heap.capacity {
      let size = UInt32(clamping: bytes)
      throw error(.memoryError, "memory allocation failed, allocating \(size) bytes")
    }
  }
}
