import Asyncio
import Machine
import MicroPython
import Timebase

/// Binds the scheduler to one interpreter: tasks that run coroutines, streams that firmware can wait for, and the types
/// that `asyncio` is made of.
final class AsyncioRuntime {
  let vm: Interpreter
  let board: Board
  let scheduler: Scheduler
  private let interrupts: InterruptController
  /// The interpreter's.
  private let heap: UncountedReference<Heap>
  let taskType: TypeHandle
  let taskQueueType: TypeHandle
  let cancelledError: TypeHandle
  let timeoutError: TypeHandle
  let sleepAwaitable: SleepAwaitable
  /// The argument of `Loop.set_exception_handler`, or None.
  let exceptionHandler: RootedValue
  /// The dictionary that exception handlers are given; one for all, as on the board. `contextRoot` keeps it alive.
  let exceptionContext: DictHandle
  private let contextRoot: RootedValue
  /// `Loop`, once the module was imported.
  let loop: RootedValue
  /// Of `_Gathering`, once the module was imported.
  var gatherings: PythonObjects<GatherGroup>?
  /// Of `ThreadSafeFlag`.
  private(set) lazy var flags = FlagClass.make(in: vm, host: self).objects
  /// Finds mistakes of the firmware.
  var pitfalls: PitfallFinder?
  /// The runs so far.
  var runs = RunHistory()
  /// Tasks made so far.
  var taskCount = 0
  /// Wakes the tasks in a wait queue, for callers that must not do it at once.
  let wakeAllFunction: RootedValue
  /// Whether the run ended because nothing could ever happen any more.
  private(set) var isDeadlocked = false
  /// Objects that tasks wait for, each with one wrapper, so that two waits for one object share an identity.
  private var pollables: [Value: StreamPollable] = [:]

  init(vm: Interpreter, board: Board) {
    self.vm = vm
    self.board = board
    scheduler = Scheduler(clock: board.clock, costs: SchedulerCosts(board.description))
    scheduler.tellRunningTask(to: board.taskObserver)
    scheduler.diagnostics = board.diagnostics
    scheduler.pollsUntilDue = true
    let heap = vm.heap
    self.heap = UncountedReference(heap)
    taskType = heap.type("Task")
    taskQueueType = heap.type("TaskQueue")
    cancelledError = vm.makeExceptionType("CancelledError", base: .baseException)
    timeoutError = vm.makeExceptionType("TimeoutError", base: .exception)
    interrupts = board.interrupts
    let sleep = SleepRequest(scheduler)
    sleepAwaitable = SleepAwaitable(sleep, scheduler: scheduler, vm: vm)
    vm.coroutineScheduler = TaskSwitching(scheduler, sleep)
    exceptionContext = heap.dict()
    contextRoot = RootedValue(exceptionContext.value, in: heap)
    exceptionHandler = RootedValue(.none, in: heap)
    loop = RootedValue(.unbound, in: heap)
    wakeAllFunction = RootedValue(.none, in: heap)
    for (key, value) in [
      ("message", heap.string("Task exception wasn't retrieved")), ("exception", .none), ("future", .none),
    ] {
      exceptionContext.set(interned: heap.intern(key), to: value, in: heap)
    }
    scheduler.keep(scheduler.interruptions.add { [unowned vm] in try vm.safePoint() })
    scheduler.exceptionHandler = { [unowned self] context in try handle(context) }
    vm.rootVisitors.append { [unowned self] visit in visitRoots(visit) }
    TaskClass.make(in: vm, host: self, as: taskType)
    TaskQueueClass.make(in: vm, host: self, as: taskQueueType)
    wakeAllFunction.value = makeWakeAllFunction()
    _ = flags
  }

  private func visitRoots(_ visit: (Value) -> Void) {
    if let code = sleepAwaitable.askedAt.codeValue { visit(code) }
    for stream in pitfalls?.writers.keys.map({ $0 }) ?? [] { visit(stream) }
    scheduler.forEachLiveTask { ($0 as? TaskWithRoots)?.visitValues(visit) }
    var waitedFor: [Value: StreamPollable] = [:]
    scheduler.forEachStream { stream in
      guard let pollable = stream as? StreamPollable else { return }
      waitedFor[pollable.value] = pollable
      visit(pollable.value)
    }
    pollables = waitedFor
  }

  // MARK: Tasks

