import Timebase

/// Latches interrupts and delivers them as the NVIC does, hard ones on the one thread named `interrupt`: one of a higher
/// priority preempts the handler that runs, one of an equal or lower one waits for its end.
///
/// Virtual and paced mode: the firmware thread lends the baton and waits until the handler has returned. Host mode:
/// Swift handlers run beside the firmware; a language port's still take the baton, because they share its
/// interpreter.
public final class InterruptController {
  public static let threadName = "interrupt"

  /// Whether an interrupt is delivered as soon as the firmware has finished touching the board. A language port
  /// sets it to false: its handlers run when the clock runs its events, or when it calls `deliver()` at the end of an
  /// instruction.
  public var deliversAtOnce = true
  /// The language port whose firmware runs; it takes itself out before it goes.
  public unowned var languagePort: (any InterruptedPort)?
  /// Whether a hard handler is running and has the baton.
  public var isHandling: Bool { handlerDepth > 0 }
  /// Whether interrupts are delivered; those that come while they are not are latched.
  public private(set) var isEnabled = true

  private let clock: Clock
  private let reporter: Reporter
  private let trace: Trace
  private let entryCost: Interval
  private let exitCost: Interval
  private let softCost: Interval
  private let board = BoardReference()
  /// Host mode: what other threads have for the firmware's; made when it is first asked for, as most runs have none.
  private var host: BorrowedReference<HostInterrupts>?
  private let registry = InterruptSourceRegistry()
  private var sourceCount = 0
  /// Sources with something latched, in the order in which it came.
  private var waiting: [InterruptSource] = []
  private var thread: BatonThread?
  /// The sources whose handlers run, the one that interrupted last behind the others.
  private(set) var runningHandlers: [String] = []
  let handlerObservers = SignalObservers()
  /// Whether the `interrupt` thread has the baton.
  private var isOnThread = false
  /// Hard handlers that run, each preempted by the next.
  private var handlerDepth = 0
  /// The priority of what is being handled; an interrupt preempts it if its own is higher, which is a lower number.
  private var activePriority = Int.max
  /// The source that is being handled, since when, and how many events ran when its handler was called.
  private var active: (source: InterruptSource, began: Instant, eventDepth: Int)?
  /// How often a delivery handles a source that handlers interrupt again and again.
  private static let repeatLimit = 1000
  /// Whether a handler waits for the firmware's thread while the `interrupt` thread has the baton.
  private var isFirmwareThreadAwaited = false
  /// Counts calls of `deliver`.
  private var deliveries = 0
  private var deliveryEvent: Clock.EventID?
  /// Whether priorities preempt. The RP2040's port leaves all at one priority.
  private let hasPriorities: Bool

  /// - Parameter hasPriorities: whether a handler can be preempted.
  init(clock: Clock, reporter: Reporter, trace: Trace, costs: [String: Int], hasPriorities: Bool = true) {
    self.hasPriorities = hasPriorities
    self.clock = clock
    self.reporter = reporter
    self.trace = trace
    entryCost = .nanoseconds(costs["interrupt-entry"] ?? 0)
    exitCost = .nanoseconds(costs["interrupt-exit"] ?? 0)
    softCost = .nanoseconds(costs["soft-interrupt"] ?? 0)
  }

  func serve(_ board: Board) { self.board.board = board }

  /// A new source of interrupts.
  /// - Parameter priority: 0 to 15, lower goes first; sources of one priority go in the order of their making.
  public func makeSource(name: String, priority: Int) -> InterruptSource {
    sourceCount += 1
    return InterruptSource(name: name, priority: priority, index: sourceCount, registry: registry)
  }

  // MARK: Stop mode

  /// Whether the processor's clocks stand (RM0090, 5.3.4): only pins and the real-time clock interrupt.
  public private(set) var isStopped = false

  /// Whether something has interrupted that wakes the processor.
  public var hasWakeUp: Bool { waiting.contains { $0.latched != nil && $0.inStopMode == .wakes } }

