import Timebase

/// How a timer counts, as a function of time: exact in ticks of its source clock, however long it runs (RM0090, 18.3.2).
struct TimerCounter {
  let rate: TickRate
  /// The instant from which ticks are counted.
  let epoch: Instant
  var division: TimerDivision
  var mode: HardwareTimer.CountingMode
  /// The tick at which the counter is where its cycle begins: at 0, or at the period if it counts down. Before that tick, a counter
  /// that counts both ways counts down to 0.
  var origin: Int128 = 0

  /// The same counter, which counts another clock from an instant on.
  func goingOn(at rate: TickRate, from instant: Instant) -> TimerCounter {
    TimerCounter(
      rate: rate, epoch: instant, division: division, mode: mode, origin: origin - tick(at: instant))
  }

  /// An instant is that of a tick rounded down to the nanosecond.
  func instant(ofTick tick: Int128) -> Instant { epoch + rate.interval(ticks: tick) }

  func tick(at instant: Instant) -> Int128 { rate.ticks(within: instant - epoch) }

  // MARK: Cycles

  /// With a period of 0 the counter stands at 0 and nothing happens.
  private var isBlocked: Bool { division.period == 0 }

  private var ticksPerCount: Int128 { Int128(division.prescaler + 1) }

  private var countsPerCycle: Int128 {
    mode == .center ? max(1, 2 * Int128(division.period)) : Int128(division.period) + 1
  }

  var ticksPerCycle: Int128 { ticksPerCount * countsPerCycle }

  /// Counting both ways, there are updates at both ends.
  var ticksPerUpdate: Int128 { mode == .center && !isBlocked ? ticksPerCycle / 2 : ticksPerCycle }

  func value(atTick tick: Int128) -> Int {
    if isBlocked { return 0 }
    let counts = TickRate.floorQuotient(tick - origin, ticksPerCount)
    if counts < 0 && mode == .center { return Int(-counts) }
    let place = Int(counts - TickRate.floorQuotient(counts, countsPerCycle) * countsPerCycle)
    switch mode {
    case .up: return place
    case .down: return division.period - place
    case .center: return place <= division.period ? place : 2 * division.period - place
    }
  }

  /// Makes the counter show `value`, which is cut to the period, from `tick` on.
  mutating func set(_ value: Int, atTick tick: Int128) {
    let value = min(max(value, 0), division.period)
    origin = tick - ticksPerCount * Int128(mode == .down ? division.period - value : value)
  }

  // MARK: Updates

  /// The first update later than `tick`; `nil` when there is none.
  func update(afterTick tick: Int128) -> Int128? {
    if isBlocked { return nil }
    if tick < origin && mode == .center { return origin }
    return origin + (TickRate.floorQuotient(tick - origin, ticksPerUpdate) + 1) * ticksPerUpdate
  }

  /// When the first update later than `time` comes.
  func nextUpdate(after time: Instant) -> Instant? {
    update(afterTick: tick(at: time)).map(instant(ofTick:))
  }

  /// Counts by another division from an update on.
  mutating func adopt(_ new: TimerDivision, atUpdate tick: Int128) {
    let isAtTop = mode == .center && !isBlocked && (tick - origin) / ticksPerUpdate % 2 != 0
    let top = division.period
    division = new
    origin = isAtTop ? tick + ticksPerCount * Int128(top) : tick
  }

  // MARK: Compare

  /// The direction in which a counter that counts both ways has to count for a match.
  enum Direction {
    case up
    case down
    case both
  }

  /// The first tick later than `tick` at which the counter becomes `value`; `nil` when it never does.
  func match(of value: Int, afterTick tick: Int128, counting direction: Direction = .both) -> Int128? {
    guard !isBlocked, (0...division.period).contains(value) else { return nil }
    return matches(of: value).lazy.filter { match in
      // At the ends there is one match for both directions.
      match.direction == .both || direction == .both || match.direction == direction
    }
    .map { match in
      let first = origin + match.place * ticksPerCount
      var next = first + (TickRate.floorQuotient(tick - first, ticksPerCycle) + 1) * ticksPerCycle
      if match.direction == .up && next < origin { next += ticksPerCycle }
      return next
    }
    .min()
  }

  /// How often the counter becomes `value` in a cycle.
  func matchCount(of value: Int) -> Int { matches(of: value).count }

  private func matches(of value: Int) -> [(place: Int128, direction: Direction)] {
    let place = Int128(value)
    switch mode {
    case .up: return [(place, .both)]
    case .down: return [(Int128(division.period) - place, .both)]
    case .center:
      if value == 0 || value == division.period { return [(place, .both)] }
      return [(place, .up), (countsPerCycle - place, .down)]
    }
  }

  /// The part of a cycle, in ticks, in which pulse-width modulation with a compare value is active (RM0090, 18.3.9, PWM mode 1):
  /// while the counter is below it, or counting down not above it.
  func activePart(compare: Int) -> (start: Int128, length: Int128) {
    let compare = Int128(compare)
    if isBlocked { return (0, compare > 0 ? ticksPerCycle : 0) }
    let top = Int128(division.period)
    switch mode {
    case .up: return (origin, min(compare, top + 1) * ticksPerCount)
    case .down:
      if compare > top { return (origin, ticksPerCycle) }
      return (origin + (top - compare) * ticksPerCount, (compare + 1) * ticksPerCount)
    case .center:
      let half = min(compare, top)
      return (origin - half * ticksPerCount, 2 * half * ticksPerCount)
    }
  }
}
