import Asyncio
import MicroPython
import Timebase

/// What `sleep` and `sleep_ms` return: one object for all, so that sleeping allocates nothing.
///
/// The call notes when the sleep ends, the `await` that follows at once puts the task to sleep.
final class Sleeper {
  /// Raw, so that neither call nor `await` counts references or checks exclusivity: a task switch is made of them.
  private struct State {
    /// Lives as long as the firmware, which owns it and this sleeper.
    let scheduler: Unmanaged<Scheduler>
    /// Ticks at which the sleep ends that was asked for; `awaited` when there is none.
    var due: Int64
    /// Ticks when it was asked for.
    var now: Int64 = 0
    /// Who asked.
    var site = CallSite.none

    static let awaited = Int64.min
  }

  private let vm: Interpreter
  /// The awaitable.
  let value: Value
  /// Told where a sleep was asked for that nobody awaited.
  var neverAwaited: ((CallSite) -> Void)?
  /// Where the sleep was asked for that nobody has awaited yet; `none` if there is none.
  var askedAt: CallSite { state.pointee.due == State.awaited ? .none : state.pointee.site }
  /// Allocated in `init` and never freed before the interpreter: its type parks tasks through it.
  private let state: UnsafeMutablePointer<State>

  init(scheduler: Scheduler, vm: Interpreter) {
    self.vm = vm
    let state = UnsafeMutablePointer<State>.allocate(capacity: 1)
    state.initialize(to: State(scheduler: .passUnretained(scheduler), due: State.awaited))
    self.state = state
    let type = vm.heap.type("SingletonGenerator")
    value = vm.heap.native(type, SleepMarker())
    type.setParking(
      Parking(context: state) { context in
        let state = context.assumingMemoryBound(to: State.self)
        let due = state.pointee.due
        guard due != State.awaited else { return false }
        state.pointee.due = State.awaited
        return state.pointee.scheduler._withUnsafeGuaranteedRef { scheduler in
          do {
            try scheduler.sleepCurrent(untilTicks: due, now: state.pointee.now)
            return true
          } catch { return false }
        }
      })
    // Awaited again, or outside of any task.
    type.info.step = { [unowned scheduler] (vm, _, _) throws(Raised) in
      if scheduler.current == nil {
        throw vm.error(.attributeError, "'NoneType' object has no attribute 'data'")
      }
      return .finished(.none)
    }
  }

  deinit { state.deallocate() }

  /// `sleep_ms(milliseconds)`
  @inline(__always) func sleep(milliseconds: Int) throws(Raised) -> Value {
    guard state.pointee.due == State.awaited, milliseconds < Ticks.period / 2 else {
      throw refusal(milliseconds)
    }
    let now = state.pointee.scheduler._withUnsafeGuaranteedRef { $0.ticks }
    state.pointee.now = now
    state.pointee.site = vm.callSite
    state.pointee.due = now &+ Int64(max(0, milliseconds))
    return value
  }

  private func refusal(_ milliseconds: Int) -> Raised {
    let isPending = state.pointee.due != State.awaited
    if isPending { neverAwaited?(state.pointee.site) }
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
