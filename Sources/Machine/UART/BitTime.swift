import Timebase

/// The length of a bit: `divider` ticks of a `clock` in Hz; exact, so that many bits in a row do not drift.
struct BitTime: Hashable {
  let clock: Int
  let divider: Int

  /// The nearest that the baud-rate register can do: the bus clock divided by a whole number, at least 16.
  init(baudRate: Int, clock: Int) {
    self.clock = clock
    divider = min(max((clock + baudRate / 2) / max(1, baudRate), 16), 0xFFFF)
  }

  var baudRate: Int { clock / divider }

  func interval(bits: Int) -> Interval {
    .nanoseconds(Int128(bits) * Int128(divider) * 1_000_000_000 / Int128(clock))
  }
}
