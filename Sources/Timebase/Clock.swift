/// Owns a board's time: the mode, the one event queue and the processor-time account.
///
/// Not thread safe: it belongs to the firmware thread (and to the holder of the baton while that thread
/// stands still). Only `wake()` and `wakeSignal` may be used from elsewhere; a `Sendable` object keeps the
/// `WakeSignal` for that.
public final class Clock {
  /// Names one scheduled event; never used again.
  public struct EventID: Hashable, Sendable {
    let slot: Int
    let sequence: UInt64
  }

  public let mode: ClockMode
  /// Raw so that the bytecode loop and `now` reach it without reference counting and exclusivity checks.
  /// Allocated in `init`, freed in `deinit`: valid as long as the clock is referenced.
  public let account: UnsafeMutablePointer<Account>
  /// Signal through which other threads wake the clock.
  public let wakeSignal = WakeSignal()

  /// Observers of the clock, in order of registration.
  private let observers = ClockObservers()
  /// Sources outside of the board's loop that may reach it.
  public let externalSources = ExternalSources()
  /// Runs the interrupts of a wait in virtual time; see `WaitCarrier`. The board's, which lives as long.
  public weak var waitCarrier: (any WaitCarrier)?
  /// When the power goes; nothing that is due then or later still runs.
  public var powerOff: Instant? {
    didSet { if let powerOff, !isPoweredOff { shortenSlice(to: powerOff) } }
  }
  /// Whether board time has come to `powerOff`.
  public private(set) var isPoweredOff = false
  /// Outside gate that limits how far board time may go; see `SteppedFirmware`. Not for host mode.
  var gate: (any ClockGate)? {
    didSet { limit = .max }
  }
  /// Board time stands when it has come here, nanoseconds; `max` for nowhere.
  private var limit = Int64.max
  private var mayStand = true
  /// Whether it stands in a wait that a wake ends.
  private(set) var isIdling = false

  private let isHost: Bool
  private var events = EventQueue()
  private var isBusyWaitAbandoned = false
  /// Holds board time back; nil in virtual mode.
  private let pacing: Pacing?
  /// The host's clock at power-on, nanoseconds.
  private let powerOn = hostNanoseconds()

  /// The longest slice of board time: how stale an interrupt check can get. In virtual mode as much board time passes
  /// in a fraction of a millisecond of wall time, and opening slices would cost more than the checks are worth.
  private let longestSlice: Int64
  /// Host mode: processor time charged between two looks at the wall clock. The emulated processor is much faster
  /// than the board's, so this passes in about a microsecond of wall time.
  private static let hostSlice: Int64 = 100_000

  public init(mode: ClockMode) {
    self.mode = mode
    account = .allocate(capacity: 1)
    account.initialize(to: Account(isDirect: mode != .host))
    isHost = mode == .host
    longestSlice = mode == .virtual ? 16_000_000 : 1_000_000
    pacing = Pacing(mode, powerOn: powerOn, wakeSignal)
    openSlice()
  }

  deinit { account.deallocate() }

  /// Board time, everything charged so far included.
  @inlinable public var now: Instant {
    guard account.pointee.isDirect else { return indirectNow() }
    return Instant(nanoseconds: account.pointee.deadline &- account.pointee.remaining)
  }

  /// Time through which other threads read this clock in host mode; `nil` in the others, where time is the
  /// firmware thread's.
  public var hostTime: HostTime? { isHost ? HostTime(powerOn: powerOn) : nil }

  @usableFromInline func indirectNow() -> Instant {
    isHost ? hostNow() : Instant(nanoseconds: account.pointee.scaledNow)
  }

  private func hostNow() -> Instant { Instant(nanoseconds: hostNanoseconds() - powerOn) }

  /// Whether an outside source can still stimulate the board; in host mode always.
  public var expectsStimuli: Bool { isHost || externalSources.mayStimulate }

  /// Whether something may still reach the firmware that no event brings.
  public var mayHearFromOutside: Bool { isHost || externalSources.canStillAct }

  private func check() {
    observers.clockLooks()
    externalSources.takeArrivals()
  }

  // MARK: Observers

  /// Notifies `observer` of the clock's events from now on.
  /// - Returns: the observation, which ends when it is let go of. The clock does not keep the observer, which
  ///   has to keep the observation, or to end it before it is released.
  public func addObserver(_ observer: any ClockObserver) -> Observation {
    observers.add(observer)
  }

