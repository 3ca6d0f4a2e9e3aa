import Asyncio
import MicroPython

/// A Python coroutine as the scheduler sees it: a step resumes the coroutine.
final class PythonTask: ScheduledTask, ValueHolding {
  /// The runtime and its interpreter outlive all tasks: they belong to the firmware, as the heap does. Not counted,
  /// because a task switch costs little more than counting would.
  private let sharedRuntime: Unmanaged<AsyncioRuntime>
  private let interpreter: Unmanaged<Interpreter>
  private var runtime: AsyncioRuntime { sharedRuntime.takeUnretainedValue() }
  let coroutine: Value
  /// The same when it is an ordinary coroutine; nil for other objects with `send` and `throw`.
  private let generator: GeneratorHandle?
  /// The `Task` object; set by whoever makes the task.
  var object = Value.unbound
  /// What the coroutine returned, or the exception that ended it. Unbound while it runs.
  private(set) var result = Value.unbound

  init(_ coroutine: Value, _ runtime: AsyncioRuntime) {
    sharedRuntime = .passUnretained(runtime)
    interpreter = .passUnretained(runtime.vm)
    self.coroutine = coroutine
    generator = GeneratorHandle(coroutine)
    super.init()
    if let generator { name = generator.code.name }
  }

  override func resume(throwing error: (any Error)?) throws -> Progress {
    guard error == nil, let generator else { return try resumeSlowly(error) }
    do {
      switch try interpreter._withUnsafeGuaranteedRef({ try $0.resume(generator) }) {
      case .yielded: return .suspended
      case .returned(let value):
        result = value
        return .returned
      }
    } catch {
      return try ended(runtime.raised(error).exception, line: CoreLine.send)
    }
  }

  private func resumeSlowly(_ error: (any Error)?) throws -> Progress {
    let line = error == nil ? CoreLine.send : CoreLine.throwInto
    do throws(Raised) {
      switch try step(throwing: error) {
      case .yielded: return .suspended
      case .returned(let value):
        result = value
        return .returned
      }
    } catch {
      return try ended(error.exception, line: line)
    }
  }

  private func step(throwing error: (any Error)?) throws(Raised) -> Interpreter.GeneratorOutcome {
    guard let error else { return try sendIntoCoroutine() }
    return try throwIntoCoroutine(try runtime.exception(for: error))
  }

  private func throwIntoCoroutine(_ exception: Value) throws(Raised) -> Interpreter.GeneratorOutcome {
    if let generator { return try runtime.vm.resume(generator, throwing: exception) }
    return try .yielded(runtime.vm.callMethod(coroutine, "throw", exception))
  }

  private func sendIntoCoroutine() throws(Raised) -> Interpreter.GeneratorOutcome {
    if let generator { return try runtime.vm.resume(generator) }
    return try .yielded(runtime.vm.callMethod(coroutine, "send", .none))
  }

  /// What an exception that came out of the coroutine means: the end of the task, or for one that is neither an
  /// `Exception` nor a cancellation the end of the run.
  private func ended(_ exception: Value, line: Int) throws -> Progress {
    let vm = runtime.vm
    runtime.note(exception, line: line, function: "run_until_complete")
    if vm.isException(exception, .stopIteration) {
      let arguments = vm.exceptionPart(of: exception)?.arguments
      result = arguments.map { $0.count > 0 ? $0[0] : .none } ?? .none
      return .returned
    }
    let isCancellation = runtime.isCancellation(exception)
    guard isCancellation || vm.isException(exception, .exception) else { throw Raised(exception) }
    result = exception
    return isCancellation ? .cancelled(Raised(exception)) : .raised(Raised(exception))
  }

  /// `Task.data`: what the task waits for or shall be thrown, or how it ended.
  var data: Value {
    if isDone { return failure == nil ? runtime.vm.stopIteration(result).exception : result }
    if let pendingError { return (pendingError as? Raised)?.exception ?? runtime.cancelledError.value }
    if let awaited = awaitedTask as? PythonTask { return awaited.object }
    return isMerelyScheduled ? .none : runtime.makeTaskQueue()
  }

  func visitValues(_ visit: (Value) -> Void) {
    visit(coroutine)
    visit(result)
    if let raised = pendingError as? Raised { visit(raised.exception) }
  }
}
