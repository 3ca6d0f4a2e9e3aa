import Asyncio
import MicroPython
import Timebase

/// What `sleep` and `sleep_ms` return: one object for all, so that sleeping allocates nothing.
///
/// The call notes when the sleep ends, the `await` that follows at once puts the task to sleep.
final class Sleeper {
  /// The awaitable.
  let value: Value
  /// Told where a sleep was asked for that nobody awaited.
  var neverAwaited: ((CallSite) -> Void)?
  /// Where the sleep was asked for that nobody has awaited yet; `none` if there is none.
  var askedAt: CallSite { request.isPending ? site : .none }
  private var site = CallSite.none
  private let request: SleepRequest
  private let parking: Parking

  init(scheduler: Scheduler, vm: Interpreter) {
    let request = SleepRequest(scheduler)
    self.request = request
    parking = Parking { request.begin() }
    let type = vm.heap.type("SingletonGenerator")
    value = vm.heap.native(type, SleepMarker())
    type.setParking(parking)
    // Awaited again, or outside of any task.
    type.info.step = { [unowned scheduler] (vm, _, _) throws(Raised) in
      if scheduler.current == nil {
        throw vm.error(.attributeError, "'NoneType' object has no attribute 'data'")
      }
      return .finished(.none)
    }
  }

  /// `sleep_ms(milliseconds)`
  @inline(__always) func sleep(milliseconds: Int, _ vm: Interpreter) throws(Raised) -> Value {
    guard milliseconds < Ticks.period / 2, request.ask(milliseconds: milliseconds) else {
      throw refusal(vm)
    }
    site = vm.callSite
    return value
  }

  private func refusal(_ vm: Interpreter) -> Raised {
    let isPending = request.isPending
    if isPending { neverAwaited?(site) }
    let raised =
      isPending
      ? vm.error(.assertionError, arguments: []) : vm.error(.overflowError, "ticks interval overflow")
    vm.exceptionPart(of: raised.exception)?.traceback.entries.append(
      TracebackEntry(
        file: "asyncio/core.py", line: isPending ? CoreLine.sleepAssertion : CoreLine.sleepTicks,
        function: "sleep_ms"))
    return raised
  }
}

/// The sleeper's object has no data of its own.
private final class SleepMarker {}
