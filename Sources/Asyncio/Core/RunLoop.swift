import Timebase

/// Why a run ended without an error.
public enum RunOutcome: Sendable, Equatable {
  /// The main task has ended; its `failure` is nil.
  case finished
  /// No task is left, and the main task is done or there was none.
  case drained
  /// Tasks wait, and no task, stream or clock event is left that could wake one. A board would wait for ever.
  case stalled
  /// Board time came to `Clock.powerOff`.
  case poweredOff
}

extension Scheduler {
  /// Runs tasks until `main` ends (`run_until_complete`).
  /// - Throws: the error that `main` ended with, or an error that a task, a stream, the exception handler or
  ///   one of `interruptions` threw to end the run. The queues are kept: a later run goes on with them.
  public func run(until main: ScheduledTask?) throws -> RunOutcome {
    let state = self.state
    let account = clock.account
    // `clock.account` lives as long as the clock, which this scheduler retains.
    let outerStep = state.pointee.stepping
    defer {
      state.pointee.current = nil
      state.pointee.stepping = outerStep
      state.pointee.isStepping = false
    }
    while true {
      if account.pointee.remaining <= 0 {
        clock.sliceExpired()
        try interruptions.callEach { (ask) throws in try ask() }
        if clock.isPoweredOff { return .poweredOff }
      }
      if boardExecutor.hasArrivals { takeArrivals() }
      if !state.pointee.queue.hasReady {
        guard let due = state.pointee.queue.firstDue, due <= ticks else {
          if let outcome = try waitForWork(main) { return outcome }
          continue
        }
      }
      if state.pointee.streamCount > 0 { try pollStreams() }
      guard let node = state.pointee.queue.popFirst() else { continue }
      if node.pointee.isDone {
        state.pointee.current = node
        try reportUnretrieved(node)
        continue
      }
      beginStep(node)
      // The list of live tasks retains the owner until `finish` retires it.
      let progress: ScheduledTask.Progress
      do {
        progress = try node.pointee.owner._withUnsafeGuaranteedRef { task in
          try task.node.pointee.hasPendingError ? resumeThrowing(task) : task.resume(throwing: nil)
        }
      } catch {
        // An error that ends the run has ended the task too.
        state.pointee.isStepping = false
        if node.pointee.place == .nowhere { retire(node) }
        throw error
      }
      state.pointee.isStepping = false
      // `switchTask` may have begun other tasks' steps meanwhile.
      guard let stepped = state.pointee.stepping else { continue }
      if (clock.now - state.pointee.stepBegan).nanoseconds >= state.pointee.reportableStep {
        stepWatch?.stepEnded(stepped.pointee.owner.takeUnretainedValue())
      }
      switch progress {
      case .suspended:
        if stepped.pointee.wasCancelled { checkCancelled(stepped) }
        continue
      case .returned: try finish(stepped, error: nil, isCancellation: false, main: main?.node)
      case .cancelled(let error): try finish(stepped, error: error, isCancellation: true, main: main?.node)
      case .raised(let error): try finish(stepped, error: error, isCancellation: false, main: main?.node)
      }
      if stepped == main?.node { return .finished }
    }
  }

  /// How long the step that goes on has taken, if that is worth a look.
  var noticedStepDuration: Interval? {
    let duration = now - state.pointee.stepBegan
    let isNoticed = state.pointee.isStepping && duration.nanoseconds >= state.pointee.reportableStep
    return isNoticed ? duration : nil
  }

  /// Every step of every task begins here.
  @inline(__always) func beginStep(_ node: NodePointer) {
    state.pointee.current = node
    state.pointee.stepping = node
    chargeSwitch()
    state.pointee.stepBegan = now
    state.pointee.isStepping = true
  }

  /// Runs until `stop()` is called (`run_forever`).
  public func runForever() throws -> RunOutcome {
    let stopper = ScheduledTask()
    stopTask = stopper
    return try run(until: stopper)
  }

  /// Ends `runForever` when the tasks that are due have had their turn. Does nothing when called again.
  public func stop() {
    guard let stopper = stopTask else { return }
    stopTask = nil
    start(stopper)
  }

  @inline(__always) private func chargeSwitch() {
    state.pointee.switches &+= 1
    let queued = state.pointee.queue.count
    if queued != state.pointee.priced.queued { price(queued) }
    state.pointee.account.pointee.remaining &-= state.pointee.priced.cost
  }

