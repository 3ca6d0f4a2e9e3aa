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

  /// Calls `visit` with the positions at which a key with this hash may be, in order, until it returns something.
  /// - Parameter capacity: not 0.
  @inline(__always) static func probe<Found, Failure: Error>(
    hash: Int, capacity: Int, _ visit: (_ position: Int) throws(Failure) -> Found?
  ) throws(Failure) -> Found? {
    let start = position(of: hash, capacity: capacity)
    var position = start
    repeat {
      if let found = try visit(position) { return found }
      position &+= 1
      if position == capacity { position = 0 }
    } while position != start
    return nil
  }

  /// The place for a key that is known to be absent; nil when the table is full. A tombstone may be reused only because the key is
  /// absent further on too.
  @inline(__always) static func vacancy<Slot: HashTableSlot>(
    forHash hash: Int, in slots: UnsafeMutablePointer<Slot>, capacity: Int
  ) -> Int? {
    if capacity == 0 { return nil }
    return probe(hash: hash, capacity: capacity) { slots[$0].isFilled ? nil : $0 }
  }

  /// The position of a key, or -1.
  /// - Parameters:
  ///   - table: the table's slots now: comparing may run firmware that changes it, and then it is searched anew.
  ///   - isSought: whether a key is the one that is looked for.
  ///   - looked: how many places were looked at, which is added to.
  @inline(__always) static func find<Slot: HashTableSlot, Failure: Error>(
    hash: Int, in table: () -> (slots: UnsafeMutablePointer<Slot>, capacity: Int),
    looked: inout Int, isSought: (Value) throws(Failure) -> Bool
  ) throws(Failure) -> Int {
    while true {
      let (slots, capacity) = table()
      if capacity == 0 { return -1 }
      var hasChanged = false
      let position: Int? = try probe(hash: hash, capacity: capacity) { (position) throws(Failure) -> Int? in
        looked &+= 1
        let stored = slots[position].storedKey
        if stored.isUnbound { return -1 }
        if stored == .tombstone { return nil }
        if try isSought(stored) { return position }
        hasChanged = table() != (slots, capacity)
        return hasChanged ? -1 : nil
      }
      if !hasChanged { return position ?? -1 }
    }
  }

  /// The mark in the place of a key that is removed: nothing, if no search goes on behind it.
  static func remainder<Slot: HashTableSlot>(
    at position: Int, in slots: UnsafeMutablePointer<Slot>, capacity: Int
  ) -> Value {
    slots[(position + 1) % capacity].storedKey.isUnbound ? .unbound : .tombstone
  }

  static func emptySlots<Slot: HashTableSlot>(
    _ capacity: Int, in heap: Heap
  ) -> UnsafeMutablePointer<Slot> {
    let slots: UnsafeMutablePointer<Slot> = heap.storage.allocate(capacity)
    slots.initialize(repeating: .empty, count: max(capacity, 1))
    return slots
  }
}

/// A place of a table: a key, or a key and its value.
protocol HashTableSlot {
  static var empty: Self { get }
  /// Unbound in a free slot, a tombstone in one whose key was removed.
  var storedKey: Value { get }
}

extension HashTableSlot {
  @inline(__always) var isFilled: Bool { !storedKey.isUnbound && storedKey != .tombstone }
}

extension Value: HashTableSlot {
  static var empty: Value { .unbound }
  @inline(__always) var storedKey: Value { self }
}