  /// Runs a call of the firmware's that may wait, and notifies the observers.
  public func blockingCall<Result, Failure: Error>(
    _ call: BlockingCall, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try observers.around(call, body)
  }

  private func tellOfWait(since began: Instant) {
    if !observers.isEmpty { observers.waitEnded(now - began) }
  }

  // MARK: Events

  /// Runs `action` on the firmware thread when `instant` has come; events of one instant in order of scheduling.
  /// An instant that has passed means as soon as possible.
  /// - Parameter isInterrupt: whether it only makes an interrupt happen, so that `waitCarrier` may run it on another thread.
  @discardableResult
  public func schedule(
    at instant: Instant, isInterrupt: Bool = false, _ action: @escaping () -> Void
  ) -> EventID {
    let id = events.insert(due: instant, isInterrupt: isInterrupt, action)
    shortenSlice(to: instant)
    return id
  }

  /// Does nothing when the event ran or was cancelled before.
  public func cancel(_ id: EventID) { events.remove(id) }

  public var nextEventDue: Instant? { events.nextDue }

  /// Runs every event that is due by now. Events that come due while they run wait for the next call, so that
  /// handlers that take longer than their period do not keep the firmware out for ever.
  public func runDueEvents() {
    _ = runEvents(dueBy: now)
    openSlice()
  }

  private func runEvents(dueBy limit: Instant) -> Bool {
    if let powerOff, limit >= powerOff {
      let ran = popAndRun(dueBy: powerOff - .nanoseconds(1))
      isPoweredOff = true
      return ran
    }
    // After 292 years it has nothing more to count with.
    if limit.nanoseconds == .max { isPoweredOff = true }
    return popAndRun(dueBy: limit)
  }

  /// How many events run, each within the one before: what happens at one depth was done by the same code.
  package private(set) var eventDepth = 0

  private func popAndRun(dueBy limit: Instant) -> Bool {
    var ran = false
    eventDepth += 1
    defer { eventDepth -= 1 }
    while let event = events.popFirst(dueBy: limit) {
      event.action()
      ran = true
    }
    return ran
  }

  // MARK: The processor-time account

  /// Processor time that the firmware used; advances the account and runs nothing.
  @inlinable public func charge(_ cost: Interval) { account.pointee.remaining &-= cost.nanoseconds }

  /// The bytecode loop calls this when `remaining` is used up: paces, checks for interrupts, runs due events
  /// and opens the next slice.
  public func sliceExpired() {
    if !isHost { pacing?.holdBack(at: now, woken: check) }
    check()
    runDueEvents()
    while now.nanoseconds >= limit, mayStand, !isPoweredOff, let gate {
      stand(at: gate, nextActivity: now)
      runDueEvents()
    }
  }

  /// Starts a slice that ends at the next moment something is due.
  private func openSlice() {
    if isHost {
      account.pointee.remaining = Self.hostSlice
      account.pointee.deadline = hostNow().nanoseconds + Self.hostSlice
      return
    }
    let now = self.now.nanoseconds
    // Without power nothing goes on: a caller that spends processor time comes back at once and finds out.
    if isPoweredOff { return setAccount(now: now, deadline: now) }
    var deadline = saturatingSum(now, longestSlice)
    if let due = events.nextDue { deadline = min(deadline, due.nanoseconds) }
    if let powerOff { deadline = min(deadline, powerOff.nanoseconds) }
    deadline = min(deadline, limit)
    setAccount(now: now, deadline: max(deadline, now))
  }

  private func shortenSlice(to instant: Instant) {
    guard !isHost, instant.nanoseconds < account.pointee.deadline else { return }
    let now = self.now.nanoseconds
    setAccount(now: now, deadline: max(instant.nanoseconds, now))
  }

  private func setAccount(now: Int64, deadline: Int64) {
    account.pointee.set(now: now, deadline: deadline)
  }

  /// Lets the processor run at another speed than the one that costs are given for, from now on.
  package func setProcessorSpeed(_ speed: Int, costsAreGivenFor usual: Int) {
    guard !isHost, speed > 0, usual > 0 else { return }
    let now = self.now.nanoseconds
    account.pointee.scale(Int64(usual), to: Int64(speed))
    setAccount(now: now, deadline: now)
    openSlice()
  }

