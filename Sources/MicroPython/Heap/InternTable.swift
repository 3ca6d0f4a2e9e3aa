/// The interned strings of a heap, found by contents. Open addressing with the hash that strings have anyway; a Swift
/// dictionary would hash every short string that firmware makes a second time.
struct InternTable {
  private var slots = [Value](repeating: .unbound, count: 2048)
  /// The strings, in the order in which they were interned.
  private(set) var strings: [Value] = []
  var count: Int { strings.count }

  /// Where the search for a string begins. The board's hash has 16 bits, so that a large table needs another.
  private func start(_ utf8: UnsafeBufferPointer<UInt8>, hash: Int) -> Int {
    let mask = slots.count - 1
    if mask <= 0xffff { return hash & mask }
    return utf8.reduce(hash) { ($0 ^ Int($1)) &* 0x100_0000_01b3 } & mask
  }

  /// The interned string with these bytes, or `unbound`.
  func find(_ utf8: UnsafeBufferPointer<UInt8>, hash: Int) -> Value {
    let mask = slots.count - 1
    var index = start(utf8, hash: hash)
    while true {
      let candidate = slots[index]
      if candidate.isUnbound { return candidate }
      let string = StringHandle(unchecked: candidate)
      if string.hash == hash && string.hasBytes(utf8) {
        return candidate
      }
      index = (index + 1) & mask
    }
  }

  /// Adds a string that is not in the table yet.
  mutating func insert(_ string: Value) {
    if count * 2 >= slots.count { grow() }
    place(string)
    strings.append(string)
  }

  private mutating func place(_ string: Value) {
    let mask = slots.count - 1
    let handle = StringHandle(unchecked: string)
    var index = start(handle.utf8, hash: handle.hash)
    while !slots[index].isUnbound { index = (index + 1) & mask }
    slots[index] = string
  }

  private mutating func grow() {
    slots = [Value](repeating: .unbound, count: slots.count * 2)
    for string in strings { place(string) }
  }
}
