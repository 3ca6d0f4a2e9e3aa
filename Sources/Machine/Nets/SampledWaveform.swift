import Timebase

/// Voltages that follow each other in equal steps, as a digital-to-analogue converter puts them out.
public final class SampledWaveform: Waveform {
  /// When the first of `values` is put out.
  public let start: Instant
  public let period: Interval
  /// 0 to `fullScale`; never empty.
  public let values: [Int]
  /// The value that is the supply's voltage.
  public let fullScale: Int
  /// Begins again after the last value; otherwise that stays.
  public let repeats: Bool
  /// The value before `start`; `nil` for nothing.
  public let before: Int?
  public var isTracedByItsPart: Bool { true }

  /// - Parameters:
  ///   - period: at least a nanosecond.
  ///   - values: at least one, each 0 to `fullScale`.
  public init(
    start: Instant, period: Interval, values: [Int], fullScale: Int, repeats: Bool, before: Int? = nil
  ) {
    self.start = start
    self.period = max(period, .nanoseconds(1))
    self.values = values.isEmpty ? [0] : values
    self.fullScale = max(1, fullScale)
    self.repeats = repeats
    self.before = before
  }

  /// The value that is put out; `nil` before the first one, when there was nothing.
  public func value(at instant: Instant) -> Int? {
    guard instant >= start else { return before }
    return value(number: number(at: instant))
  }

  /// When the next value is put out, whether it is another one or not; `nil` after the last.
  public func nextValue(after instant: Instant) -> Instant? {
    guard instant >= start else { return start }
    let next = number(at: instant) + 1
    return repeats || next < values.count ? time(ofNumber: next) : nil
  }

  public func voltage(at instant: Instant) -> Double? { value(at: instant).map(voltage(of:)) }

  public func level(at instant: Instant) -> Level? { value(at: instant).map(level(of:)) }

  public func nextEdge(after instant: Instant) -> Instant? {
    let level = level(at: instant)
    var number = instant < start ? 0 : number(at: instant) + 1
    // All values once: then they are known to be at one level.
    for _ in 0...values.count {
      guard repeats || number < values.count else { return nil }
      if self.level(of: value(number: number)) != level { return time(ofNumber: number) }
      number += 1
    }
    return nil
  }

  private func number(at instant: Instant) -> Int {
    Int((instant - start).nanoseconds / period.nanoseconds)
  }

  private func time(ofNumber number: Int) -> Instant { start + period * number }

  private func value(number: Int) -> Int {
    repeats ? values[number % values.count] : values[min(number, values.count - 1)]
  }

  private func voltage(of value: Int) -> Double {
    min(max(Net.supply * Double(value) / Double(fullScale), 0), Net.supply)
  }

  private func level(of value: Int) -> Level { voltage(of: value) >= Net.supply / 2 ? .high : .low }
}
