import Timebase

/// The data line of an I2S bus during some frames: each word's highest bit first, one period of the clock behind the change of the
/// word-select line (Philips standard; RM0090, 28.4.3).
final class I2SDataWaveform: Waveform {
  private let start: Instant
  /// Periods of the bus's clock.
  private let rate: TickRate
  /// Left and right in turn, in the upper bits where they have fewer than 32.
  private let words: [UInt32]
  private let bitsOfWord: Int
  private let before: Bool

  /// - Parameter before: the last bit of the frames before, which goes on for one more period.
  init(start: Instant, rate: TickRate, words: [UInt32], bitsOfWord: Int, before: Bool) {
    self.start = start
    self.rate = rate
    self.words = words
    self.bitsOfWord = bitsOfWord
    self.before = before
  }

  var isTracedByItsPart: Bool { true }
  var lastBit: Bool { bit(words.count * bitsOfWord - 1) }

  private func bit(_ index: Int) -> Bool {
    guard index >= 0, !words.isEmpty else { return before }
    let index = min(index, words.count * bitsOfWord - 1)
    return words[index / bitsOfWord] >> UInt32(31 - index % bitsOfWord) & 1 == 1
  }

  /// The bit that is on the line in a period of the clock.
  private func index(at time: Instant) -> Int {
    Int(clamping: rate.ticks(within: time - start)) - 1
  }

  func level(at time: Instant) -> Level? { bit(index(at: time)) ? .high : .low }

  func nextEdge(after time: Instant) -> Instant? {
    var next = max(0, index(at: time) + 1)
    let now = level(at: time) == .high
    while next < words.count * bitsOfWord {
      if bit(next) != now { return start + rate.interval(ticks: next + 1) }
      next += 1
    }
    return nil
  }
}