  @inline(never) private func price(_ queued: Int) {
    let doublings = Int64(Int.bitWidth - 1 - (queued + 1).leadingZeroBitCount)
    let costs = state.pointee.costs
    // Observers of the tasks are called here, on a path that is rare anyway: without observers a switch pays
    // nothing.
    defer { if !runs.isEmpty { tellOfRun() } }
    state.pointee.priced = (
      queued, costs.taskSwitch.nanoseconds &+ doublings &* costs.perDoublingOfQueue.nanoseconds
    )
  }

  private func tellOfRun() {
    // The next switch comes by again.
    state.pointee.priced.queued = -1
    let task = current
    runs.callEach { $0(task) }
  }

  /// Calls `observer` with each task whose step begins, and with nil when there is none to run for now.
  public func observeRuns(_ observer: @escaping (ScheduledTask?) -> Void) -> Observation {
    state.pointee.priced.queued = -1
    return runs.add(observer)
  }

  /// Calls `observer` with the name of each task whose step begins, `task` for one without, and with "" when there is none to
  /// run for now, as long as the scheduler lives.
  /// - Parameter observer: nil where nobody wants to know, which costs nothing.
  package func tellRunningTask(to observer: ((String) -> Void)?) {
    guard let observer else { return }
    keep(observeRuns { task in observer(task.map { $0.name.isEmpty ? "task" : $0.name } ?? "") })
  }

  private func resumeThrowing(_ task: ScheduledTask) throws -> ScheduledTask.Progress {
    let error = task.pending
    task.pending = nil
    task.node.pointee.hasPendingError = false
    if error == nil || error is CancelledError {
      task.noteCancellation(at: clock.now)
      task.node.pointee.wasCancelled = true
    }
    return try error == nil ? task.resumeCancelled() : task.resume(throwing: error)
  }

  /// A task suspends again after a cancellation was thrown into it.
  private func checkCancelled(_ node: NodePointer) {
    let task = node.pointee.owner.takeUnretainedValue()
    guard task.hasSwallowedCancellation(now: clock.now) else { return }
    node.pointee.wasCancelled = false
    reportSwallowedCancellation(task)
  }

  // MARK: Waiting

  /// Nothing is due: asks the streams and, if that brought nothing, lets time pass to the next thing that could.
  private func waitForWork(_ main: ScheduledTask?) throws -> RunOutcome? {
    if state.pointee.streamCount > 0, try pollStreams() { return nil }
    if boardExecutor.hasArrivals { return nil }
    let until = state.pointee.queue.firstDue.map { Instant(nanoseconds: 0) + .milliseconds($0) }
    if until == nil && state.pointee.streamCount == 0 && awayCount == 0 {
      state.pointee.current = nil
      if main?.isDone ?? true { return .drained }
    }
    if awayCount > 0 && holdTime() { return nil }
    if pollsUntilDue { return try pollUntilDue() }
    return try idle(until: until, hasStreams: state.pointee.streamCount > 0)
  }

  /// Lets time pass to an instant, or without one for as long as nothing happens; streams that have to be asked again and again
  /// bound it to a tick.
  private func idle(until: Instant?, hasStreams: Bool) throws -> RunOutcome? {
    var until = until
    if hasStreams && streams.needsTickPolling {
      let tick = Instant(nanoseconds: 0) + .milliseconds(ticks + 1)
      until = until.map { min($0, tick) } ?? tick
    }
    if until == nil && clock.powerOff != nil && clock.nextEventDue == nil && awayCount == 0
      && !clock.mayHearFromOutside
    {
      reportDeadlock()
    }
    runs.callEach { $0(nil) }
    // A handler reaches a stream without a report; all else that could make a task ready wakes the clock.
    let carriesInterrupts = state.pointee.streamCount == 0 && awayCount == 0
    switch clock.idle(until: until, carriesInterrupts: carriesInterrupts) {
    case .reached, .eventRan, .woken: break
    case .poweredOff: return .poweredOff
    case .nothingToWaitFor:
      guard awayCount > 0 else { return .stalled }
      if !clock.waitForWake(atMost: .seconds(2)) {
        reportAbsence()
        clock.waitForWake()
      }
    }
    try interruptions.callEach { (ask) throws in try ask() }
    return nil
  }

  /// Waits as MicroPython's loop does: it asks for the first due task once and then polls its streams until then, or, where it
  /// has neither tasks nor streams, for 3 ms at a time (extmod/asyncio/core.py). So a task that a scheduled function has made
  /// ready, by an `Event.set`, goes on when the loop comes round, not at once.
  private func pollUntilDue() throws -> RunOutcome? {
    let began = clock.now
    let hasStreams = state.pointee.streamCount > 0
    var end = state.pointee.queue.firstDue.map { Instant(nanoseconds: 0) + .milliseconds($0) }
    isPolling = true
    endsPolling = false
    defer { isPolling = false }
    while end.map({ clock.now < $0 }) ?? true {
      if end == nil && !hasStreams && (state.pointee.queue.hasReady || state.pointee.queue.firstDue != nil) {
        // To the end of the pass that is going on.
        let passes = (clock.now - began).nanoseconds / Self.idlePass.nanoseconds + 1
        end = began + .nanoseconds(passes * Self.idlePass.nanoseconds)
        continue
      }
      if let outcome = try idle(until: end, hasStreams: hasStreams) { return outcome }
      if boardExecutor.hasArrivals || endsPolling { return nil }
      if state.pointee.streamCount > 0, try pollStreams() { return nil }
    }
    return nil
  }