  /// Runs `body` with the processor's clocks standing and interrupts held back; they are handled behind it.
  public func inStopMode<Failure: Error>(_ body: () throws(Failure) -> Void) throws(Failure) {
    let state = disable()
    isStopped = true
    defer {
      isStopped = false
      enable(state)
    }
    try body()
  }

  /// Whether an interrupt could run a handler of a language port.
  public var hasRoutines: Bool { registry.hasRoutines }

  /// Calls `body` with every handler of a language port that an interrupt could still run: the roots of the port's
  /// collector.
  public func forEachRoutine(_ body: (any InterruptRoutine) -> Void) { registry.forEachRoutine(body) }

  // MARK: Masking

  /// Holds delivery back, as `machine.disable_irq`.
  /// - Returns: whether it was enabled, for `enable(_:)`.
  public func disable() -> Bool {
    defer { isEnabled = false }
    host?.object.setOpen(false)
    return isEnabled
  }

  /// Restores what `disable()` returned; what was latched meanwhile is delivered.
  public func enable(_ state: Bool = true) {
    isEnabled = state
    host?.object.setOpen(state)
    guard state else { return }
    scheduleDelivery()
    poll()
  }

  // MARK: Raising

  /// Latches an interrupt. One that finds another latched is lost, and reported.
  /// - Parameter time: when it happened, if that is not the clock's `now`.
  public func raise(_ source: InterruptSource, at time: Instant? = nil, level: Level? = nil) {
    raise(source, at: time ?? clock.now, level: level, taken: nil)
  }

  /// - Parameter taken: called when it has been handled, or will not be.
  func raise(_ source: InterruptSource, at time: Instant, level: Level?, taken: (@Sendable () -> Void)?) {
    guard source.isEnabled, source.handler != nil, !isStopped || source.inStopMode != .stands else {
      taken?()
      return
    }
    if clock.mode == .host, case .concurrent = source.handler,
      startedHost()?.raiseBeside(source, at: time, level: level, taken: taken) == true
    {
      return
    }
    guard source.latched == nil else {
      reportMiss(source, at: time)
      taken?()
      return
    }
    source.latched = InterruptSource.Latch(
      time: time, level: level, isByHandler: active?.eventDepth == clock.eventDepth, taken: taken)
    if !source.isWaiting {
      source.isWaiting = true
      waiting.append(source)
    }
    scheduleDelivery()
  }

  /// Delivers what is latched if the firmware can be stopped here. Every part of the board calls it when the
  /// firmware has touched it.
  @inline(__always) public func poll() {
    if host?.lend({ $0.hasMessages }) == true || !waiting.isEmpty { pollNow() }
  }

  @inline(never) private func pollNow() {
    host?.object.takeArrivals()
    if deliversAtOnce {
      deliver()
    } else if isEnabled && !waiting.isEmpty {
      languagePort?.interruptBecameDue()
    }
  }

  /// Lets the clock deliver at its next look, where no instruction's end does.
  private func scheduleDelivery() {
    guard !waiting.isEmpty, deliveryEvent == nil, isEnabled else { return }
    deliveryEvent = clock.schedule(at: clock.now, isInterrupt: !isFirmwareThreadAwaited) { [self] in
      deliveryEvent = nil
      deliver()
    }
  }

  // MARK: Delivery

  /// Handles latched interrupts that are enabled, in order of priority, and those that preempt them.
  ///
  /// An interrupt that a handler causes on its own line or another one is handled before the firmware goes on, as on the board. When
  /// time interrupts a source again that was handled, that waits for the next delivery, so that the firmware gets on
  /// a little even if handlers take longer than their period.
  public func deliver() {
    guard !waiting.isEmpty else { return }
    deliveries += 1
    let delivery = deliveries
    isFirmwareThreadAwaited = false
    while isEnabled, !clock.isPoweredOff, let source = nextDue(in: delivery) {
      source.repeats = source.handledIn == delivery ? source.repeats + 1 : 0
      source.handledIn = delivery
      handle(source)
    }
    guard !waiting.isEmpty else {
      if let event = deliveryEvent.take() { clock.cancel(event) }
      return
    }
    if !clock.isPoweredOff && nextDue(in: nil) != nil { scheduleDelivery() }
  }

