/// Parks the running task at an `await`, without reference counting: task switches are made of little else.
///
/// Invariant: `context` points to memory that lives as long as the type, which is as long as the heap.
package struct Parking {
  let context: UnsafeMutableRawPointer
  let body: @convention(c) (UnsafeMutableRawPointer) -> Bool

  /// - Parameter body: makes the running task wait; false when it can't, and the ordinary way shall be gone.
  package init(
    context: UnsafeMutableRawPointer, body: @escaping @convention(c) (UnsafeMutableRawPointer) -> Bool
  ) {
    self.context = context
    self.body = body
  }

  @inline(__always) func park() -> Bool { body(context) }
}
