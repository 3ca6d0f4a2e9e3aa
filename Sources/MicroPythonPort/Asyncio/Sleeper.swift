import Asyncio
import MicroPython
import Timebase

/// What `sleep` and `sleep_ms` return: one object for all, so that sleeping allocates nothing.
///
/// The call notes when the sleep ends, the `await` that follows at once puts the task to sleep.
final class Sleeper {
  /// The sleep that was asked for and not awaited yet.
  private final class Request {
    let scheduler: Scheduler
    /// Ticks at which the sleep ends; `awaited` when there is none.
    var due = Request.awaited
    /// Ticks when it was asked for.
    var now: Int64 = 0
    /// Who asked.
    var site = CallSite.none

    static let awaited = Int64.min

    init(_ scheduler: Scheduler) { self.scheduler = scheduler }

    /// Puts the running task to sleep; false when there is no task, or nothing was asked for.
    func park() -> Bool {
      let due = due
      guard due != Request.awaited else { return false }
      self.due = Request.awaited
      do { try scheduler.sleepCurrent(untilTicks: due, now: now) } catch { return false }
      return true
    }
  }

  /// The awaitable.
  let value: Value
  /// Told where a sleep was asked for that nobody awaited.
  var neverAwaited: ((CallSite) -> Void)?
  /// Where the sleep was asked for that nobody has awaited yet; `none` if there is none.
  var askedAt: CallSite { request.due == Request.awaited ? .none : request.site }
  private let request: Request
  private let parking: Parking

  init(scheduler: Scheduler, vm: Interpreter) {
    let request = Request(scheduler)
    self.request = request
    parking = Parking { request.park() }
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
    guard request.due == Request.awaited, milliseconds < Ticks.period / 2 else {
      throw refusal(milliseconds, vm)
    }
    let now = request.scheduler.ticks
    request.now = now
    request.site = vm.callSite
    request.due = now &+ Int64(max(0, milliseconds))
    return value
  }

  private func refusal(_ milliseconds: Int, _ vm: Interpreter) -> Raised {
    let isPending = request.due != Request.awaited
    if isPending { neverAwaited?(request.site) }
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
