import Asyncio
import Machine
import MicroPython
import MicroPythonPort
import Timebase

/// `Trigger` of the module `bench`: waited for with `wait()` where nothing else is to run meanwhile, with `await` in a task.
final class PythonTriggers {
  private unowned let bench: PythonBench
  private let vm: UncountedReference<Interpreter>
  private let scheduler: Scheduler
  private let type: TypeHandle
  private let timeout: TypeHandle
  /// `bench.Timeout`: a trigger that did not happen in time; a failure of the test.
  var timeoutClass: Value { timeout.value }

  init(_ bench: PythonBench, _ parts: FirmwareParts) {
    self.bench = bench
    vm = UncountedReference(parts.vm)
    scheduler = parts.scheduler
    type = parts.vm.heap.type("Trigger")
    timeout = parts.vm.makeExceptionType("Timeout", base: .assertionError)
    define(parts.vm)
  }

  /// The object for a trigger.
  func object(_ trigger: Trigger) -> Value {
    vm.use { vm in vm.heap.withoutCounting { vm.heap.native(type, Payload(trigger), boardBytes: 0) } }
  }

  /// The trigger of an object.
  func trigger(_ value: Value, _ vm: Interpreter) throws(Raised) -> Trigger {
    guard let handle = NativeHandle(value), handle.type == type, let payload = handle.payload as? Payload
    else {
      throw vm.error(.typeError, "a trigger of the bench is needed, as bench.edge(\"X1\")")
    }
    return payload.trigger
  }

  private final class Payload {
    let trigger: Trigger
    init(_ trigger: Trigger) { self.trigger = trigger }
  }

  private func define(_ vm: Interpreter) {
    type.info.print = { [unowned self] (vm, value, _, output) throws(Raised) in
      output.write("<Trigger: \(try trigger(value, vm).name)>")
    }
    type.info.iterate = { _, value in value }
    type.info.step = { [unowned self] (vm, value, _) throws(Raised) in
      let trigger = try trigger(value, vm)
      trigger.isAwaited = true
      guard trigger.isPending else { return .finished(try result(of: trigger, vm)) }
      guard let task = scheduler.current else {
        throw vm.error(.runtimeError, "await needs a task; use wait() where there is none")
      }
      do throws(SchedulerError) { try scheduler.parkCurrent() } catch {
        throw vm.error(.runtimeError, error.description)
      }
      trigger.whenSettled { [unowned self, weak task] _ in
        // Cancelled meanwhile, it may wait for something else.
        if let task, task.isParked { scheduler.makeReadyFromOutside(task) }
      }
      return .yielded(.none)
    }
    vm.define(type) { type in
      add("wait", 0...1, to: type) { [unowned self] (vm, args) throws(Raised) in
        let trigger = try trigger(args[0], vm)
        if let limit = try vm.optionalBoardTime(args.argument(1, "within")) { trigger.expect(within: limit) }
        return try wait(for: trigger, vm)
      }
      add("cancel", 0...0, to: type) { [unowned self] (vm, args) throws(Raised) in
        try trigger(args[0], vm).cancel()
        return .none
      }
      add("done", 0...0, to: type) { [unowned self] (vm, args) throws(Raised) in
        let trigger = try trigger(args[0], vm)
        trigger.isAwaited = true
        return Value(!trigger.isPending)
      }
    }
  }

  private func add(
    _ name: String, _ count: ClosedRange<Int>, to type: TypeBuilder, _ body: @escaping NativeBody
  ) {
    type.attribute(
      name,
      type.vm.uncountedFunction(name, (count.lowerBound + 1)...(count.upperBound + 1), keywords: true, body))
  }

  /// Lets board time go by until it has happened.
  func wait(for trigger: Trigger, _ vm: Interpreter) throws(Raised) -> Value {
    trigger.isAwaited = true
    guard !bench.main.board.interrupts.isHandling else {
      throw vm.errorInInterrupt(.runtimeError, "an interrupt handler can't wait for a trigger")
    }
    let clock = bench.clock
    while trigger.isPending {
      if bench.isStill {
        trigger.miss("\(trigger.name) cannot happen: \(bench.standstill)")
        break
      }
      if case .nothingToWaitFor = clock.idle(until: nil) {
        trigger.miss("\(trigger.name) cannot happen: \(bench.standstill)")
      }
      try vm.safePoint()
      if clock.isPoweredOff { throw vm.halt() }
    }
    return try result(of: trigger, vm)
  }

  private func result(of trigger: Trigger, _ vm: Interpreter) throws(Raised) -> Value {
    switch trigger.state {
    case .fired(let value): return vm.heap.withoutCounting { self.value(of: value, vm) }
    case .missed(let reason):
      throw Raised(
        vm.heap.withoutCounting { vm.heap.exception(of: timeout, arguments: [vm.heap.string(reason)]) })
    case .cancelled, .pending: throw vm.error(.runtimeError, "\(trigger.name): the trigger was cancelled")
    }
  }

  private func value(of value: TriggerValue, _ vm: Interpreter) -> Value {
    switch value {
    case .time(let instant): vm.microseconds(instant.nanoseconds)
    case .width(let interval): vm.microseconds(interval.nanoseconds)
    case .line(let text): vm.heap.string(text)
    case .first(let index, let inner):
      vm.heap.tuple([Value(smallInt: index), self.value(of: inner, vm)])
    case .all(let values): vm.heap.tuple(values.map { self.value(of: $0, vm) })
    }
  }
}

extension Arguments {
  /// An argument by position or by name; unbound if it is not given.
  func argument(_ index: Int, _ name: String) -> Value {
    let positional = optional(index)
    return positional.isUnbound ? keyword(name) : positional
  }
}
