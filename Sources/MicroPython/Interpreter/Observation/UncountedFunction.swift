/// Built-ins of an observer outside of the firmware, whose calls the board does not notice.
extension Interpreter {
  /// Creates a built-in whose call takes no board time: neither the call nor the code that led to it since
  /// time was last charged. The work of its body takes its own time. Its result takes no memory if it is made
  /// in `Heap.withoutCounting`.
  func uncountedFunction(
    _ name: String, _ count: ClosedRange<Int>, keywords: Bool = false, _ body: @escaping NativeBody
  ) -> Value {
    heap.function(name, count, keywords: keywords) { (vm, args) throws(Raised) in
      vm.takeBackCost()
      return try body(vm, args)
    }
  }

  /// Gives back what the call instruction that the running frame stands at has charged.
  package func takeBackCost() {
    let frame = state.pointee.frame
    let code = UnsafePointer(frame.pointee.code.pointee.instructions)
    // Invariant: a frame that calls stands behind its call instruction; the one at the bottom of all has not begun.
    guard frame.pointee.pc > code else { return }
    account.pointee.remaining &+= frame.pointee.pc[-1].nanoseconds &+ costs.nativeCall
  }
}

extension TypeBuilder {
  /// A method of the same kind.
  func uncountedMethod(
    _ name: String, _ count: ClosedRange<Int>, keywords: Bool, _ body: @escaping NativeBody
  ) {
    let upper = count.upperBound == Int.max ? Int.max : count.upperBound + 1
    attribute(
      name, vm.uncountedFunction(name, (count.lowerBound + 1)...upper, keywords: keywords, body))
  }
}
