import Timebase

/// Pulses of one length in equal steps: pulse-width modulation, the signal of a servo, a dimmed light.
///
/// Periods and pulses are whole ticks of a clock, as a timer counts them; every edge is exact.
public final class PulseWaveform: Waveform {
  /// When the first period begins.
  public let start: Instant
  /// Ticks a second. If ticks share a nanosecond, pulses and pauses have to be longer than that.
  public let rate: TickRate
  /// Ticks from the beginning of one period to that of the next, at least 1.
  public let period: Int
  /// Ticks for which the level is the active one in each period: 0 for never, `period` for always.
  public let pulse: Int
  /// Ticks from the beginning of a period to that of its pulse; a pulse that reaches beyond the period goes on at its beginning.
  public let offset: Int
  public let activeLevel: Level
  /// After so many periods it stays inactive; `nil` for no end.
  public let count: Int?
  public let isTracedByItsPart: Bool

  /// - Parameter pulse: taken as the nearer of 0 and `period` outside of these.
  public init(
    start: Instant, rate: TickRate, period: Int, pulse: Int, offset: Int = 0, activeLevel: Level = .high,
    count: Int? = nil, isTracedByItsPart: Bool = false
  ) {
    self.start = start
    self.rate = rate
    self.period = max(1, period)
    self.pulse = min(max(0, pulse), self.period)
    self.offset = (offset % self.period + self.period) % self.period
    self.activeLevel = activeLevel
    self.count = count
    self.isTracedByItsPart = isTracedByItsPart
  }

  public func level(at instant: Instant) -> Level? {
    isActive(atTick: tick(at: instant)) ? activeLevel : activeLevel.opposite
  }

  public func nextEdge(after instant: Instant) -> Instant? {
    guard pulse > 0 else { return nil }
    let now = tick(at: instant)
    var tick = now
    while let next = nextBoundary(after: tick) {
      if isActive(atTick: next) != isActive(atTick: now) { return start + rate.interval(ticks: next) }
      tick = next
    }
    return nil
  }

  /// The tick at which the last period ends.
  private var end: Int128? { count.map { Int128($0) * Int128(period) } }

  private func tick(at instant: Instant) -> Int128 { rate.ticks(within: instant - start) }

  private func isActive(atTick tick: Int128) -> Bool {
    guard tick >= 0, end.map({ tick < $0 }) ?? true else { return false }
    return placeInPeriod(of: tick) < Int128(pulse)
  }

  /// The next tick at which the level may change: where the train begins and ends, and both edges of each pulse.
  private func nextBoundary(after tick: Int128) -> Int128? {
    if tick < 0 { return 0 }
    if let end, tick >= end { return nil }
    if pulse == period { return end }
    let place = placeInPeriod(of: tick)
    let next = tick + (place < Int128(pulse) ? Int128(pulse) : Int128(period)) - place
    return end.map { min($0, next) } ?? next
  }

  /// Ticks since the last pulse began.
  private func placeInPeriod(of tick: Int128) -> Int128 {
    let place = (tick - Int128(offset)) % Int128(period)
    return place < 0 ? place + Int128(period) : place
  }
}