  /// `create_task`
  func createTask(_ coroutine: Value) throws(Raised) -> PythonTask {
    try refuseInInterrupt("create_task")
    if !coroutine.isKind(.generator), try vm.findAttribute(coroutine, vm.heap.intern("send")) == nil {
      if let pitfalls, pitfalls.isCoroutineFunction(coroutine) {
        pitfalls.coroutineFunctionIsTask()
      }
      let raised = vm.error(.typeError, "coroutine expected")
      note(raised.exception, line: CoreLine.createTask, function: "create_task")
      throw raised
    }
    let task = makeTask(coroutine)
    scheduler.start(task)
    return task
  }

  /// A task that is not started.
  func makeTask(_ coroutine: Value) -> PythonTask {
    let task = PythonTask(coroutine, reference)
    task.object = heap.use { $0.native(taskType, holding: task, boardBytes: 32) }
    return task
  }

  func task(_ value: Value) -> PythonTask? {
    guard let handle = NativeHandle(value), handle.type == taskType else { return nil }
    return handle.payload as? PythonTask
  }

  /// `_promote_to_task`
  func promoteToTask(_ awaitable: Value) throws(Raised) -> PythonTask {
    if let task = task(awaitable) { return task }
    return try noting(CoreLine.promote, "_promote_to_task") { () throws(Raised) in try createTask(awaitable) }
  }

  /// The `Task` object of the running task, or None.
  var currentTask: Value { (scheduler.current as? PythonTask)?.object ?? .none }

  /// For built-in functions.
  var reference: UncountedReference<AsyncioRuntime> { UncountedReference(self) }

  /// Calls `body` with the task whose step has just ended in `vm.runTasks`.
  func withSteppingTask<Result>(_ body: (PythonTask) throws -> Result) rethrows -> Result {
    try scheduler.withStepping { task in
      guard let task = task as? PythonTask else {
        preconditionFailure("only tasks of this class hand their bodies over")
      }
      return try body(task)
    }
  }

  func isCancellation(_ exception: Value) -> Bool { vm.isInstance(exception, of: cancelledError) }

  // MARK: Running

  /// Runs tasks until `main` ends, or without one until there is nothing left to run.
  /// - Parameter isFresh: whether it is `asyncio.run`, whose caller expects to begin anew.
  func run(until main: ScheduledTask?, isFresh: Bool = false) throws(Raised) -> Value {
    try refuseInInterrupt("run")
    return try outcome(of: main, isFresh: isFresh) { try scheduler.run(until: main) }
  }

  /// Returns a run's outcome, as the value or the exception that its caller gets.
  func outcome(
    of main: ScheduledTask?, isFresh: Bool = false, _ run: () throws -> RunOutcome
  ) throws(Raised) -> Value {
    let outcome: RunOutcome
    pitfalls?.runBegins(main, isFresh: isFresh)
    var isInterrupted = false
    defer { pitfalls?.runEnded(interrupted: isInterrupted) }
    do { outcome = try run() } catch {
      let raised = self.raised(error)
      isInterrupted = vm.isException(raised.exception, .keyboardInterrupt)
      if main?.failure != nil {
        note(raised.exception, line: CoreLine.raiseFromMain, function: "run_until_complete")
      }
      throw raised
    }
    switch outcome {
    case .finished: return (main as? PythonTask)?.result ?? .none
    case .drained: return .none
    case .poweredOff: throw vm.halt()
    case .stalled:
      scheduler.reportDeadlock()
      isDeadlocked = true
      throw vm.halt()
    }
  }

  /// The exception that a Swift error of the scheduler stands for.
  func raised(_ error: any Error) -> Raised {
    if let raised = error as? Raised { return raised }
    switch error as? SchedulerError {
    case .streamBusy: return vm.error(.assertionError, arguments: [])
    case .brokenGather: return vm.error(.nameError, SchedulerError.brokenGather.description)
    case let error?: return vm.error(.runtimeError, error.description)
    case nil: return vm.error(.runtimeError, "\(error)")
    }
  }

  /// Returns the exception to throw into a coroutine for an error that the scheduler delivers.
  func exception(for error: any Error) throws(Raised) -> Value {
    guard let raised = error as? Raised else { return vm.heap.exception(of: cancelledError, arguments: []) }
    // `task.data` may have been set to a class.
    return TypeHandle(raised.exception) == nil ? raised.exception : try vm.call(raised.exception)
  }

  /// Adds a frame of asyncio's own to a traceback.
  func note(_ exception: Value, file: String = "asyncio/core.py", line: Int, function: String) {
    vm.exceptionPart(of: exception)?.traceback.entries.append(
      TracebackEntry(file: file, line: line, function: function))
  }

