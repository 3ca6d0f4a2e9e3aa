import Asyncio
import MicroPython

/// Tasks that a call of `gather` waits for.
final class GatherGroup: Gathering, ValueHolding {
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
enum GatheringClass: PythonClass {
  static let name = "_Gathering"

  static func define(_ type: PythonClassBuilder<AsyncioRuntime, GatherGroup>) {
    type.make(.required("awaitables", .items), .required("return_exceptions", .bool)) {
      call, awaitables, keepsErrors -> Value in
      try call.host.makeGroup(awaitables, keepsErrors: keepsErrors)
    }
    type.method("park") { group, call in
      do {
        try group.prepare()
        return try group.begin()
      } catch {
        group.abandon()
        throw call.host.raised(error)
      }
    }
    type.method("conclude", .required("cancellation", .orNone(.value))) { group, call, cancellation in
      do { try group.conclude(cancellation: cancellation.map { Raised($0) }) } catch {
        // A task that cannot be cancelled; all else is what gather ends with.
        if error is SchedulerError { throw call.host.raised(error) }
        group.failure = call.host.raised(error)
      }
    }
    type.method("results") { group, call in
      if let failure = group.failure { throw failure }
      let results = call.vm.heap.list(reserving: group.count)
      group.forEachPythonTask { results.append($0.result, in: call.vm.heap) }
      return results.value
    }
  }
}

extension AsyncioRuntime {
  fileprivate func makeGroup(_ awaitables: [Value], keepsErrors: Bool) throws(Raised) -> Value {
    do {
      let group = try GatherGroup(on: scheduler, reserving: awaitables.count, keepsErrors: keepsErrors)
      for awaitable in awaitables { group.add(try promoteToTask(awaitable)) }
      return gatherings?.make(group) ?? .none
    } catch {
      let raised = self.raised(error)
      note(raised.exception, file: "asyncio/funcs.py", line: 89, function: "<listcomp>")
      throw raised
    }
  }
}
