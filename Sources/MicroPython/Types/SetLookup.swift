/// Look-ups in sets, probing exactly as MicroPython's `mp_set_lookup` does. Hashing and comparing may run firmware
/// code.
extension Interpreter {
  package func setContains(_ set: SetHandle, _ element: Value) throws(Raised) -> Bool {
    if set.slotCount == 0 { return false }
    return try slotIndex(of: element, hash: try hashOfKey(element), in: set) >= 0
  }

  /// Adds an element; false if it was there already.
  @discardableResult
  package func setAdd(_ set: SetHandle, _ element: Value) throws(Raised) -> Bool {
    let hash = try hashOfKey(element)
    if try slotIndex(of: element, hash: hash, in: set) >= 0 { return false }
    if set.count == set.slotCount { try requireMemory(set.slotCount * 2) }
    set.insertNew(element, hash: hash, in: heap)
    return true
  }

  /// Removes an element; false if it was not there.
  @discardableResult
  package func setRemove(_ set: SetHandle, _ element: Value) throws(Raised) -> Bool {
    if set.slotCount == 0 { return false }
    let slot = try slotIndex(of: element, hash: try hashOfKey(element), in: set)
    if slot < 0 { return false }
    set.removeSlot(slot)
    return true
  }

  /// The slot that holds `element`, or -1.
  private func slotIndex(of element: Value, hash: Int, in set: SetHandle) throws(Raised) -> Int {
    var looked = 0
    defer { charge(placesInTable: looked) }
    return try HashTable.find(
      hash: hash, in: { (set.pointer.pointee.slots, set.pointer.pointee.capacity) }, looked: &looked,
      isSought: { (stored) throws(Raised) in try isSameElement(stored, element) })
  }

  /// Unlike a dict, a set does not find an object that differs from itself (NaN).
  @inline(__always)
  private func isSameElement(_ stored: Value, _ element: Value) throws(Raised) -> Bool {
    if stored == element && (stored.isSmallInt || stored.isKind(.string)) { return true }
    return try areEqualKeys(stored, element)
  }
}
