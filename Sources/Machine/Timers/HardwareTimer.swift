import Diagnostics
import Timebase

/// One of the processor's timers: counts its divided source clock and can interrupt at every update.
///
/// Nothing is scheduled while no handler is set: the counter is worked out when somebody reads it.
public final class HardwareTimer {
  public enum CountingMode: Sendable, Hashable {
    /// 0 to the period, then 0.
    case up
    /// The period to 0, then the period.
    case down
    /// 0 to the period and back; updates at both ends.
    case center
  }

  /// 1 to 14.
  public let number: Int
  /// What the prescaler counts, Hz.
  public let sourceClock: Int
  /// 16 or 32.
  public let bits: Int
  public private(set) var isRunning = false
  public private(set) var mode = CountingMode.up
  /// What the registers hold. The counter adopts a change at its next update.
  public var division: TimerDivision { nextDivision?.division ?? active }

  private let context: PartContext
  private let source: InterruptSource
  /// When the counter stood at its start.
  private var origin = Instant.powerOn
  /// A division that takes effect at this update, as the buffered registers do.
  private var nextDivision: (division: TimerDivision, from: Instant)?
  /// What the counter goes by.
  private var active = TimerDivision(prescaler: 0, period: 0)
  private var event: Clock.EventID?
  private var alarm: ConcurrentTimer?

  init(number: Int, description: BoardDescription.Timer, context: PartContext) {
    self.number = number
    self.context = context
    sourceClock = description.sourceClock
    bits = description.bits
    source = context.interrupts.makeSource(name: "Timer \(number)", priority: number == 5 ? 6 : 13)
  }

  // An alarm would go on beside a firmware that is gone.
  deinit { stop() }

  /// Updates per second.
  public var frequency: Double { Double(sourceClock) / Double(ticksPerUpdate(division)) }

  // MARK: Running

  /// Starts counting from zero at a frequency in Hz, rounded as the board rounds it.
  public func start(frequency: Int) throws(TimerError) {
    try start(TimerDivision(frequency: frequency, source: sourceClock, bits: bits))
  }

  /// Starts counting from zero.
  public func start(_ division: TimerDivision, mode: CountingMode = .up) throws(TimerError) {
    try check(division)
    active = division
    self.mode = mode
    nextDivision = nil
    origin = context.clock.now
    isRunning = true
    scheduleUpdate()
  }

  /// Changes the division of a running timer from its next update on.
  public func change(_ division: TimerDivision) throws(TimerError) {
    try check(division)
    guard isRunning else {
      active = division
      return
    }
    settle()
    nextDivision = (division, nextDivision?.from ?? update(after: context.clock.now))
    scheduleUpdate()
  }

  /// Stops counting and takes the handler away, as `Timer.deinit()`.
  public func stop() {
    isRunning = false
    nextDivision = nil
    source.handler = nil
    source.clear()
    cancelUpdate()
  }

  /// Calls `handler` at every update. A timer that was stopped starts to count again.
  public func callback(
    kind: InterruptKind = .hard, file: StaticString = #fileID, line: UInt = #line,
    _ handler: @escaping @Sendable (Interrupt) throws -> Void
  ) {
    source.setAt = SourceLine(file, line)
    setInterrupt(kind == .hard ? .concurrent(handler) : .soft(handler))
  }

  /// Sets or, with `nil`, takes away what runs at every update; the form for a language port.
  public func setInterrupt(_ handler: InterruptHandler?) {
    source.clear()
    source.handler = handler
    source.isEnabled = true
    if handler != nil && !isRunning {
      origin = context.clock.now
      isRunning = true
    }
    scheduleUpdate()
  }

  public var handler: InterruptHandler? { source.handler }
  public var hasHandler: Bool { source.handler != nil }
  /// The kind of handlers that a language port sets next (`Timer.init(hard=…)`).
  public var interruptKind = InterruptKind.hard

  // MARK: Counting

  /// What the counter shows. Setting it moves the next update; values beyond the period are cut to it.
  public var counter: Int {
    get {
      guard isRunning else { return 0 }
      settle()
      let counts = ticks(in: context.clock.now - origin) / Int128(active.prescaler + 1)
      let span = Int128(active.period + 1)
      switch mode {
      case .up: return Int(counts % span)
      case .down: return active.period - Int(counts % span)
      case .center:
        let cycle = max(1, 2 * Int128(active.period))
        let position = Int(counts % cycle)
        return position <= active.period ? position : 2 * active.period - position
      }
    }
    set {
      settle()
      let value = min(max(newValue, 0), active.period)
      let counts = mode == .down ? active.period - value : value
      origin = context.clock.now - interval(ticks: Int128(counts) * Int128(active.prescaler + 1))
      scheduleUpdate()
    }
  }

  private func ticksPerUpdate(_ division: TimerDivision) -> Int {
    let counts = mode == .center ? max(1, division.period) : division.period + 1
    return (division.prescaler + 1) * counts
  }

  private func ticks(in interval: Interval) -> Int128 {
    Int128(interval.nanoseconds) * Int128(sourceClock) / 1_000_000_000
  }

  /// Rounded up: an update is not visible before it happened.
  private func interval(ticks: Int128) -> Interval {
    .nanoseconds((ticks * 1_000_000_000 + Int128(sourceClock) - 1) / Int128(sourceClock))
  }

  /// The first update later than `instant`.
  private func update(after instant: Instant) -> Instant {
    let perUpdate = Int128(ticksPerUpdate(active))
    var number = ticks(in: instant - origin) / perUpdate + 1
    while origin + interval(ticks: number * perUpdate) <= instant { number += 1 }
    return origin + interval(ticks: number * perUpdate)
  }

  /// Makes a changed division the current one once its update has come.
  private func settle() {
    guard let next = nextDivision, next.from <= context.clock.now else { return }
    adopt(next.division, from: next.from)
  }

  private func adopt(_ division: TimerDivision, from instant: Instant) {
    active = division
    origin = instant
    nextDivision = nil
  }

  private func check(_ division: TimerDivision) throws(TimerError) {
    let limit = bits == 32 ? Int(UInt32.max) : 0xFFFF
    guard (0...0xFFFF).contains(division.prescaler) else {
      throw .registerOutOfRange("prescaler", division.prescaler, limit: 0xFFFF)
    }
    guard (0...limit).contains(division.period) else {
      throw .registerOutOfRange("period", division.period, limit: limit)
    }
  }

  // MARK: Updates

  private func cancelUpdate() {
    if let event { context.clock.cancel(event) }
    event = nil
    alarm?.cancel()
    alarm = nil
  }

  private func scheduleUpdate() {
    cancelUpdate()
    guard isRunning, source.handler != nil else { return }
    settle()
    let first = nextDivision?.from ?? update(after: context.clock.now)
    alarm = context.interrupts.makeAlarm(
      ConcurrentTimer.Schedule(first: first, ticks: ticksPerUpdate(division), clock: sourceClock), for: source
    )
    if alarm == nil { scheduleUpdate(at: first) }
  }

  private func scheduleUpdate(at instant: Instant) {
    event = context.clock.schedule(at: instant, isInterrupt: true) { [weak self] in
      self?.updated(at: instant)
    }
  }

  /// The next update counts from this one and not from now: a late event does not shift the ones after it.
  private func updated(at instant: Instant) {
    event = nil
    if let next = nextDivision, next.from <= instant { adopt(next.division, from: next.from) }
    guard source.handler != nil else { return }
    context.interrupts.raise(source, at: instant)
    scheduleUpdate(at: update(after: instant))
  }
}
