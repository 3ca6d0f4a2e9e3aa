/// The board's generator of random numbers. A run repeats: the seed decides the numbers (SplitMix64, by Guy
/// Steele, Doug Lea and Christine Flood).
public final class HardwareRandom {
  private var state: UInt64

  /// - Parameter seed: any number; runs with the same one get the same numbers.
  public init(seed: UInt64) { state = seed }

  /// Restarts the sequence that comes after power-on with this seed.
  func start(from seed: UInt64) { state = seed }

  /// 32 random bits.
  public func next() -> UInt32 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return UInt32(truncatingIfNeeded: (mixed ^ (mixed >> 31)) >> 32)
  }
}
