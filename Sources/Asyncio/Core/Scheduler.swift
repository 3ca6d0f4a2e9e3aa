import Diagnostics
import Timebase

/// The scheduler of one board, with the semantics of MicroPython's asyncio, for tasks in any language.
///
/// Tasks run in order of due time, counted in whole milliseconds, then of arrival. It belongs to the firmware thread
/// as its clock does; only `ThreadSafeFlag.set()` and tasks that come back from other actors reach it from elsewhere.
public final class Scheduler {
  /// State that the run loop touches at every switch; raw for the same reason as `TaskNode`.
  struct State {
    /// The clock's, which the scheduler keeps.
    let account: UnsafeMutablePointer<Clock.Account>
    /// Whether time is the host's, and not in the account.
    let isHost: Bool
    var queue = RunQueue()
    var current: NodePointer?
    /// The task whose step is under way. Unlike `current` it stays when a step runs the scheduler again, and so is what
    /// the step's outcome is for.
    var stepping: NodePointer?
    var firstLive: NodePointer?
    var costs: SchedulerCosts { didSet { priced = (-1, 0) } }
    /// The cost of a switch while so many tasks are queued: the last count that was asked for, and
    /// nanoseconds.
    var priced: (queued: Int, cost: Int64) = (-1, 0)
    var streamCount = 0
    var switches = 0
    /// A step is going on, since then.
    var isStepping = false
    var stepBegan = Instant(nanoseconds: 0)
    /// Nanoseconds from which on a step is worth a look.
    var reportableStep = Int64.max
    /// The last millisecond that was asked for and when it began, nanoseconds: most questions fall into the same one,
    /// and a comparison costs less than a division.
    var tick: (count: Int64, start: Int64) = (0, 0)
  }

  /// Arguments of an exception handler.
  public struct ExceptionContext {
    /// Always "Task exception wasn't retrieved".
    public let message: String
    public let error: any Error
    public let task: ScheduledTask
  }

  public let clock: Clock
  /// Called when a task ended with an error that nobody retrieved; nil means the task's own
  /// `reportUnretrieved`. An error it throws ends the run.
  public var exceptionHandler: ((ExceptionContext) throws -> Void)?
  /// The same as Swift firmware set it, to be given back.
  var firmwareExceptionHandler: (@Firmware (ExceptionContext) throws -> Void)?
  /// Asked at the end of each slice and after each wait: runs what interrupts left to do, and throws what must end
  /// the run (`KeyboardInterrupt`).
  public let interruptions = Observers<() throws -> Void>()
  /// Whether the loop waits as MicroPython's does, for time and streams alone: tasks made ready by anything
  /// else are seen when it comes round.
  package var pollsUntilDue = false
  /// Whether it is waiting so.
  package internal(set) var isPolling = false
  /// Whether a thread outside of the board has made a task ready, which goes on at once.
  var endsPolling = false
  /// Receives the findings.
  public var diagnostics: DiagnosticSink?
  /// The firmware's current place; a language port supplies it.
  public let firmwarePlaces = Observers<() -> Diagnostic.Place?>()
  /// See `observeRuns`.
  let runs = Observers<(ScheduledTask?) -> Void>()
  /// Observations that the scheduler keeps for others as long as it lives.
  private var kept: [Observation] = []
  /// Looks for steps that keep others from running; see `watchSteps`.
  public internal(set) var stepWatch: StepWatch?

  /// Looks for steps that do not end; see `watchEndlessSteps`.
  var stepAlarm: StepAlarm? { didSet { oldValue?.end() } }

  let state: UnsafeMutablePointer<State>
  var streams = StreamWaits()
  var stopTask: ScheduledTask?
  /// Whether a run of Swift firmware has come to its end since the last `reset`.
  var hasRunToItsEnd = false
  /// Tasks that left for another actor and have not come back.
  var awayCount = 0
  /// Whether board time should wait a moment for a task that just left.
  var holdsTime = false
  /// Takes back the tasks that left.
  let boardExecutor: BoardTaskExecutor
  /// The sockets of Swift firmware.
  lazy var network = LoopbackNetwork(clock: clock)

  public init(clock: Clock, costs: SchedulerCosts = .pyboard) {
    self.clock = clock
    boardExecutor = BoardTaskExecutor(wakeSignal: clock.wakeSignal)
    state = .allocate(capacity: 1)
    state.initialize(to: State(account: clock.account, isHost: clock.mode == .host, costs: costs))
  }

  deinit {
    stepAlarm?.end()
    clock.externalSources.leave(boardExecutor)
    boardExecutor.close()
    forEachLiveNode { node in
      node.pointee.owner._withUnsafeGuaranteedRef { $0.schedulerWillGo() }
      if node.pointee.place == .waiting { node.pointee.waitList?.remove(node) }
      node.pointee.awaited = nil
      retire(node)
    }
    state.pointee.queue.deallocate()
    state.deinitialize(count: 1)
    state.deallocate()
  }

  /// Keeps an observation as long as the scheduler lives.
  package func keep(_ observation: Observation?) {
    if let observation { kept.append(observation) }
  }

