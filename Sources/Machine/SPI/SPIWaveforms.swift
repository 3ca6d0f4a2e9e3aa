import Timebase

/// How the bits of an SPI transfer lie in time: each takes a period of the clock, counted in halves so that nothing adds up.
struct SPITiming {
  let start: Instant
  /// Counts twice as fast as the peripheral's own clock.
  let rate: TickRate
  /// Ticks of `rate` in half a period.
  let halfTicks: Int
  /// The clock's idle level.
  let polarity: Level
  /// Whether bits are read at the second edge of the clock, and put out at the first.
  let readsAtSecondEdge: Bool
  let bitCount: Int

  var end: Instant { time(ofHalf: 2 * bitCount) }

  /// When a bit is read.
  func sample(ofBit bit: Int) -> Instant { time(ofHalf: 2 * bit + 1) }

  func time(ofHalf half: Int) -> Instant { start + rate.interval(ticks: Int128(half) * Int128(halfTicks)) }

  /// How many halves of a period have passed; at least 0, at most all.
  func halves(at instant: Instant) -> Int {
    guard instant > start else { return 0 }
    return Int(min(rate.ticks(within: instant - start) / Int128(halfTicks), Int128(2 * bitCount)))
  }
}

/// The clock of an SPI transfer.
final class SPIClockWaveform: Waveform {
  private let timing: SPITiming
  var isTracedByItsPart: Bool { true }

  init(_ timing: SPITiming) { self.timing = timing }

  func level(at instant: Instant) -> Level? {
    let isIdle = edges(at: instant) % 2 == 0
    return isIdle ? timing.polarity : timing.polarity.opposite
  }

  func nextEdge(after instant: Instant) -> Instant? {
    let edges = edges(at: instant)
    guard edges < 2 * timing.bitCount else { return nil }
    // The first edge comes at once, or half a period later.
    return timing.time(ofHalf: timing.readsAtSecondEdge ? edges : edges + 1)
  }

  private func edges(at instant: Instant) -> Int {
    let halves = timing.halves(at: instant)
    guard timing.readsAtSecondEdge else { return halves }
    return instant < timing.start ? 0 : min(halves + 1, 2 * timing.bitCount)
  }
}

/// The data of an SPI transfer, one level a bit; the last one stays.
final class SPIDataWaveform: Waveform {
  private let timing: SPITiming
  private let before: Level
  /// In the order in which they go out.
  let bits: [Bool]
  var isTracedByItsPart: Bool { true }

  init(_ timing: SPITiming, bits: [Bool], before: Level) {
    self.timing = timing
    self.bits = bits
    self.before = before
  }

  func level(at instant: Instant) -> Level? {
    instant < timing.start ? before : level(ofBit: bit(at: instant))
  }

  func nextEdge(after instant: Instant) -> Instant? {
    let level = level(at: instant)
    var bit = instant < timing.start ? 0 : bit(at: instant) + 1
    while bit < bits.count {
      if self.level(ofBit: bit) != level { return timing.time(ofHalf: 2 * bit) }
      bit += 1
    }
    return nil
  }

  private func bit(at instant: Instant) -> Int { min(timing.halves(at: instant) / 2, bits.count - 1) }

  private func level(ofBit bit: Int) -> Level { bits[bit] ? .high : .low }
}
