extension Clock {
  /// The account that the bytecode loop shares: `now == deadline - remaining` in virtual and paced mode, as long as the processor
  /// runs at the speed that costs are given for. Both count nanoseconds. In host mode only the sign of `remaining` has a meaning.
  public struct Account {
    /// Processor time left until something is due: an event, power-off or the end of the slice.
    public var remaining: Int64
    /// When that is.
    public var deadline: Int64
    /// Whether `now` is `deadline - remaining`: not in host mode, and not while the processor runs at another speed than the one
    /// that costs are given for.
    public internal(set) var isDirect: Bool
    /// `numerator` nanoseconds of board time pass in `denominator` of processor time.
    private var numerator: Int64 = 1
    private var denominator: Int64 = 1

    init(isDirect: Bool) {
      remaining = 0
      deadline = 0
      self.isDirect = isDirect
    }

    /// Board time in virtual and paced mode while the processor runs at another speed.
    @inline(never) var scaledNow: Int64 { deadline &- boardTime(remaining) }

    /// How much board time processor time takes, rounded up, so that an instant is never passed unseen.
    private func boardTime(_ processorTime: Int64) -> Int64 {
      let product = Int128(processorTime) * Int128(numerator)
      return Int64(clamping: (product + (product > 0 ? Int128(denominator) - 1 : 0)) / Int128(denominator))
    }

    /// Lets `numerator` nanoseconds of board time pass in `denominator` of processor time, outside of host mode.
    mutating func scale(_ numerator: Int64, to denominator: Int64) {
      (self.numerator, self.denominator) = (numerator, denominator)
      isDirect = numerator == denominator
    }

    mutating func set(now: Int64, deadline: Int64) {
      let left = Int128(deadline - now)
      guard numerator != denominator else {
        (self.deadline, remaining) = (deadline, Int64(left))
        return
      }
      remaining = Int64(clamping: (left * Int128(denominator) + Int128(numerator) - 1) / Int128(numerator))
      self.deadline = now + boardTime(remaining)
    }
  }
}
