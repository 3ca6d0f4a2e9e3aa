/// A clock that counts in equal ticks, as the ones that timers, buses and serial ports divide. Exact however many ticks there are:
/// the instant of a tick is rounded down to the nanosecond, and rounding never adds up.
public struct TickRate: Hashable, Sendable {
  /// Ticks a second, at least 1.
  public let hertz: Int

  public init(hertz: Int) { self.hertz = max(1, hertz) }

  /// How long so many ticks take, from the first on.
  @inlinable public func interval(ticks: some BinaryInteger) -> Interval {
    .nanoseconds(Self.floorQuotient(Int128(ticks) * 1_000_000_000, Int128(hertz)))
  }

  /// The last tick that has come when so much time has passed: the inverse of `interval(ticks:)`.
  @inlinable public func ticks(within interval: Interval) -> Int128 {
    Self.floorQuotient((Int128(interval.nanoseconds) + 1) * Int128(hertz) - 1, 1_000_000_000)
  }

  /// A quotient rounded down, which division of negative numbers in Swift is not.
  /// - Parameter divisor: positive.
  @inlinable public static func floorQuotient(_ value: Int128, _ divisor: Int128) -> Int128 {
    value >= 0 ? value / divisor : -((divisor - 1 - value) / divisor)
  }
}
