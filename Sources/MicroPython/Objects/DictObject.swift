/// `dict` and `OrderedDict`: an open-addressing table of (key, value) slots; unbound keys are free slots,
/// tombstones deleted ones. An ordered dict keeps its entries in slots 0..<used and searches them in order.
package struct DictObject {
  var header: ObjectHeader
  var used: Int
  var capacity: Int
  var slots: UnsafeMutablePointer<DictSlot>
  var isOrdered: Bool
  /// Only interned strings so far, so that a look-up of one compares words.
  var hasOnlyInternedKeys: Bool
  /// Counts additions and removals of keys: while it stays, a key that was absent is absent.
  var keyVersion: UInt32
}

package struct DictSlot: HashTableSlot {
  package var key: Value
  package var value: Value
  @inline(__always) var storedKey: Value { key }
  static var empty: DictSlot { DictSlot(key: .unbound, value: .unbound) }
}

/// A `dict`. Keys are hashed and compared by the interpreter, which may run firmware code; operations that can
/// therefore fail stand in `Interpreter` (`dictGet`, `dictSet`, `dictRemove`). Interned-string keys need no
/// interpreter.
package struct DictHandle: ObjectHandle {
  package typealias Layout = DictObject
  package static let kind = ObjectKind.dict
  package let pointer: UnsafeMutablePointer<DictObject>
  @inline(__always) package init(pointer: UnsafeMutablePointer<DictObject>) { self.pointer = pointer }

  @inline(__always) package var count: Int { pointer.pointee.used }
  @inline(__always) package var isOrdered: Bool { pointer.pointee.isOrdered }
  /// Slots to walk for iteration: `for index in 0..<slotCount { if let (k, v) = entry(at: index) … }`.
  @inline(__always) package var slotCount: Int {
    pointer.pointee.isOrdered ? pointer.pointee.used : pointer.pointee.capacity
  }
  @inline(__always) package func entry(at index: Int) -> (key: Value, value: Value)? {
    guard index < slotCount else { return nil }
    let slot = pointer.pointee.slots[index]
    return slot.isFilled ? (slot.key, slot.value) : nil
  }
  package var entries: [(key: Value, value: Value)] { (0..<slotCount).compactMap { entry(at: $0) } }

  /// A locked dict (`__dict__`, a module under construction by the port) refuses writes with TypeError.
  package var isLocked: Bool {
    get { header.pointee.flags & ObjectHeader.lockedFlag != 0 }
    nonmutating set {
      if newValue {
        header.pointee.flags |= ObjectHeader.lockedFlag
      } else {
        header.pointee.flags &= ~ObjectHeader.lockedFlag
      }
    }
  }

  // MARK: Interned keys

  /// The slot index of an interned string, or -1.
  @inline(__always) func slotIndex(interned name: Value) -> Int {
    let dict = pointer.pointee
    if dict.isOrdered || !dict.hasOnlyInternedKeys { return slotIndexSlowly(interned: name) }
    if dict.capacity == 0 { return -1 }
    let position: Int? = HashTable.probe(
      hash: StringHandle(unchecked: name).hash, capacity: dict.capacity
    ) { position in
      let key = dict.slots[position].key
      if key == name { return position }
      return key.isUnbound ? -1 : nil
    }
    return position ?? -1
  }

  @inline(never) private func slotIndexSlowly(interned name: Value) -> Int {
    let wanted = StringHandle(unchecked: name)
    for index in 0..<slotCount {
      let key = pointer.pointee.slots[index].key
      if key == name { return index }
      if let string = StringHandle(key), !string.isInterned, string.hash == wanted.hash,
        string.utf8.elementsEqual(wanted.utf8)
      {
        return index
      }
    }
    return -1
  }

  /// The value for an interned string, or `unbound`.
  @inline(__always) package func get(interned name: Value) -> Value {
    let index = slotIndex(interned: name)
    return index < 0 ? .unbound : pointer.pointee.slots[index].value
  }

  package func set(interned name: Value, to value: Value, in heap: Heap) {
    // With more names than there are hashes most stand far from where a search for them begins.
    if _slowPath(count > 0xffff) { heap.onBulk?(count) }
    let index = slotIndex(interned: name)
    if index >= 0 {
      pointer.pointee.slots[index].value = value
    } else {
      insertNew(name, hash: StringHandle(unchecked: name).hash, value: value, isInterned: true, in: heap)
    }
  }

  @discardableResult package func remove(interned name: Value) -> Value {
    let index = slotIndex(interned: name)
    guard index >= 0 else { return .unbound }
    return removeSlot(index)
  }

  // MARK: Slots

  /// Adds a key that is known to be absent.
  func insertNew(_ key: Value, hash: Int, value: Value, isInterned: Bool, in heap: Heap) {
    if !isInterned { pointer.pointee.hasOnlyInternedKeys = false }
    pointer.pointee.keyVersion &+= 1
    if pointer.pointee.isOrdered {
      if pointer.pointee.used == pointer.pointee.capacity {
        reallocate(capacity: pointer.pointee.capacity + 4, in: heap)
      }
      pointer.pointee.slots[pointer.pointee.used] = DictSlot(key: key, value: value)
      pointer.pointee.used += 1
      return
    }
    while true {
      let (slots, capacity) = (pointer.pointee.slots, pointer.pointee.capacity)
      if let position = HashTable.vacancy(forHash: hash, in: slots, capacity: capacity) {
        slots[position] = DictSlot(key: key, value: value)
        pointer.pointee.used += 1
        return
      }
      rehash(in: heap)
    }
  }

  @discardableResult func removeSlot(_ index: Int) -> Value {
    let slots = pointer.pointee.slots
    let value = slots[index].value
    pointer.pointee.keyVersion &+= 1
    if pointer.pointee.isOrdered {
      let tail = pointer.pointee.used - index - 1
      (slots + index).update(from: slots + index + 1, count: tail)
      pointer.pointee.used -= 1
      slots[pointer.pointee.used] = DictSlot(key: .unbound, value: .unbound)
      return value
    }
    let key = HashTable.remainder(at: index, in: slots, capacity: pointer.pointee.capacity)
    slots[index] = DictSlot(key: key, value: .unbound)
    pointer.pointee.used -= 1
    return value
  }

  package func removeAll(in heap: Heap) {
    let capacity = pointer.pointee.capacity
    heap.resize(value, by: -capacity * 2 * Heap.boardWord)
    heap.storage.deallocate(pointer.pointee.slots, pointer.pointee.capacity)
    pointer.pointee.slots = HashTable.emptySlots(0, in: heap)
    pointer.pointee.capacity = 0
    pointer.pointee.used = 0
    pointer.pointee.hasOnlyInternedKeys = true
    pointer.pointee.keyVersion &+= 1
  }

  /// Moves every entry to the next larger table, in slot order as MicroPython does.
  private func rehash(in heap: Heap) {
    let old = pointer.pointee
    let capacity = HashTable.size(atLeast: old.capacity + 1)
    heap.resize(value, by: (capacity - old.capacity) * 2 * Heap.boardWord)
    pointer.pointee.slots = HashTable.emptySlots(capacity, in: heap)
    pointer.pointee.capacity = capacity
    pointer.pointee.used = 0
    for index in 0..<old.capacity where old.slots[index].isFilled {
      let slot = old.slots[index]
      // Hashing cannot fail here: the key is in a table already, its hash was computed once.
      insertNew(
        slot.key, hash: heap.hashOfStoredKey(slot.key), value: slot.value,
        isInterned: old.hasOnlyInternedKeys, in: heap)
    }
    heap.storage.deallocate(old.slots, old.capacity)
  }

  private func reallocate(capacity: Int, in heap: Heap) {
    let old = pointer.pointee
    let slots: UnsafeMutablePointer<DictSlot> = HashTable.emptySlots(capacity, in: heap)
    slots.update(from: old.slots, count: old.used)
    heap.storage.deallocate(old.slots, old.capacity)
    pointer.pointee.slots = slots
    pointer.pointee.capacity = capacity
    heap.resize(value, by: (capacity - old.capacity) * 2 * Heap.boardWord)
  }
}
