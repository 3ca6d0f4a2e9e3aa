import Timebase

/// A timer's time-base unit: its counter, and the registers for prescaler and period, which the counter takes over at an update
/// (RM0090, 18.3.1).
struct TimeBaseUnit {
  /// The registers' values.
  private(set) var division: TimerDivision
  /// How it counts, or counted when it was stopped.
  private(set) var counter: TimerCounter
  /// The counter's value while it stands.
  var standing = 0
  /// The update at which registers that were written are taken over.
  private var takeover: Int128?

  /// - Parameter clock: the frequency that the prescaler counts, Hz.
  init(_ division: TimerDivision, clock: Int) {
    self.division = division
    counter = TimerCounter(rate: TickRate(hertz: clock), epoch: .powerOn, division: division, mode: .up)
  }

  /// Whether registers wait to be taken over.
  var hasPending: Bool { takeover != nil }

  // MARK: Counting

  /// Begins to count.
  /// - Parameter value: the counter's first value; nil for the beginning of its cycle.
  mutating func start(_ mode: HardwareTimer.CountingMode, at value: Int?, from now: Instant) {
    counter = TimerCounter(rate: counter.rate, epoch: now, division: division, mode: mode)
    if let value { counter.set(value, atTick: 0) }
    takeover = nil
  }

  /// Stops counting.
  mutating func stop(at value: Int) {
    standing = value
    takeover = nil
  }

  /// Counts up when it is started again.
  mutating func forgetMode() { counter.mode = .up }

  /// The counter's value; registers whose update has come have to be settled before.
  func value(at time: Instant) -> Int { counter.value(atTick: counter.tick(at: time)) }

  /// Makes the running counter show `value`, which is cut to the period; the update is when it comes to its end from there.
  mutating func set(_ value: Int, at now: Instant) {
    let tick = counter.tick(at: now)
    counter.set(value, atTick: tick)
    if takeover != nil { takeover = counter.update(afterTick: tick) }
  }

  /// Counts another clock from now on, from where it is.
  mutating func changeClock(to frequency: Int, at now: Instant) {
    let tick = counter.tick(at: now)
    counter = counter.goingOn(at: TickRate(hertz: frequency), from: now)
    takeover = takeover.map { $0 - tick }
  }

  /// The first update after `time`, as a tick; nil when there is none.
  func update(after time: Instant) -> Int128? { counter.update(afterTick: counter.tick(at: time)) }

  // MARK: Registers

  /// Writes the registers of a timer; a running one counts by them from the update on (`expectTakeover`).
  mutating func write(_ division: TimerDivision) { self.division = division }

  /// Registers were written, of the counter or of a channel, that take effect at the next update.
  /// - Returns: the time if that is now, because no update will come.
  mutating func expectTakeover(at now: Instant) -> Instant? {
    guard let update = update(after: now) else { return takeOver(atTick: counter.tick(at: now)) }
    takeover = update
    return nil
  }

  /// Takes registers over whose update has come.
  /// - Returns: when it came; nil if nothing is to be taken over yet.
  mutating func settle(at time: Instant) -> Instant? {
    guard let takeover, counter.instant(ofTick: takeover) <= time else { return nil }
    return takeOver(atTick: takeover)
  }

  /// Registers that were written are not taken over.
  mutating func forgetPending() { takeover = nil }

  private mutating func takeOver(atTick tick: Int128) -> Instant {
    takeover = nil
    counter.adopt(division, atUpdate: tick)
    return counter.instant(ofTick: tick)
  }
}
