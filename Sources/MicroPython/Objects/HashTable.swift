/// Sizes and probing of MicroPython's hash tables. They are reproduced exactly because they decide the order in
/// which a dict or set is printed and iterated.
enum HashTable {
  static let sizes = [
    0, 2, 4, 6, 8, 10, 12, 17, 23, 29, 37, 47, 59, 73, 97, 127, 167, 223, 293, 389, 521, 691, 919, 1223, 1627,
    2161, 3229, 4831, 7243, 10861, 16273, 24407, 36607, 54907,
  ]

  static func size(atLeast minimum: Int) -> Int {
    for size in sizes where size >= minimum { return size }
    return (minimum + minimum / 2) | 1
  }

  /// Returns the position at which the search for a key with this hash begins. The board computes hashes in
  /// 32 bits.
  @inline(__always) static func position(of hash: Int, capacity: Int) -> Int {
    Int(UInt32(truncatingIfNeeded: hash) % UInt32(truncatingIfNeeded: capacity))
  }
}