  /// Moves board time forward to `instant`; does nothing in host mode or when it has passed.
  private func advance(to instant: Instant) {
    guard !isHost, instant > now else { return }
    setAccount(now: instant.nanoseconds, deadline: instant.nanoseconds)
  }

  // MARK: Waiting

  /// A busy wait: time passes, events run at their exact instants and may use processor time themselves.
  /// - Returns: false when `abandonBusyWait()` or power-off ended it early.
  @discardableResult
  public func busy(for interval: Interval) -> Bool {
    let began = now
    let end = began + interval
    isBusyWaitAbandoned = false
    defer { tellOfWait(since: began) }
    while now < end && !isPoweredOff && !isBusyWaitAbandoned {
      if carryInterrupts(until: end) {
        check()
        continue
      }
      let stop: Instant
      switch nextStop(end, isIdle: false) {
      case .at(let instant): stop = instant
      case .never: stop = end
      case .woken:
        check()
        continue
      }
      _ = wait(until: stop)
      check()
      _ = runEvents(dueBy: min(now, stop))
    }
    openSlice()
    defer { isBusyWaitAbandoned = false }
    return !isBusyWaitAbandoned && !isPoweredOff
  }

  /// Ends the busy wait that is going on; for `ClockObserver.clockLooks` and for events (Ctrl-C during `time.sleep`).
  public func abandonBusyWait() { isBusyWaitAbandoned = true }

  /// Called when nothing can run: waits for the first of the next event, `until` and power-off, and runs the
  /// events that are due then. Virtual mode jumps there; paced and host mode sleep, and `wake()` ends the sleep.
  /// - Parameter carriesInterrupts: whether several interrupts may happen before it returns, if none of them
  ///   wants the firmware: it waits for nothing but time, wake-ups and what `WaitCarrier.isFirmwareAwaited`
  ///   reports.
  public func idle(until: Instant?, carriesInterrupts: Bool = false) -> IdleOutcome {
    if isPoweredOff { return .poweredOff }
    if let outcome = externalSources.idle(until: until) { return outcome }
    return idleAlone(until: until, carriesInterrupts: carriesInterrupts)
  }

  /// As `idle`, without asking who else may run.
  public func idleAlone(until: Instant?, carriesInterrupts: Bool = false) -> IdleOutcome {
    if isPoweredOff { return .poweredOff }
    if wakeSignal.consume() {
      check()
      return .woken
    }
    isBusyWaitAbandoned = false
    let began = now
    defer { tellOfWait(since: began) }
    if carriesInterrupts, carryInterrupts(until: until) {
      check()
      return isPoweredOff ? .poweredOff : .eventRan
    }
    let stop: Instant
    switch nextStop(until, isIdle: true) {
    case .at(let instant): stop = instant
    case .never:
      guard expectsStimuli else { return .nothingToWaitFor }
      waitForWake()
      return .woken
    case .woken:
      check()
      openSlice()
      return isPoweredOff ? .poweredOff : .woken
    }
    let wasWoken = !wait(until: stop)
    check()
    let ran = runEvents(dueBy: min(now, stop))
    openSlice()
    if isPoweredOff { return .poweredOff }
    if ran { return .eventRan }
    return wasWoken ? .woken : .reached
  }

  /// Lets `waitCarrier` run the interrupts that are next, as long as nothing else is due and nobody wants the firmware.
  /// - Returns: whether any was run.
  private func carryInterrupts(until end: Instant?) -> Bool {
    guard pacing == nil, nextInterrupt(until: end) != nil, let carrier = waitCarrier,
      !externalSources.mayAnswer
    else { return false }
    var hasRun = false
    carrier.carry {
      // Not for ever, because POSIX signals and keys are looked for in between.
      for _ in 0..<256 {
        guard let due = nextInterrupt(until: end), !isBusyWaitAbandoned, !isPoweredOff,
          !wakeSignal.isSignalled, !carrier.isFirmwareAwaited
        else { return }
        advance(to: due)
        while events.nextIsInterrupt, let event = events.popFirst(dueBy: due) { event.action() }
        openSlice()
        hasRun = true
      }
    }
    return hasRun
  }

