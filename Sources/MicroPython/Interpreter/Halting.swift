/// Ends that firmware cannot catch.
extension Interpreter {
  /// Ends the firmware as the loss of power does: what this returns is to be thrown, and no handler of the firmware
  /// sees it.
  package func halt() -> Raised {
    isHalted = true
    return errorInInterrupt(.systemExit, "")
  }

  /// An error that can be made while the heap is locked; like `MemoryError`, it comes from a reserve on the board.
  package func errorInInterrupt(_ kind: StandardException, _ message: String) -> Raised {
    let depth = heap.lockDepth
    heap.lockDepth = 0
    defer { heap.lockDepth = depth }
    return error(kind, message)
  }
}