  /// Refuses what only tasks may do while a hard interrupt handler is running.
  /// - Parameter isOwnWay: whether firmware has a class of its own for it, which may handle its use in other
  ///   threads.
  @inline(__always)
  func refuseInInterrupt(_ name: String, isOwnWay: @autoclosure () -> Bool = false) throws(Raised) {
    if interrupts.isHandling || vm.turnHook != nil || scheduler.isPolling {
      try refuse(name, isOwnWay: isOwnWay())
    }
  }

  private func refuse(_ name: String, isOwnWay: @autoclosure () -> Bool) throws(Raised) {
    guard interrupts.isHandling else {
      guard let pitfalls, !isOwnWay() else { return }
      if !pitfalls.isOnLoopThread {
        pitfalls.asyncioIsUsedInThread(name)
      } else if scheduler.isPolling && vm.isInScheduledCallback {
        pitfalls.asyncioIsUsedWhileWaiting(name)
      }
      return
    }
    pitfalls?.asyncioUsedInInterrupt(name)
    throw vm.errorInInterrupt(
      .runtimeError, "\(name) can't be used in an interrupt handler; set a ThreadSafeFlag there")
  }

  // MARK: Exception handlers

  private func handle(_ context: Scheduler.ExceptionContext) throws {
    guard let task = context.task as? PythonTask else { return }
    exceptionContext.set(interned: vm.heap.intern("exception"), to: task.result, in: vm.heap)
    exceptionContext.set(interned: vm.heap.intern("future"), to: task.object, in: vm.heap)
    do throws(Raised) {
      try callExceptionHandler(exceptionContext.value)
    } catch {
      note(error.exception, line: CoreLine.callHandler, function: "run_until_complete")
      throw error
    }
  }

  /// `Loop.call_exception_handler`
  func callExceptionHandler(_ context: Value) throws(Raised) {
    if exceptionHandler.value.isNone {
      if context == exceptionContext.value { tellUnretrieved() }
      return try reportUnretrieved(context)
    }
    _ = try vm.call(exceptionHandler.value, loop.value, context)
  }

  private func tellUnretrieved() {
    let future = exceptionContext.get(interned: vm.heap.intern("future"))
    guard let pitfalls, let task = task(future) else { return }
    pitfalls.reportUnretrieved(task)
    pitfalls.explain(task.result)
  }

  /// `Loop.default_exception_handler`: a board has no standard error, all goes to its one output.
  func reportUnretrieved(_ context: Value) throws(Raised) {
    func entry(_ key: String) throws(Raised) -> Value { try vm.getItem(context, vm.heap.intern(key)) }
    var output = TextOutput()
    try vm.print(try entry("message"), .str, into: &output)
    output.write("\n")
    vm.write(output.bytes)
    output = TextOutput()
    let future = try entry("future")
    output.write("future: ")
    try vm.print(future, .str, into: &output)
    output.write(" coro= ")
    try vm.print(try vm.getAttribute(future, "coro"), .str, into: &output)
    output.write("\n")
    let exception = try entry("exception")
    output.write(vm.tracebackText(of: exception))
    vm.uncaughtExceptions.callEach { $0(exception) }
    vm.write(output.bytes)
  }

  // MARK: Streams

  /// Makes the running task wait until a stream object can be read or written.
  func waitForStream(_ value: Value, _ event: PollEvents) throws(Raised) {
    try refuseInInterrupt("a stream")
    let pollable = try pollable(for: value)
    if event == .writable { pitfalls?.streamIsDrained(value) }
    do { try scheduler.waitCurrent(for: pollable, event) } catch {
      if error == .streamBusy { scheduler.reportBusyStream(pollable, event) }
      let raised = self.raised(error)
      note(raised.exception, line: CoreLine.streamAssertion, function: "_enqueue")
      let isRead = event == .readable
      note(
        raised.exception, line: isRead ? CoreLine.enqueueRead : CoreLine.enqueueWrite,
        function: isRead ? "queue_read" : "queue_write")
      throw raised
    }
  }

  private func pollable(for value: Value) throws(Raised) -> any Pollable {
    if let flag = flag(of: value) {
      flag.isAwaited = true
      return flag.flag
    }
    if let known = pollables[value] { return known }
    let pollable = StreamPollable(value, try vm.stream(value), vm)
    pollables[value] = pollable
    return pollable
  }
}
