import Asyncio
import Machine
import MicroPython
import MicroPythonPort
import Timebase

/// What an object for a trigger stands for.
final class TriggerReference {
  let trigger: Trigger
  init(_ trigger: Trigger) { self.trigger = trigger }
}

/// `Trigger` of the module `bench`: waited for with `wait()` where nothing else is to run meanwhile, with `await` in a task.
enum TriggerClass: PythonClass {
  static let name = "Trigger"
  static let boardBytes = 0

  static func define(_ type: PythonClassBuilder<PythonBench, TriggerReference>) {
    type.takesBoardTime = false
    type.print { "<Trigger: \($0.trigger.name)>" }
    type.observing("wait", rules: .named, .optional("within", .orNone(.boardTime), default: nil)) {
      reference, call, limit in
      if let limit { reference.trigger.expect(within: limit) }
      return try TriggerWait.wait(for: reference.trigger, call)
    }
    type.observing("cancel") { reference, _ in
      reference.trigger.cancel()
      return Value.none
    }
    type.observing("done") { reference, _ in
      reference.trigger.isAwaited = true
      return !reference.trigger.isPending
    }
    type.slots.iterate = { _, value in value }
    type.slots.step = { [unowned bench = type.host, objects = type.objects] (vm, value, _) throws(Raised) in
      try TriggerWait.step(of: try objects.receiver(of: value).trigger, bench, vm)
    }
  }
}

/// Waiting for a trigger.
enum TriggerWait {
  /// What an `await` of it does.
  static func step(
    of trigger: Trigger, _ bench: PythonBench, _ vm: Interpreter
  ) throws(Raised) -> AwaitStep {
    trigger.isAwaited = true
    guard trigger.isPending else { return .finished(try result(of: trigger, bench, vm)) }
    guard let scheduler = bench.scheduler, let task = scheduler.current else {
      throw vm.error(.runtimeError, "await needs a task; use wait() where there is none")
    }
    do throws(SchedulerError) { try scheduler.parkCurrent() } catch {
      throw vm.error(.runtimeError, error.description)
    }
    trigger.whenSettled { [unowned scheduler, weak task] _ in
      // Cancelled meanwhile, it may wait for something else.
      if let task, task.isParked { scheduler.makeReadyFromOutside(task) }
    }
    return .yielded(.none)
  }

  /// Lets board time go by until it has happened.
  static func wait(for trigger: Trigger, _ call: Call<PythonBench>) throws(Raised) -> Value {
    let (vm, bench) = (call.vm, call.host)
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
    return try result(of: trigger, bench, vm)
  }

  static func result(of trigger: Trigger, _ bench: PythonBench, _ vm: Interpreter) throws(Raised) -> Value {
    switch trigger.state {
    case .fired(let value): return vm.heap.withoutCounting { self.value(of: value, vm) }
    case .missed(let reason):
      guard let timeout = bench.classes?.timeout else { break }
      throw Raised(
        vm.heap.withoutCounting { vm.heap.exception(of: timeout, arguments: [vm.heap.string(reason)]) })
    case .cancelled, .pending: break
    }
    throw vm.error(.runtimeError, "\(trigger.name): the trigger was cancelled")
  }

  private static func value(of value: TriggerValue, _ vm: Interpreter) -> Value {
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