  /// The latched source of the highest priority, if that is higher than the one that is being handled.
  /// - Parameter delivery: leaves out what this delivery has handled; `nil` for none.
  private func nextDue(in delivery: Int?) -> InterruptSource? {
    var first: InterruptSource?
    for source in waiting {
      if source.handledIn == delivery {
        guard source.latched?.isByHandler == true, source.repeats < Self.repeatLimit else { continue }
      }
      guard (hasPriorities ? source.priority : 0) < activePriority else { continue }
      if let first, (first.priority, first.index) < (source.priority, source.index) { continue }
      if isOnThread, case .soft = source.handler {
        isFirmwareThreadAwaited = true
        continue
      }
      first = source
    }
    return first
  }

  private func handle(_ source: InterruptSource) {
    waiting.removeAll { $0 === source }
    source.isWaiting = false
    guard let latch = source.latched else { return }
    source.latched = nil
    defer { latch.taken?() }
    guard let handler = source.handler else { return }
    if source.firesOnce { source.handler = nil }
    source.lastLevel = latch.level
    let interrupt = Interrupt(
      source: source.label, time: latch.time, level: latch.level, access: .exclusive(board))
    switch handler {
    case .soft(let body):
      clock.charge(softCost)
      run(source, isRoutine: false) { try body(interrupt) }
    case .routine(let routine, .soft):
      clock.charge(softCost)
      run(source, isRoutine: true) { try routine.handle(interrupt) }
    case .routine(let routine, .hard):
      runHard(source, isRoutine: true) { try routine.handle(interrupt) }
    case .concurrent(let body):
      runHard(source, isRoutine: false) { try body(interrupt) }
    }
  }

  /// Runs a hard handler on the `interrupt` thread. An interrupt that becomes due while the processor enters
  /// it preempts it already.
  private func runHard(_ source: InterruptSource, isRoutine: Bool, _ body: () throws -> Void) {
    guard startedThread() != nil else { return }
    let (outerPriority, outer) = (activePriority, active)
    activePriority = hasPriorities ? source.priority : 0
    defer { (activePriority, active) = (outerPriority, outer) }
    clock.charge(entryCost)
    if clock.account.pointee.remaining <= 0 { clock.runDueEvents() }
    guard !clock.isPoweredOff else { return }
    active = (source, clock.now, clock.eventDepth)
    handlerBegins(source.label, at: clock.now)
    clock.withoutStanding {
      onThread {
        handlerDepth += 1
        run(source, isRoutine: isRoutine, body)
        handlerDepth -= 1
      }
    }
    clock.charge(exitCost)
    handlerEnds(source.label, at: clock.now)
  }

  func handlerBegins(_ label: String, at time: Instant) {
    trace.record(.interruptEntry(label), at: time)
    runningHandlers.append(label)
    handlerObservers.tell(.text(label), at: time)
  }

  func handlerEnds(_ label: String, at time: Instant) {
    trace.record(.interruptExit(label), at: time)
    if let index = runningHandlers.lastIndex(of: label) { runningHandlers.remove(at: index) }
    handlerObservers.tell(.text(runningHandlers.last ?? ""), at: time)
  }

  /// Runs `body` on the `interrupt` thread while the firmware stands still.
  private func onThread(_ body: () -> Void) {
    guard !isOnThread, let thread = startedThread() else { return body() }
    isOnThread = true
    thread.lend(body)
    isOnThread = false
  }

  private func run(_ source: InterruptSource, isRoutine: Bool, _ body: () throws -> Void) {
    do {
      try body()
    } catch {
      fail(source, error, isTold: isRoutine)
    }
  }

