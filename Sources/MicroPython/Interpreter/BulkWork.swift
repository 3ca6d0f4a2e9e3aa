import Timebase

/// Board time of work that grows with the size of its operands: copying, comparing and searching long data,
/// arithmetic on long integers. The cost of an instruction or a built-in (`CostTable`) includes small sizes.
/// Without this, firmware that does nothing else could keep the host busy for hours of wall time in a second
/// of board time, and no code would check the clock.
extension Interpreter {
  /// Nanoseconds for a byte; a Pyboard copies a word in about 16 ns (Cortex-M4 at 168 MHz, `memcpy` from SRAM).
  static let byteCost: Int64 = 4

  /// Charges the time of work on `count` bytes, without looking at the clock: the next safe point does.
  @inline(__always) func charge(bytes count: Int) {
    if _slowPath(count > Heap.bulkSize) { account.pointee.remaining &-= Int64(count) &* Interpreter.byteCost }
  }

  /// Charges the time of a search in a dict or set, where it is long: keys with the same hash stand one after the other.
  @inline(__always) func charge(placesInTable count: Int) {
    if _slowPath(count > 32) { account.pointee.remaining &-= Int64(count) &* Interpreter.placeCost }
  }
  /// Nanoseconds.
  private static let placeCost: Int64 = 20

  /// Passes the time of work on `count` bytes.
  @inline(__always) func passTime(bytes count: Int) throws(Raised) {
    if _slowPath(count > Heap.bulkSize) { try passTime(Int64(count) &* Interpreter.byteCost) }
  }

  /// Passes the time of a loop over the items of a container, a lot at a time.
  /// - Parameter index: that of the item that is next.
  @inline(__always) func passTime(atItem index: Int) throws(Raised) {
    if _slowPath(index & 255 == 255) { try passTime(256 &* costs.iteration) }
  }

  /// Passes the time of arithmetic on integers.
  /// - Parameter steps: products, sums or shifts of two words.
  @inline(__always) func passTime(wordSteps steps: Int) throws(Raised) {
    if _slowPath(steps > BigInt.includedSteps) { try passTime(Int64(clamping: steps) &* BigInt.wordCost) }
  }
}
