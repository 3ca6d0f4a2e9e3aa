import Asyncio
import MicroPython

/// Tasks that a call of `gather` waits for.
private final class TaskGroup: ValueHolding {
  let tasks: [PythonTask]
  let gathering: Gathering
  /// What `gather` ends with instead of results.
  var failure: Raised?

  init(_ tasks: [PythonTask], _ gathering: Gathering) {
    self.tasks = tasks
    self.gathering = gathering
  }

  func visitValues(_ visit: (Value) -> Void) {
    for task in tasks { visit(task.object) }
    if let failure { visit(failure.exception) }
  }
}

/// `_Gathering`, with which the frozen `gather` waits for several tasks.
extension AsyncioRuntime {
  func gatheringType() -> TypeHandle {
    let type = vm.heap.type("_Gathering")
    type.info.make = { [unowned self] (vm, type, args) throws(Raised) in
      var tasks: [PythonTask] = []
      for awaitable in try vm.collect(args[0]) { tasks.append(try promoteToTask(awaitable)) }
      let keepsErrors = try vm.isTrue(args[1])
      do {
        let gathering = try Gathering(tasks, on: scheduler, keepsErrors: keepsErrors)
        return vm.heap.native(type, TaskGroup(tasks, gathering))
      } catch { throw raised(error) }
    }
    vm.define(type) { type in
      type.method("park", 0...0) { [unowned self] (_, args) throws(Raised) in
        do { return Value(try group(args[0])?.gathering.begin() ?? false) } catch { throw raised(error) }
      }
      type.method("conclude", 1...1) { [unowned self] (_, args) throws(Raised) in
        guard let group = group(args[0]) else { return .none }
        do { try group.gathering.conclude(cancellation: args[1].isNone ? nil : Raised(args[1])) } catch {
          // A task that cannot be cancelled; all else is what gather ends with.
          if error is SchedulerError { throw raised(error) }
          group.failure = raised(error)
        }
        return .none
      }
      type.method("results", 0...0) { [unowned self] (vm, args) throws(Raised) in
        guard let group = group(args[0]) else { return .none }
        if let failure = group.failure { throw failure }
        return vm.heap.list(group.tasks.map(\.result))
      }
    }
    return type
  }

  private func group(_ value: Value) -> TaskGroup? { NativeHandle(value)?.payload as? TaskGroup }
}
