/// How a timer divides its source clock: it counts once per `prescaler + 1` ticks of the source, from 0 to
/// `period`. Both are what the registers hold.
public struct TimerDivision: Sendable, Hashable {
  public var prescaler: Int
  public var period: Int

  /// - Parameter largestCount: what the counter's bits can hold.
  func check(largestCount: Int) throws(TimerError) {
    guard (0...0xFFFF).contains(prescaler) else {
      throw .registerOutOfRange("prescaler", prescaler, limit: 0xFFFF)
    }
    guard (0...largestCount).contains(period) else {
      throw .registerOutOfRange("period", period, limit: largestCount)
    }
  }

  public init(prescaler: Int, period: Int) {
    self.prescaler = prescaler
    self.period = period
  }

  static let largestPrescaler = 0x10000

  /// The division that comes nearest to a frequency, found as the board finds it (ports/stm32/timer.c): exact
  /// factors of the period go into the prescaler first.
  /// - Parameters:
  ///   - frequency: updates per second, Hz.
  ///   - source: the source clock, Hz.
  ///   - bits: of the counter, 16 or 32.
  public init(frequency: Int, source: Int, bits: Int) throws(TimerError) {
    guard frequency > 0 else { throw .frequencyNotPositive }
    try self.init(ticks: source / frequency, prescaler: 1, bits: bits)
  }

  /// As for whole frequencies; single precision, as the board computes.
  public init(frequency: Float, source: Int, bits: Int) throws(TimerError) {
    guard frequency > 0 else { throw .frequencyNotPositive }
    var frequency = frequency
    var prescaler = 1
    while frequency < 1 && prescaler < 6553 {
      prescaler *= 10
      frequency *= 10
    }
    let ticks = Int(exactly: (Float(source) / frequency).rounded(.towardZero)) ?? Int(UInt32.max)
    try self.init(ticks: min(ticks, Int(UInt32.max)), prescaler: prescaler, bits: bits)
  }

  private init(ticks: Int, prescaler: Int, bits: Int) throws(TimerError) {
    let limit = bits == 32 ? Int(UInt32.max) : 0xFFFF
    var prescaler = prescaler
    var period = max(1, ticks)
    while period > limit {
      if period % 5 == 0 && prescaler * 5 <= Self.largestPrescaler {
        prescaler *= 5
        period /= 5
      } else if period % 3 == 0 && prescaler * 3 <= Self.largestPrescaler {
        prescaler *= 3
        period /= 3
      } else if prescaler * 2 <= Self.largestPrescaler {
        prescaler *= 2
        period /= 2
      } else if prescaler < Self.largestPrescaler {
        period = period * prescaler / Self.largestPrescaler
        prescaler = Self.largestPrescaler
      } else {
        throw .frequencyTooSmall
      }
    }
    self.init(prescaler: prescaler - 1, period: period - 1)
  }

  /// The division for a period of `count / rate` seconds, for `Timer(period=count, tick_hz=rate)`.
  public init(period count: Int, tickRate rate: Int, source: Int, bits: Int) throws(TimerError) {
    guard count > 0, rate > 0 else { throw .frequencyNotPositive }
    let limit = bits == 32 ? UInt64(UInt32.max) : 0xFFFF
    let product = UInt64(source).multipliedFullWidth(by: UInt64(count))
    guard product.high < UInt64(rate) else { throw .periodTooLarge }
    var period = UInt64(rate).dividingFullWidth(product).quotient
    var prescaler: UInt64 = 1
    while period > limit {
      if prescaler <= 13107 && period % 5 == 0 {
        prescaler *= 5
        period /= 5
      } else if prescaler <= 21845 && period % 3 == 0 {
        prescaler *= 3
        period /= 3
      } else {
        let lowestBit = period & 1
        prescaler *= 2
        period /= 2
        if period < prescaler { prescaler |= lowestBit }
        guard prescaler <= UInt64(Self.largestPrescaler) else { throw .periodTooLarge }
      }
    }
    self.init(prescaler: Int(prescaler) - 1, period: Int(max(1, period)) - 1)
  }
}
