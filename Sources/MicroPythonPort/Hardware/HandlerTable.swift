import Machine
import MicroPython

/// The functions that firmware has registered for interrupts, by what they belong to.
struct HandlerTable {
  struct Entry {
    /// The source's name in the trace: `X1`, `Timer 4`.
    var source: String
    var function: Value
    var argument: Value
  }

  private var entries: [ObjectIdentifier: Entry] = [:]

  subscript(part: AnyObject) -> Entry? {
    get { entries[ObjectIdentifier(part)] }
    set { entries[ObjectIdentifier(part)] = newValue }
  }

  /// A handler that raised is off, as on the board.
  mutating func forget(failed source: String) {
    for (key, entry) in entries where entry.source == source { entries[key] = nil }
  }

  func visitValues(_ visit: (Value) -> Void) {
    for entry in entries.values {
      visit(entry.function)
      visit(entry.argument)
    }
  }
}

extension Hardware {
  /// What the board calls for a handler written in firmware, and remembers the handler.
  /// - Parameters:
  ///   - part: what interrupts; it has one handler at a time.
  ///   - complaint: what the board prints when the handler raises.
  ///   - note: told of each interrupt before the handler runs.
  /// - Returns: `nil` for None: no handler.
  func handler(
    _ function: Value, argument: Value, for part: AnyObject, source: String, isHard: Bool, complaint: String,
    note: ((Interrupt) -> Void)? = nil
  ) throws(Raised) -> InterruptHandler? {
    guard !function.isNone else {
      handlers[part] = nil
      return nil
    }
    guard vm.isCallable(function) else {
      throw vm.error(.valueError, "callback must be None or a callable object")
    }
    callbackIsSet?(function)
    handlers[part] = HandlerTable.Entry(source: source, function: function, argument: argument)
    // The table keeps both alive for as long as the board may call.
    if isHard {
      return .hard { [unowned self] interrupt in
        note?(interrupt)
        try runHard(function, argument, complaint)
      }
    }
    return .soft { [unowned self] interrupt in
      note?(interrupt)
      // Full is lost, as on the board: nobody is there to be told.
      do throws(Raised) { try vm.schedule(function, argument) } catch {}
    }
  }

  /// Runs a hard handler on the `interrupt` thread, which has the baton: with a locked heap, and nothing else of the
  /// firmware in between.
  private func runHard(_ function: Value, _ argument: Value, _ complaint: String) throws(Raised) {
    vm.heap.lock()
    do throws(Raised) {
      _ = try vm.callUnpinned(function, arguments: [argument])
      try vm.checkLockedAllocation()
      vm.heap.unlock()
    } catch {
      vm.heap.unlock()
      vm.printUncaught(error.exception, after: complaint + "\n")
      throw error
    }
  }
}
