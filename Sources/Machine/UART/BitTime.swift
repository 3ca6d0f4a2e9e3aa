import Timebase

/// The length of a bit: `divider` ticks of a `clock` in Hz; exact, so that many bits in a row do not drift.
struct BitTime: Hashable {
  let clock: Int
  let divider: Int

  /// The nearest that the baud-rate register can do.
  /// - Parameter dividers: the whole numbers that it can divide the clock by.
  init(baudRate: Int, clock: Int, dividers: ClosedRange<Int> = 16...0xFFFF) {
    self.clock = clock
    let nearest = (clock + baudRate / 2) / max(1, baudRate)
    divider = min(max(nearest, dividers.lowerBound), dividers.upperBound)
  }

  var baudRate: Int { clock / divider }

  func interval(bits: Int) -> Interval {
    .nanoseconds(Int128(bits) * Int128(divider) * 1_000_000_000 / Int128(clock))
  }
}