  /// When the next event is due, if that is an interrupt and board time may go that far.
  private func nextInterrupt(until end: Instant?) -> Instant? {
    guard events.nextIsInterrupt, let due = events.nextDue, due.nanoseconds <= limit else { return nil }
    if let end, due > end { return nil }
    if let powerOff, due >= powerOff { return nil }
    return due
  }

  /// Waits for `wake()` while board time stands still (virtual) or goes on (paced, host).
  /// - Parameter limit: the most wall time to wait.
  /// - Returns: whether `wake()` was called.
  @discardableResult
  public func waitForWake(atMost limit: Swift.Duration? = nil) -> Bool {
    let wasWoken = wakeSignal.wait(untilHostTime: limit.map { hostNanoseconds() + Interval($0).nanoseconds })
    if let pacing { advance(to: pacing.instant(notAfter: earliest(nil))) }
    check()
    openSlice()
    return wasWoken
  }

  /// Ends a wait in paced or host mode. Safe from any thread and from a signal handler.
  public func wake() { wakeSignal.wake() }

  /// The end of a wait.
  private enum Stop {
    case at(Instant)
    /// Nothing that is known.
    case never
    /// `wake()` was called while board time stood or went to its limit.
    case woken
  }

  /// Returns the end of a wait, once board time may go that far.
  private func nextStop(_ until: Instant?, isIdle: Bool) -> Stop {
    while limit != .max, let gate, mayStand, !isPoweredOff, !isBusyWaitAbandoned {
      if until == nil, gate.isHopeless { return .never }
      let stop = earliest(until)
      if let stop, stop.nanoseconds <= limit { return .at(stop) }
      guard wait(until: Instant(nanoseconds: limit)) else { return .woken }
      isIdling = isIdle
      stand(at: gate, nextActivity: stop)
      isIdling = false
      // The thread that steps the board has done something to it that no event brings. A busy wait leaves the
      // wake to the wait that follows it.
      if isIdle ? wakeSignal.consume() : wakeSignal.isSignalled { return .woken }
    }
    return earliest(until).map { .at($0) } ?? .never
  }

  /// Firmware is about to begin: how far board time may go without asking.
  func openGate(to instant: Instant) {
    limit = instant.nanoseconds
    openSlice()
  }

  /// Runs `body` without standing still in it, however far it goes: an interrupt handler, which nobody can stop half-way.
  package func withoutStanding<Result>(_ body: () throws -> Result) rethrows -> Result {
    let outer = mayStand
    mayStand = false
    defer { mayStand = outer }
    return try body()
  }

  private func stand(at gate: any ClockGate, nextActivity: Instant?) {
    observers.clockStops()
    let limit = gate.wait(nextActivity: nextActivity)
    if self.gate != nil { self.limit = limit.nanoseconds }
    observers.clockGoesOn()
  }

  /// Has board time stand earlier than was allowed.
  package func stand(notAfter instant: Instant) {
    guard limit != .max, instant.nanoseconds < limit else { return }
    limit = instant.nanoseconds
    shortenSlice(to: instant)
  }

  /// Has `advance(until:)` come back before its time, with the event that is going on.
  package func stopAdvancing() {
    if gate == nil { abandonBusyWait() } else { stand(notAfter: now) }
  }

  private func earliest(_ until: Instant?) -> Instant? {
    var first = until
    if let due = events.nextDue { first = first.map { min($0, due) } ?? due }
    if let powerOff, !isPoweredOff { first = first.map { min($0, powerOff) } ?? powerOff }
    return first
  }

  /// Lets time pass up to `instant`. Returns false when `wake()` came before.
  private func wait(until instant: Instant) -> Bool {
    guard let pacing else {
      if externalSources.mayAnswer { return waitAsHost(until: instant) }
      advance(to: instant)
      return true
    }
    if let woken = pacing.wait(until: instant, from: now) {
      advance(to: woken)
      return now >= instant
    }
    advance(to: instant)
    return true
  }

  /// A wait of virtual mode that takes its time.
  private func waitAsHost(until instant: Instant) -> Bool {
    let began = hostNanoseconds()
    let start = now
    let missing = max(0, instant.nanoseconds - start.nanoseconds)
    let wasWoken = wakeSignal.wait(untilHostTime: began.addingReportingOverflow(missing).partialValue)
    let passed = min(missing, max(0, hostNanoseconds() - began))
    advance(to: wasWoken ? start + .nanoseconds(passed) : instant)
    return now >= instant
  }
}