  /// How long MicroPython's loop polls at a time when it has neither a task that is due nor a stream to wait for.
  private static let idlePass = Interval.milliseconds(3)

  /// In virtual mode, gives tasks that left for other actors a moment of wall time to come back before board time
  /// goes on: a short call to another actor takes no board time, whatever the host is busy with. Once for each that
  /// left, because it may as well wait for something that only board time brings.
  /// - Returns: whether the clock was woken, so that there may be something to do.
  private func holdTime() -> Bool {
    guard holdsTime, clock.mode == .virtual else { return false }
    holdsTime = false
    return clock.waitForWake(atMost: .milliseconds(5))
  }

  /// Asks every stream that a task waits for, then makes the tasks of those that are ready ready, in the order in
  /// which waiting began. (Two steps, because a stream written in firmware may do anything while it is asked.)
  /// - Returns: whether a task became ready.
  @discardableResult
  private func pollStreams() throws -> Bool {
    var answers: [(ObjectIdentifier, PollEvents)] = []
    for entry in streams.entries {
      clock.charge(costs.streamPoll)
      let began = clock.now
      let events = try entry.stream.poll(entry.wanted)
      if (clock.now - began).nanoseconds >= state.pointee.reportableStep {
        let waiter = entry.reader ?? entry.writer
        stepWatch?.pollEnded(began: began, for: waiter?.pointee.owner.takeUnretainedValue())
      }
      if !events.isEmpty { answers.append((entry.identity, events)) }
    }
    for (identity, events) in answers {
      let woken = streams.take(events, of: identity)
      if let reader = woken.reader { push(reader) }
      if let writer = woken.writer { push(writer) }
    }
    state.pointee.streamCount = streams.entries.count
    return !answers.isEmpty
  }

  // MARK: Ends of tasks

  private func finish(
    _ node: NodePointer, error: (any Error)?, isCancellation: Bool, main: NodePointer?
  ) throws {
    try node.pointee.owner._withUnsafeGuaranteedRef { task in
      if let error { task.failure = error }
      if node.pointee.hasPendingError {
        task.pendingError = nil
        try task.didMissError()
      }
    }
    if node == main {
      state.pointee.current = nil
      if let error {
        // As in MicroPython, other waiters for the main task are not informed.
        end(node, as: .done)
        retire(node)
        throw error
      }
    }
    var isRetrieved = node == main
    switch node.pointee.state {
    case .observed:
      if node.pointee.hasBrokenGather { throw SchedulerError.brokenGather }
      end(node, as: .done)
      node.pointee.gathering?._withUnsafeGuaranteedRef { $0.taskDidEnd(error) }
      isRetrieved = true
    case .awaited:
      end(node, as: .done)
      while let waiter = node.waiters.removeFirst() {
        push(waiter)
        isRetrieved = true
      }
    case .running, .done, .doneUnawaited:
      end(node, as: isRetrieved ? .done : .doneUnawaited)
      // Somebody outside of the board may have taken its error just now.
      if node.pointee.state == .done { isRetrieved = true }
    }
    if error != nil && !isCancellation && !isRetrieved {
      // The task comes by once more; a task that awaits it before then has retrieved the error.
      push(node)
    } else {
      retire(node)
    }
  }

  @inline(__always) private func end(_ node: NodePointer, as state: ScheduledTask.State) {
    node.pointee.state = state
    node.pointee.stepLoop = .none
    node.pointee.owner._withUnsafeGuaranteedRef { $0.didFinish() }
  }

  /// A task that ended with an error has come by again.
  private func reportUnretrieved(_ node: NodePointer) throws {
    let task = node.pointee.owner.takeUnretainedValue()
    defer { retire(node) }
    guard node.pointee.state == .doneUnawaited, let error = task.failure else { return }
    if let exceptionHandler {
      try exceptionHandler(
        ExceptionContext(message: "Task exception wasn't retrieved", error: error, task: task))
    } else {
      reportUnretrieved(task, error)
      try task.reportUnretrieved(error)
    }
  }
}
