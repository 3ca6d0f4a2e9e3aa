import Asyncio
import MicroPython
import Timebase

/// The awaitable that `sleep` and `sleep_ms` return: one object for all, so that sleeping allocates nothing.
///
/// The call notes when the sleep ends, the `await` that follows at once puts the task to sleep.
final class SleepAwaitable {
  /// The awaitable.
  var value: Value { root.value }
  private let root: RootedValue
  /// Called with the place of a sleep that nobody awaited.
  let neverAwaited = Observers<(CallSite) -> Void>()
  /// The place of the sleep that nobody has awaited yet; `none` if there is none.
  var askedAt: CallSite { request.isPending ? site : .none }
  private var site = CallSite.none
  private let request: SleepRequest
  /// Milliseconds in a unit of the argument of `sleep_ms` and `sleep`.
  private let millisecondPause = 1
  private let secondPause = 1000
  private var functions: [RootedValue] = []

  init(_ request: SleepRequest, scheduler: Scheduler, vm: Interpreter) {
    self.request = request
    let type = vm.heap.type("SingletonGenerator")
    root = RootedValue(vm.heap.native(type, plain: SleepMarker()), in: vm.heap)
    type.setParksTask()
    // Awaited again, or outside of any task.
    type.info.step = { [unowned scheduler] (vm, _, _) throws(Raised) in
      if scheduler.current == nil {
        throw vm.error(.attributeError, "'NoneType' object has no attribute 'data'")
      }
      return .finished(.none)
    }
  }

  /// Whether a value is `sleep_ms` or `sleep`.
  func isFunction(_ value: Value) -> Bool { functions.contains { $0.value == value } }

  /// Adds `sleep_ms` and `sleep`.
  func defineFunctions(of module: PythonModuleBuilder<AsyncioRuntime>) {
    let milliseconds = module.function(
      "sleep_ms", rules: .python, .required("t", .value), .optional("sgen", .value)
    ) { [self] call, time, generator in
      // There is no other object that has the generator's state.
      if let generator, generator != value {
        throw call.vm.error(
          .attributeError, "'\(call.vm.type(of: generator).name)' object has no attribute 'state'")
      }
      return try sleep(milliseconds: time, call.vm)
    }
    milliseconds.setPause(millisecondPause)
    let seconds = module.function("sleep", rules: .python, .required("t", .value)) { [self] call, time in
      try sleep(seconds: time, call.vm)
    }
    seconds.setPause(secondPause)
    functions = [seconds, milliseconds].map { RootedValue($0.value, in: module.vm.heap) }
  }

  /// `sleep_ms(time)`
  private func sleep(milliseconds time: Value, _ vm: Interpreter) throws(Raised) -> Value {
    guard time.isSmallInt, time.smallInt < Ticks.period / 2, request.ask(milliseconds: time.smallInt) else {
      return try sleepSlowly(milliseconds: time, vm)
    }
    site = vm.callSite
    return value
  }

  /// `sleep(time)`
  private func sleep(seconds time: Value, _ vm: Interpreter) throws(Raised) -> Value {
    do throws(Raised) {
      return try sleep(milliseconds: milliseconds(seconds: time, vm), vm)
    } catch {
      note(error, line: CoreLine.sleep, function: "sleep", vm)
      throw error
    }
  }

  /// `int(time * 1000)`
  private func milliseconds(seconds time: Value, _ vm: Interpreter) throws(Raised) -> Value {
    if time.isSmallInt, abs(time.smallInt) < Ticks.period { return Value(smallInt: time.smallInt * 1000) }
    let product = try vm.binary(.multiply, time, Value(smallInt: 1000))
    if let float = product.float, abs(float) < Double(Ticks.period) { return Value(smallInt: Int(float)) }
    return try vm.call(vm.heap.types.int.value, product)
  }

  /// Handles times that are no small integers, and refuses, in the order in which the board finds out.
  private func sleepSlowly(milliseconds time: Value, _ vm: Interpreter) throws(Raised) -> Value {
    if request.isPending {
      neverAwaited.callEach { $0(site) }
      throw noted(vm.error(.assertionError, arguments: []), line: CoreLine.sleepAssertion, vm)
    }
    let milliseconds: Int
    do throws(Raised) {
      milliseconds = try vm.isTrue(vm.compare(.greater, time, Value(smallInt: 0))) ? vm.int(time) : 0
    } catch { throw noted(error, line: CoreLine.sleepTicks, vm) }
    guard milliseconds < Ticks.period / 2, request.ask(milliseconds: milliseconds) else {
      throw noted(vm.error(.overflowError, "ticks interval overflow"), line: CoreLine.sleepTicks, vm)
    }
    site = vm.callSite
    return value
  }

  private func noted(_ raised: Raised, line: Int, _ vm: Interpreter) -> Raised {
    note(raised, line: line, function: "sleep_ms", vm)
    return raised
  }

  private func note(_ raised: Raised, line: Int, function: String, _ vm: Interpreter) {
    vm.exceptionPart(of: raised.exception)?.traceback.entries.append(
      TracebackEntry(file: "asyncio/core.py", line: line, function: function))
  }
}

/// The sleepAwaitable's object has no data of its own.
private final class SleepMarker {}