  /// The firmware's place, as the port that runs it reports.
  var firmwarePlace: Diagnostic.Place? { firmwarePlaces.latestFirst.lazy.compactMap { $0() }.first }

  public var costs: SchedulerCosts {
    get { state.pointee.costs }
    set { state.pointee.costs = newValue }
  }

  // MARK: Tasks

  /// The task that runs.
  public var current: ScheduledTask? { state.pointee.current?.pointee.owner.takeUnretainedValue() }

  /// The task whose step is under way or, while `resume` returns, has just ended.
  public var stepping: ScheduledTask? { state.pointee.stepping?.pointee.owner.takeUnretainedValue() }

  /// The same without a reference that is counted. To be called in a step or at its end only.
  public func withStepping<Result>(_ body: (ScheduledTask) throws -> Result) rethrows -> Result {
    // Invariant: set at the beginning of each step.
    try state.pointee.stepping.unsafelyUnwrapped.pointee.owner._withUnsafeGuaranteedRef(body)
  }

  /// Task switches since the scheduler was made.
  public var switchCount: Int { state.pointee.switches }

  /// Tasks in the run queue.
  public var queuedTaskCount: Int { state.pointee.queue.count }

  /// Makes a new task ready; it first runs when the scheduler comes to it (`create_task`).
  public func start(_ task: ScheduledTask) { push(task.node) }

  /// Makes a parked or new task ready, behind all that are due already (`_task_queue.push`). A task that is in the run
  /// queue stays where it is.
  public func makeReady(_ task: ScheduledTask) {
    guard !task.isDone else { return }
    detach(task.node)
    push(task.node)
  }

  /// As `makeReady`, for events outside of the board: the loop need not come round to see it.
  package func makeReadyFromOutside(_ task: ScheduledTask) {
    makeReady(task)
    endsPolling = true
  }

  /// Makes a task that sleeps go on at once, behind all that are due already.
  public func endSleep(of task: ScheduledTask) {
    guard task.node.pointee.place == .timed, task.due > ticks else { return }
    state.pointee.queue.removeTimed(task.node)
    push(task.node)
  }

  /// Calls `body` with every task that is queued, waits or runs; for a garbage collector.
  public func forEachLiveTask(_ body: (ScheduledTask) -> Void) {
    forEachLiveNode { body($0.pointee.owner.takeUnretainedValue()) }
  }

  /// Calls `body` with every stream that a task waits for.
  public func forEachStream(_ body: (any Pollable) -> Void) {
    for entry in streams.entries { body(entry.stream) }
  }

  /// Forgets tasks that are queued, sleep, or wait for a stream (`new_event_loop`). Tasks that wait for
  /// events, locks or other tasks stay there, as in MicroPython.
  public func reset() {
    hasRunToItsEnd = false
    while let node = state.pointee.queue.popFirst() { retire(node) }
    for node in streams.takeAll() { retire(node) }
    state.pointee.streamCount = 0
  }

  // MARK: Actions of the running task; each returns before the task is suspended

  /// Puts the current task to sleep. Negative times count as zero; a zero sleep goes behind every task already due.
  public func sleepCurrent(milliseconds: Int) throws(SchedulerError) {
    let node = try currentNode()
    let now = ticks
    push(node, due: saturatingAdd(now, Int64(max(0, milliseconds))), now: now)
  }

  /// Makes the current task wait in `queue` until somebody wakes it there.
  public func waitCurrent(on queue: WaitQueue) throws(SchedulerError) { queue.list.append(try currentNode()) }

  /// Makes the current task wait until `stream` is ready. Every wait costs one pass at least, ready or not.
  /// - Throws: `SchedulerError.streamBusy` if another task waits for the same direction.
  public func waitCurrent(for stream: any Pollable, _ event: PollEvents) throws(SchedulerError) {
    try streams.add(try currentNode(), for: stream, event)
    state.pointee.streamCount = streams.entries.count
  }

  /// The task that waits for a direction of a stream.
  public func waiter(for stream: any Pollable, _ event: PollEvents) -> ScheduledTask? {
    streams.waiter(for: stream, event)?.pointee.owner.takeUnretainedValue()
  }

  /// Makes the current task wait until `makeReady` or a cancellation names it.
  public func parkCurrent() throws(SchedulerError) { try currentNode().pointee.place = .parked }

  /// Makes the current task wait for the end of another one.
  /// - Returns: false if that is done already; then its result can be taken at once and counts as retrieved.
  /// - Throws: `SchedulerError.cannotWait` if the other one is being gathered; `.taskOfAnotherLoop`.
  public func awaitCurrent(_ task: ScheduledTask) throws(SchedulerError) -> Bool {
    let node = try currentNode()
    let awaited = task.node
    if isOfAnotherLoop(awaited) { throw .taskOfAnotherLoop }
    switch awaited.pointee.state {
    case .done, .doneUnawaited:
      awaited.pointee.state = .done
      return false
    case .observed:
      throw SchedulerError.cannotWait
    case .running:
      awaited.pointee.state = .awaited
    case .awaited:
      break
    }
    awaited.waiters.append(node)
    node.pointee.awaited = awaited
    if awaited.pointee.awaited != nil || awaited.pointee.waitList != nil || awaited == node {
      reportIfCircular(node)
    }
    return true
  }