  /// As on the board, a handler that throws is not called again.
  /// - Parameter isTold: whether the error has been reported.
  func fail(_ source: InterruptSource, _ error: any Error, isTold: Bool = false) {
    source.isEnabled = false
    source.handler = nil
    source.clear()
    source.owner?.handlerFailed(of: source)
    if isTold { return }
    reporter.report(
      .handlerFailed, at: source.setAt,
      "the interrupt handler of \(source.label) threw \(error) at \(clock.now) and is now off",
      advice: "catch errors inside the handler")
  }

  func startedThread() -> BatonThread? {
    if let thread { return thread }
    do {
      let thread = try BatonThread(name: Self.threadName)
      self.thread = thread
      return thread
    } catch {
      reporter.reportOnce(
        .noInterruptThread, "\(error)",
        advice: "close other programs or raise the limit on threads (ulimit -u)")
      return nil
    }
  }

  func reportMiss(_ source: InterruptSource, at time: Instant) {
    source.missedCount += 1
    trace.record(.interruptMissed(source.label), at: time)
    guard !source.isMissReported else { return }
    source.isMissReported = true
    let advice =
      if !isEnabled {
        "hold interrupts back for a shorter time"
      } else if let active, clock.now - active.began > entryCost {
        "do less in the handler of \(active.source.label), or interrupt less often"
      } else if active != nil {
        "interrupt less often: the board takes \(entryCost) to enter a handler"
      } else {
        "do less in the handler, hold interrupts back for a shorter time, or interrupt less often"
      }
    reporter.report(
      .edgeMissed, at: source.setAt,
      "\(source.label) interrupted again at \(time) while one interrupt was waiting already",
      advice: advice)
  }

  // MARK: Host mode

  private func startedHost() -> HostInterrupts? {
    if let host = host?.object { return host }
    guard let time = clock.hostTime else { return nil }
    let host = HostInterrupts(of: self, clock: clock, time: time, board: board, reporter: reporter)
    self.host = BorrowedReference(object: host)
    return host
  }

  /// Returns the entry for edges of a real line that raise this source; `nil` outside host mode and without a
  /// handler.
  /// - Parameter seen: called on the firmware's thread for each edge, before a handler there runs.
  func makeHostEdgeInput(
    for source: InterruptSource, trigger: EdgeTrigger, seen: @escaping (Level, Instant) -> Void
  ) -> HostEdgeInput? {
    guard source.handler != nil, source.isEnabled else { return nil }
    return startedHost()?.makeEdgeInput(for: source, trigger: trigger, seen: seen)
  }

  /// Returns the entry for characters that a serial port receives; `nil` outside host mode.
  func makeHostSerialInput(number: Int) -> HostSerialInput? { startedHost()?.makeSerialInput(number: number) }

  /// In host mode, lets the `interrupt` thread itself keep time for a source whose handler may run beside the firmware.
  /// - Returns: `nil` when the clock's events have to.
  func makeAlarm(_ schedule: ConcurrentTimer.Schedule, for source: InterruptSource) -> ConcurrentTimer? {
    guard case .concurrent = source.handler else { return nil }
    return startedHost()?.makeAlarm(schedule, for: source)
  }

  /// Reports losses that have not been reported yet; the board calls it when its run has ended.
  func reportLosses() { host?.object.reportLosses() }
}

extension InterruptController: WaitCarrier {
  /// Runs a wait of the firmware's on the `interrupt` thread, so that each handler in it needs no change of threads.
  public func carry(_ wait: () -> Void) {
    onThread(wait)
    if isFirmwareThreadAwaited {
      // No longer an event that may be carried.
      if let event = deliveryEvent.take() { clock.cancel(event) }
      scheduleDelivery()
      isFirmwareThreadAwaited = false
    }
  }

  public var isFirmwareAwaited: Bool { isFirmwareThreadAwaited || languagePort?.isFirmwareWanted == true }
}
