import Asyncio
import MicroPython
import Timebase

/// A task's wait for another one with a limit of time, of which `wait_for` is made.
///
/// As on a board a task of its own awaits the other one, while the waiting task sleeps, and ends that sleep. On a board it
/// does so by a cancellation that carries how the other task ended. Here the waiting task merely goes on early and finds
/// that in this object; only where it is not in that sleep (any more) the cancellation is made and thrown.
final class TimedWait: TaskWithRoots {
  private let owner: UncountedReference<AsyncioRuntime>
  private let waiter: PythonTask
  private let awaited: PythonTask
  /// Whether the waiter is in a sleep that this may cut short.
  private var mayEndSleep: Bool
  private var hasBegun = false
  private var isStopped = false
  /// How the other task ended, once that is known: its result or the exception.
  private var outcome = Value.unbound
  private var isFailure = false
  /// Its object in Python.
  fileprivate(set) var object = Value.unbound

  init(_ awaited: PythonTask, waiter: PythonTask, mayEndSleep: Bool, _ runtime: AsyncioRuntime) {
    owner = runtime.reference
    self.awaited = awaited
    self.waiter = waiter
    self.mayEndSleep = mayEndSleep
    super.init()
    name = "wait_for"
  }

  override func visitValues(_ visit: (Value) -> Void) {
    visit(object)
    visit(waiter.object)
    visit(awaited.object)
    visit(outcome)
    if let raised = pendingError as? Raised { visit(raised.exception) }
  }

  // MARK: The task that awaits

  override func resume(throwing error: (any Error)?) throws -> Progress {
    try owner.use { runtime in
      if let error {
        let exception = try runtime.exception(for: error)
        guard hasBegun else { return .cancelled(Raised(exception)) }
        note(failure: exception, runtime)
      } else if try !takeOutcome(runtime) {
        return .suspended
      }
      try settle(runtime)
      return .returned
    }
  }

  /// - Returns: false when it has to wait for that.
  private func takeOutcome(_ runtime: AsyncioRuntime) throws -> Bool {
    if !hasBegun {
      hasBegun = true
      runtime.pitfalls?.taskIsAwaited(awaited)
      do {
        if try runtime.scheduler.awaitCurrent(awaited) { return false }
      } catch {
        note(failure: runtime.raised(error).exception, runtime)
        return true
      }
    }
    if awaited.failure != nil {
      note(failure: awaited.result, runtime)
    } else {
      outcome = awaited.result
    }
    return true
  }

  private func note(failure exception: Value, _ runtime: AsyncioRuntime) {
    runtime.note(exception, file: "asyncio/funcs.py", line: 9, function: "_run")
    outcome = exception
    isFailure = true
  }

  /// Wakes the waiter, unless something else has done so or it waits for something else.
  private func settle(_ runtime: AsyncioRuntime) throws {
    guard waiter.isMerelyScheduled, waiter.endedWait.isUnbound else { return }
    if mayEndSleep {
      waiter.endedWait = object
      runtime.scheduler.endSleep(of: waiter)
    } else if try waiter.cancel() {
      waiter.pendingError = Raised(cancellation(in: runtime))
    }
  }

  /// The cancellation that a board would throw: it carries True or an exception, and the result.
  func cancellation(in runtime: AsyncioRuntime) -> Value {
    let arguments = isFailure ? [outcome, .none] : [.true, outcome]
    return runtime.vm.heap.exception(of: runtime.cancelledError, arguments: arguments)
  }

  // MARK: Calls of the waiting task

  /// The sleep is over, in any way.
  func leaveSleep() {
    mayEndSleep = false
    guard !waiter.endedWait.isUnbound else { return }
    waiter.endedWait = .unbound
    owner.use { waiter.endedWaitStep = $0.scheduler.switchCount }
  }

  /// Whether the other task has ended in time.
  var isOver: Bool { !outcome.isUnbound }

  /// Takes what a cancellation carries that ended the sleep. One that carries nothing is not from a wait: then the other
  /// task is cancelled too.
  /// - Returns: whether it carried an outcome.
  func take(_ cancellation: TupleHandle?) throws -> Bool {
    guard let cancellation, cancellation.count > 0, !cancellation[0].isNone else {
      outcome = .unbound
      try cancel()
      return false
    }
    isFailure = cancellation[0] != .true
    outcome = isFailure ? cancellation[0] : cancellation.count > 1 ? cancellation[1] : .none
    return true
  }

  func result(_ vm: Interpreter) throws(Raised) -> Value {
    if isFailure { throw Raised(outcome) }
    return outcome
  }

  /// Cancels it, once.
  func stop() throws {
    if isStopped { return }
    isStopped = true
    try cancel()
  }
}

/// `_TimedWait`, with which the frozen `wait_for` waits.
enum TimedWaitClass: PythonClass {
  static let name = "_TimedWait"
  static let boardBytes = 32

  static func define(_ type: PythonClassBuilder<AsyncioRuntime, TimedWait>) {
    let (core, objects) = (type.host.reference, type.objects)
    type.make(.required("task", .value), .required("sleep", .value)) { call, task, sleep -> Value in
      let runtime = call.host
      guard let waiter = runtime.scheduler.current as? PythonTask, let awaited = runtime.task(task) else {
        throw call.vm.error(.attributeError, "'NoneType' object has no attribute 'data'")
      }
      // Only the sleep of `sleep` and `sleep_ms` can be cut short; firmware may give `wait_for` another function.
      let wait = TimedWait(
        awaited, waiter: waiter, mayEndSleep: runtime.sleepAwaitable.isFunction(sleep), runtime)
      wait.object = objects.make(wait)
      runtime.scheduler.start(wait)
      return wait.object
    }
    type.slots.iterate = { _, value in value }
    type.slots.step = { (_, value, _) throws(Raised) in
      try core.use { runtime throws(Raised) in
        let wait = try objects.receiver(of: value)
        do {
          try wait.stop()
          if try runtime.scheduler.awaitCurrent(wait) { return .yielded(.none) }
        } catch { throw runtime.raised(error) }
        if let failure = wait.failure { throw runtime.raised(failure) }
        return .finished(.none)
      }
    }
    type.method("is_over") { wait in
      wait.leaveSleep()
      return wait.isOver
    }
    type.method("result") { wait, call in try wait.result(call.vm) }
    type.method("take", .required("cancellation", .value)) { wait, call, cancellation in
      wait.leaveSleep()
      do { return try wait.take(call.vm.exceptionPart(of: cancellation)?.arguments) } catch {
        throw call.host.raised(error)
      }
    }
  }
}
