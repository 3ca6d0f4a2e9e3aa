/// `set` and `frozenset` (distinguished by their type): an open-addressing table of values.
package struct SetObject {
  var header: ObjectHeader
  var used: Int
  var capacity: Int
  var slots: UnsafeMutablePointer<Value>
}

/// A `set` or `frozenset`. Look-ups that hash and compare stand in `Interpreter` (`setContains`, `setAdd`,
/// `setRemove`).
package struct SetHandle: ObjectHandle {
  package typealias Layout = SetObject
  package static let kind = ObjectKind.set
  package let pointer: UnsafeMutablePointer<SetObject>
  @inline(__always) package init(pointer: UnsafeMutablePointer<SetObject>) { self.pointer = pointer }

  @inline(__always) package var count: Int { pointer.pointee.used }
  package var slotCount: Int { pointer.pointee.capacity }
  package func element(at index: Int) -> Value? {
    guard index < slotCount else { return nil }
    let element = pointer.pointee.slots[index]
    return element.isFilled ? element : nil
  }
  package var elements: [Value] { (0..<slotCount).compactMap { element(at: $0) } }

  /// Adds an element that is known to be absent.
  func insertNew(_ element: Value, hash: Int, in heap: Heap) {
    while true {
      let (slots, capacity) = (pointer.pointee.slots, pointer.pointee.capacity)
      if let position = HashTable.vacancy(forHash: hash, in: slots, capacity: capacity) {
        slots[position] = element
        pointer.pointee.used += 1
        return
      }
      rehash(in: heap)
    }
  }

  func removeSlot(_ index: Int) {
    let slots = pointer.pointee.slots
    slots[index] = HashTable.remainder(at: index, in: slots, capacity: pointer.pointee.capacity)
    pointer.pointee.used -= 1
  }

  package func removeAll(in heap: Heap) {
    heap.resize(value, by: -pointer.pointee.capacity * Heap.boardWord)
    heap.storage.deallocate(pointer.pointee.slots, pointer.pointee.capacity)
    pointer.pointee.slots = HashTable.emptySlots(0, in: heap)
    pointer.pointee.capacity = 0
    pointer.pointee.used = 0
  }

  private func rehash(in heap: Heap) {
    let old = pointer.pointee
    let capacity = HashTable.size(atLeast: old.capacity + 1)
    heap.resize(value, by: (capacity - old.capacity) * Heap.boardWord)
    pointer.pointee.slots = HashTable.emptySlots(capacity, in: heap)
    pointer.pointee.capacity = capacity
    pointer.pointee.used = 0
    for index in 0..<old.capacity {
      let element = old.slots[index]
      guard element.isFilled else { continue }
      insertNew(element, hash: heap.hashOfStoredKey(element), in: heap)
    }
    heap.storage.deallocate(old.slots, old.capacity)
  }
}
