/// How long imports take. What a program imports when it starts takes no time, as if its modules were frozen into the firmware; what is
/// imported over and over, or looked for in vain, does, so that it ends with the power.
struct ImportTime {
  private var freeSearches = 1000
  private var freeBytes = 1 << 20

  /// Nanoseconds of compiling a byte of source; a Pyboard takes some 5000.
  static let byteCost: Int64 = 1000
  /// Nanoseconds of looking for a module in one folder.
  private static let searchCost: Int64 = 100_000

  /// Returns the nanoseconds of looking for a module in one folder.
  mutating func search() -> Int64 {
    if freeSearches > 0 {
      freeSearches -= 1
      return 0
    }
    return ImportTime.searchCost
  }

  /// Returns the nanoseconds of compiling a module.
  mutating func compilation(bytes count: Int) -> Int64 {
    if count <= freeBytes {
      freeBytes -= count
      return 0
    }
    return Int64(count) * ImportTime.byteCost
  }
}
