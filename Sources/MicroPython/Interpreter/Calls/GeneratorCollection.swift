/// Taking everything that a generator yields, without leaving the bytecode loop for each value.
extension Interpreter {
  /// How many values the loop puts aside at most before they are looked at.
  private static let batch = 32

  /// Calls `body` with each value that `iterator` gives, in order. When that is a generator, it may have run on to later
  /// values already; so this is only for callers whose `body` has no effect that the generator could see.
  ///
  /// Collections may happen meanwhile, as in `nextOrUnbound`.
  /// - Parameter onlyPlain: `body` may run code for values other than numbers and strings; from the first of those on
  ///   the generator does not run ahead.
  func forEachAhead(
    in iterator: Value, onlyPlain: Bool, _ body: (Value) throws(Raised) -> Void
  ) throws(Raised) {
    var runsAhead = iterator.isKind(.generator)
    while true {
      let item: Value
      if runsAhead && GeneratorHandle(unchecked: iterator).pointer.pointee.pendingException.isUnbound {
        item = try takeBatch(of: GeneratorHandle(unchecked: iterator), onlyPlain: onlyPlain, body)
      } else {
        item = try nextOrUnbound(iterator)
      }
      if item.isUnbound { return }
      try body(item)
      if onlyPlain && item.isObject && !item.isKind(.string) { runsAhead = false }
    }
  }

  /// Runs a generator until it ends or a value does not fit the batch, and calls `body` with the values that
  /// it yielded before.
  ///
  /// - Returns: the value that did not fit, or `unbound` at the end.
  private func takeBatch(
    of generator: GeneratorHandle, onlyPlain: Bool, _ body: (Value) throws(Raised) -> Void
  ) throws(Raised) -> Value {
    // The batch lies on the register stack, where the collector sees it.
    let caller = state.pointee.frame
    let batch = caller.pointee.stackTop
    let end = batch + Interpreter.batch
    guard end + 1 < state.pointee.stackEnd else { return try nextOrUnbound(generator.value) }
    batch.update(repeating: .unbound, count: Interpreter.batch)
    caller.pointee.stackTop = end
    noteHighWater(end)
    defer { caller.pointee.stackTop = batch }
    guard
      try resume(
        generator.pointer, sending: .none, kind: onlyPlain ? .plainBatch : .batch, isEntry: true,
        result: batch)
    else {
      stopValue = takeResult(of: generator)
      return .unbound
    }
    // Invariant: nothing else is pushed where the generator's frame was until it has been read below.
    let frame = state.pointee.frame
    frame.pointee.extra = Value(smallInt: Interpreter.batch)
    var raised: Raised?
    var last = Value.unbound
    do throws(Raised) {
      try enterRun()
      defer { state.pointee.nativeDepth -= 1 }
      last = try run()
    } catch {
      raised = error
    }
    let count = Interpreter.batch - frame.pointee.extra.smallInt
    for index in 0..<count { try body(batch[index]) }
    if let raised { throw raised }
    if generator.isFinished {
      stopValue = takeResult(of: generator)
      return .unbound
    }
    return last
  }
}