  // MARK: Queue

  /// `clock.now`, without asking the clock as long as the account knows.
  @inline(__always) var now: Instant {
    let account = state.pointee.account
    guard account.pointee.isDirect else { return askClock() }
    return Instant(nanoseconds: account.pointee.deadline &- account.pointee.remaining)
  }

  @inline(never) private func askClock() -> Instant { clock.now }

  /// The board's millisecond count; does not wrap.
  @inline(__always) public var ticks: Int64 {
    let account = state.pointee.account
    let now = account.pointee.deadline &- account.pointee.remaining
    guard account.pointee.isDirect, UInt64(bitPattern: now &- state.pointee.tick.start) < 1_000_000 else {
      return countTicks()
    }
    return state.pointee.tick.count
  }

  @inline(never) private func countTicks() -> Int64 {
    let count = now.milliseconds
    state.pointee.tick = (count, count * 1_000_000)
    return count
  }

  /// Whether another board's scheduler has the task, which runs beside this one.
  func isOfAnotherLoop(_ node: NodePointer) -> Bool {
    guard let scheduler = node.pointee.scheduler else { return false }
    return scheduler.toOpaque() != Unmanaged.passUnretained(self).toOpaque()
  }

  func currentNode() throws(SchedulerError) -> NodePointer {
    guard let node = state.pointee.current else { throw SchedulerError.noRunningTask }
    return node
  }

  func push(_ node: NodePointer) {
    let now = ticks
    push(node, due: now, now: now)
  }

  /// Everything that a task waited for is over once it is in the run queue, a pending error too.
  @inline(__always) func push(_ node: NodePointer, due: Int64, now: Int64) {
    guard node.pointee.place != .ready && node.pointee.place != .timed else { return }
    if node.pointee.scheduler == nil { enlist(node) }
    node.pointee.awaited = nil
    if node.pointee.hasPendingError { clearPendingError(node) }
    state.pointee.queue.insert(node, due: due, now: now)
  }

  private func clearPendingError(_ node: NodePointer) {
    node.pointee.hasPendingError = false
    node.pointee.owner._withUnsafeGuaranteedRef { $0.pending = nil }
  }

  func cancel(_ node: NodePointer) throws(SchedulerError) -> Bool {
    if node == state.pointee.current { throw SchedulerError.cannotCancelSelf }
    let target = lastAwaited(from: node)
    switch target.pointee.place {
    case .waiting, .stream, .parked:
      detach(target)
      push(target)
    case .timed:
      target.pointee.owner._withUnsafeGuaranteedRef { endSleep(of: $0) }
    case .ready, .nowhere:
      break
    }
    target.pointee.owner._withUnsafeGuaranteedRef { $0.pending = nil }
    target.pointee.hasPendingError = true
    return true
  }

  /// The end of the chain of tasks that await each other. Tasks that await each other in a circle, where a board would
  /// hang, have no end: then one of them.
  private func lastAwaited(from node: NodePointer) -> NodePointer {
    var last = node
    var slower = node
    var isEvenStep = false
    while let awaited = last.pointee.awaited {
      last = awaited
      if isEvenStep, let next = slower.pointee.awaited { slower = next }
      isEvenStep.toggle()
      if last == slower { break }
    }
    return last
  }

  /// Takes a waiting node out of its wait list; the run queue keeps its nodes.
  private func detach(_ node: NodePointer) {
    switch node.pointee.place {
    case .waiting:
      node.pointee.waitList?.remove(node)
    case .stream:
      for lost in streams.remove(node) { reportLostWait(lost, becauseOf: node) }
      state.pointee.streamCount = streams.entries.count
    case .parked:
      node.pointee.place = .nowhere
    case .ready, .timed, .nowhere:
      break
    }
  }

  // MARK: Live tasks

  private func enlist(_ node: NodePointer) {
    _ = node.pointee.owner.retain()
    node.pointee.scheduler = .passUnretained(self)
    node.pointee.previousLive = nil
    node.pointee.nextLive = state.pointee.firstLive
    state.pointee.firstLive?.pointee.previousLive = node
    state.pointee.firstLive = node
  }

  /// Ends the retention of a task that is linked nowhere; this may free the node.
  func retire(_ node: NodePointer) {
    guard node.pointee.isLive else { return }
    let next = node.pointee.nextLive
    let previous = node.pointee.previousLive
    if let previous { previous.pointee.nextLive = next } else { state.pointee.firstLive = next }
    next?.pointee.previousLive = previous
    node.pointee.nextLive = nil
    node.pointee.previousLive = nil
    node.pointee.scheduler = nil
    node.pointee.owner.release()
  }

  private func forEachLiveNode(_ body: (NodePointer) -> Void) {
    var next = state.pointee.firstLive
    while let node = next {
      next = node.pointee.nextLive
      body(node)
    }
  }
}

private func saturatingAdd(_ left: Int64, _ right: Int64) -> Int64 {
  let (sum, overflow) = left.addingReportingOverflow(right)
  return overflow ? .max : sum
}
