import Asyncio
import Diagnostics
import MicroPython
import Timebase

/// A Python coroutine as the scheduler sees it: a step resumes the coroutine.
final class PythonTask: TaskWithRoots {
  private let owner: UncountedReference<AsyncioRuntime>
  private var runtime: AsyncioRuntime { owner.counted }
  let coroutine: Value
  /// The same when it is an ordinary coroutine; nil for other objects with `send` and `throw`.
  private let generator: GeneratorHandle?
  /// The `Task` object; set by the code that makes the task.
  var object = Value.unbound
  /// The coroutine's result, or the exception that ended it. Unbound while it runs.
  private(set) var result = Value.unbound
  /// The `TimedWait` that has ended the sleep of this task's `wait_for`, until the task goes on.
  var endedWait = Value.unbound
  /// Counts the scheduler's switches up to the step in which `endedWait` was taken: as on a board, that step then counts as
  /// one that an exception was thrown into.
  var endedWaitStep = -1
  /// Numbers tasks in the order of their making.
  let serial: Int
  /// The place at which the firmware made it.
  let createdAt: CallSite
  /// The run that was going on then, counted from 1, and the number of `new_event_loop`s before.
  let madeInRun: Int
  let generation: Int
  /// When a cancellation was thrown into it, and where it stood; for `hasSwallowedCancellation`.
  private var cancellation: (instant: Instant, positions: [Int], awaits: Int)?
  override var swallowingPlace: Diagnostic.Place? { cancellationCatch }
  /// The innermost `except` around the await where it was cancelled that catches that.
  private var cancellationCatch: Diagnostic.Place?

  init(_ coroutine: Value, _ owner: UncountedReference<AsyncioRuntime>) {
    self.owner = owner
    self.coroutine = coroutine
    generator = GeneratorHandle(coroutine)
    (serial, createdAt, madeInRun, generation) = owner.use { runtime in
      runtime.taskCount += 1
      return (runtime.taskCount, runtime.vm.callSite, runtime.runs.count, runtime.runs.generation)
    }
    super.init()
    if let generator {
      name = generator.code.name
      generator.giveToTask()
      resumeToken = coroutine.bits
    }
  }

  override func resume(throwing error: (any Error)?) throws -> Progress {
    if let error {
      return try step { () throws(Raised) in try throwIntoCoroutine(try runtime.exception(for: error)) }
    }
    guard let generator else {
      return try step(line: CoreLine.send) { () throws(Raised) in
        try .yielded(runtime.vm.callMethod(coroutine, "send", .none))
      }
    }
    // Not through `self` from here on: the step may go on with other tasks, and this one may be gone when it ends.
    return try owner.use { runtime in
      do throws(Raised) {
        guard let value = try runtime.vm.runTasks(from: generator) else { return .suspended }
        runtime.withSteppingTask { $0.result = value }
        return .returned
      } catch {
        return try runtime.withSteppingTask { try $0.ended(error.exception, line: CoreLine.send) }
      }
    }
  }

  override func resumeCancelled() throws -> Progress {
    let exception = runtime.vm.heap.exception(of: runtime.cancelledError, arguments: [])
    return try step { () throws(Raised) in try throwIntoCoroutine(exception) }
  }

  private func step(
    line: Int = CoreLine.throwInto, _ body: () throws(Raised) -> Interpreter.GeneratorOutcome
  ) throws -> Progress {
    do throws(Raised) {
      switch try body() {
      case .yielded: return .suspended
      case .returned(let value):
        result = value
        return .returned
      }
    } catch {
      return try ended(error.exception, line: line)
    }
  }

  private func throwIntoCoroutine(_ exception: Value) throws(Raised) -> Interpreter.GeneratorOutcome {
    if let generator { return try runtime.vm.resume(generator, throwing: exception) }
    return try .yielded(runtime.vm.callMethod(coroutine, "throw", exception))
  }

  /// Ends the task for an exception that came out of the coroutine; one that is neither an `Exception` nor a
  /// cancellation ends the run.
  private func ended(_ exception: Value, line: Int) throws -> Progress {
    let vm = runtime.vm
    let wasThrownInto = line == CoreLine.throwInto || endedWaitStep == runtime.scheduler.switchCount
    runtime.note(
      exception, line: wasThrownInto ? CoreLine.throwInto : line, function: "run_until_complete")
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

  /// `Task.data`: the object the task waits for, the exception to be thrown into it, or how it ended.
  var data: Value {
    if isDone { return failure == nil ? runtime.vm.stopIteration(result).exception : result }
    if let pendingError { return (pendingError as? Raised)?.exception ?? runtime.cancelledError.value }
    if let wait = NativeHandle(endedWait)?.payload as? TimedWait { return wait.cancellation(in: runtime) }
    if let awaited = awaitedTask as? PythonTask { return awaited.object }
    return isMerelyScheduled ? .none : runtime.makeTaskQueue()
  }

  override func didMissError() throws {
    let raised = runtime.vm.error(.assertionError, arguments: [])
    runtime.note(raised.exception, line: CoreLine.endAssertion, function: "run_until_complete")
    throw raised
  }

  // MARK: For diagnostics

  /// The coroutines that it is suspended in, its own first.
  private var coroutines: [SuspendedCoroutine] { generator.map(runtime.vm.suspendedCoroutines) ?? [] }

  override var whereabouts: Diagnostic.Place? {
    guard let coroutine = coroutines.last(where: { !$0.isFrozen }) else { return nil }
    return Diagnostic.Place(file: coroutine.file, line: coroutine.line, task: name)
  }

  override var awaitedThing: String? {
    if let awaited = awaitedTask { return awaited.name.isEmpty ? nil : "task '\(awaited.name)'" }
    guard let name = coroutines.last(where: { !$0.isFrozen })?.awaitedName else { return nil }
    for (method, statement) in [(".__aenter__", "async with"), (".__anext__", "async for … in")] {
      if name.hasSuffix(method) { return "\(statement) \(name.dropLast(method.count))" }
    }
    return name + "()"
  }

  /// Whether it stands where an exception would bring it to code that cleans up.
  var hasCleanUpToDo: Bool { coroutines.contains { !$0.isFrozen && $0.isProtected } }

  /// Whether it is in the middle of a stream's `drain`.
  var isInsideDrain: Bool { coroutines.last.map { $0.isFrozen && $0.name == "drain" } ?? false }

  override func noteCancellation(at instant: Instant) {
    let chain = coroutines
    cancellation = (instant, chain.map(\.position), 0)
    cancellationCatch = chain.last { !$0.isFrozen && $0.cancellationCatch != nil }.map {
      Diagnostic.Place(file: $0.file, line: $0.cancellationCatch, task: name)
    }
  }

  /// Going on means: it has come back to where it was cancelled or before that, as a loop does, or is still
  /// there a second later. Work in handlers of the exception counts as cleaning up.
  override func hasSwallowedCancellation(now: Instant) -> Bool {
    let chain = coroutines
    guard var cancellation, !chain.contains(where: \.isHandlingException) else { return false }
    cancellation.awaits += 1
    self.cancellation = cancellation
    let hasComeBack = !cancellation.positions.lexicographicallyPrecedes(chain.map(\.position))
    return hasComeBack || (cancellation.awaits > 2 && now - cancellation.instant > .seconds(1))
  }

  override func visitValues(_ visit: (Value) -> Void) {
    visit(object)
    visit(coroutine)
    visit(endedWait)
    visit(result)
    if let code = createdAt.codeValue { visit(code) }
    if let raised = pendingError as? Raised { visit(raised.exception) }
  }
}
