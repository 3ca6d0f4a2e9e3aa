import Asyncio
import MicroPython

/// Tasks that a call of `gather` waits for.
private final class GatherGroup: Gathering, ValueHolding {
  /// The exception that `gather` ends with instead of results.
  var failure: Raised?

  func visitValues(_ visit: (Value) -> Void) {
    forEachPythonTask { visit($0.object) }
    if let failure { visit(failure.exception) }
  }

  func forEachPythonTask(_ body: (PythonTask) -> Void) {
    forEachTask { if let task = $0 as? PythonTask { body(task) } }
  }
}

/// `_Gathering`, with which the frozen `gather` waits for several tasks.
extension AsyncioRuntime {
  func defineGathering() {
    gatheringType.info.make = { [core = reference] (vm, _, args) throws(Raised) in
      try core.use { runtime throws(Raised) in
        guard let awaitables = TupleHandle(args[0]) else { return .none }
        return try runtime.makeGroup(awaitables, keepsErrors: vm.isTrue(args[1]))
      }
    }
    vm.define(gatheringType) { type in
      type.method("park", 0...0) { [core = reference] (_, args) throws(Raised) in
        try core.use { runtime throws(Raised) in
          guard let group = runtime.group(args[0]) else { return .false }
          do {
            try group.prepare()
            return Value(try group.begin())
          } catch {
            group.abandon()
            throw runtime.raised(error)
          }
        }
      }
      type.method("conclude", 1...1) { [core = reference] (_, args) throws(Raised) in
        try core.use { runtime throws(Raised) in
          guard let group = runtime.group(args[0]) else { return .none }
          do { try group.conclude(cancellation: args[1].isNone ? nil : Raised(args[1])) } catch {
            // A task that cannot be cancelled; all else is what gather ends with.
            if error is SchedulerError { throw runtime.raised(error) }
            group.failure = runtime.raised(error)
          }
          return .none
        }
      }
      type.method("results", 0...0) { [core = reference] (vm, args) throws(Raised) in
        try core.use { runtime throws(Raised) in
          guard let group = runtime.group(args[0]) else { return .none }
          if let failure = group.failure { throw failure }
          let results = vm.heap.list(reserving: group.count)
          group.forEachPythonTask { results.append($0.result, in: vm.heap) }
          return results.value
        }
      }
    }
  }

  private func makeGroup(_ awaitables: TupleHandle, keepsErrors: Bool) throws(Raised) -> Value {
    do {
      let group = try GatherGroup(on: scheduler, reserving: awaitables.count, keepsErrors: keepsErrors)
      for awaitable in awaitables.items { group.add(try promoteToTask(awaitable)) }
      return vm.heap.native(gatheringType, holding: group)
    } catch {
      let raised = self.raised(error)
      note(raised.exception, file: "asyncio/funcs.py", line: 89, function: "<listcomp>")
      throw raised
    }
  }

  private func group(_ value: Value) -> GatherGroup? {
    guard let handle = NativeHandle(value), handle.type == gatheringType else { return nil }
    return handle.payload as? GatherGroup
  }
}
