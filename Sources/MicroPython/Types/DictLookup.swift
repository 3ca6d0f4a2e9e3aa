/// Look-ups in dicts. They hash and compare keys, which may run firmware code, probe exactly as MicroPython's
/// `mp_map_lookup` does, and keep its shortcuts: a dict with nothing but interned keys knows without hashing that
/// anything but a string is absent, and an ordered dict never hashes.
extension Interpreter {
  /// The value for `key`, or `unbound` when it is absent.
  @inline(__always)
  package func dictGet(_ dict: DictHandle, _ key: Value) throws(Raised) -> Value {
    if isInternedLookUp(dict, key) {
      chargeCrowd(dict)
      return dict.get(interned: key)
    }
    if let key = StringHandle(key), !dict.isOrdered, let slot = stringSlot(of: key, in: dict) {
      return slot < 0 ? .unbound : dict.pointer.pointee.slots[slot].value
    }
    let slot = try slotIndex(of: key, in: dict)
    return slot < 0 ? .unbound : dict.pointer.pointee.slots[slot].value
  }

  /// Stores a value; `TypeError` when the dict is locked.
  package func dictSet(_ dict: DictHandle, _ key: Value, _ value: Value) throws(Raised) {
    if dict.isLocked { throw error(.typeError, arguments: []) }
    if isInternedLookUp(dict, key) {
      dict.set(interned: key, to: value, in: heap)
      return
    }
    if let key = StringHandle(key), !dict.isOrdered, let slot = stringSlot(of: key, in: dict), slot >= 0 {
      dict.pointer.pointee.slots[slot].value = value
      return
    }
    // A key that is new must be hashable, even in an empty table.
    let hash = dict.isOrdered ? 0 : try hashOfKey(key)
    let slot = try slotIndex(of: key, hash: hash, in: dict)
    if slot >= 0 {
      dict.pointer.pointee.slots[slot].value = value
    } else {
      if dict.count == dict.slotCount { try requireMemory(dict.slotCount * 4) }
      dict.insertNew(key, hash: hash, value: value, isInterned: isInterned(key), in: heap)
    }
  }

  /// Removes a key; the value that it had, or `unbound`. `TypeError` when the dict is locked.
  @discardableResult
  package func dictRemove(_ dict: DictHandle, _ key: Value) throws(Raised) -> Value {
    if dict.isLocked { throw error(.typeError, arguments: []) }
    let slot = isInternedLookUp(dict, key) ? dict.slotIndex(interned: key) : try slotIndex(of: key, in: dict)
    return slot < 0 ? .unbound : dict.removeSlot(slot)
  }

  /// Charges the time of a search in a dict with more names than there are hashes: most stand far from where a search for them begins.
  @inline(__always) private func chargeCrowd(_ dict: DictHandle) {
    if _slowPath(dict.count > 0xffff) { charge(placesInTable: dict.count / 4) }
  }

  /// Whether comparing words is enough to find `key`.
  @inline(__always)
  private func isInternedLookUp(_ dict: DictHandle, _ key: Value) -> Bool {
    dict.pointer.pointee.hasOnlyInternedKeys && !dict.isOrdered && isInterned(key)
  }

  @inline(__always)
  private func isInterned(_ key: Value) -> Bool {
    key.isKind(.string) && StringHandle(unchecked: key).isInterned
  }

  private func slotIndex(of key: Value, in dict: DictHandle) throws(Raised) -> Int {
    if dict.pointer.pointee.hasOnlyInternedKeys && !key.isKind(.string) || dict.count == 0 { return -1 }
    return try slotIndex(of: key, hash: dict.isOrdered ? 0 : try hashOfKey(key), in: dict)
  }

  /// The slot that holds a string, or -1; nil when the way there leads past a key that firmware may have to be asked about.
  private func stringSlot(of key: StringHandle, in dict: DictHandle) -> Int? {
    let capacity = dict.pointer.pointee.capacity
    if capacity == 0 { return -1 }
    let slots = dict.pointer.pointee.slots
    let hash = key.hash
    // Another key, which firmware may have to be asked about, ends the search.
    let other = -2
    var looked = 0
    let position: Int? = HashTable.probe(hash: hash, capacity: capacity) { position in
      looked &+= 1
      let stored = slots[position].key
      if stored == key.value { return position }
      if stored.isUnbound { return -1 }
      guard stored.isObject else { return nil }
      guard stored.header.pointee.kind == .string else { return other }
      let string = StringHandle(unchecked: stored)
      return string.hash == hash && string.hasBytes(key.utf8) ? position : nil
    }
    charge(placesInTable: looked)
    return position == other ? nil : position ?? -1
  }

  /// The slot that holds `key`, or -1.
  private func slotIndex(of key: Value, hash: Int, in dict: DictHandle) throws(Raised) -> Int {
    if dict.isOrdered { return try slotIndexInOrder(of: key, in: dict) }
    var looked = 0
    defer { charge(placesInTable: looked) }
    return try HashTable.find(
      hash: hash, in: { (dict.pointer.pointee.slots, dict.pointer.pointee.capacity) }, looked: &looked,
      isSought: { (stored) throws(Raised) in try isSameKey(stored, key) })
  }

  private func slotIndexInOrder(of key: Value, in dict: DictHandle) throws(Raised) -> Int {
    var index = 0
    while index < dict.count {
      try passTime(atItem: index)
      // A hard handler may have removed keys meanwhile.
      guard index < dict.count else { break }
      let stored = dict.pointer.pointee.slots[index].key
      if try isSameKey(stored, key) { return index }
      index += 1
    }
    return -1
  }

  /// `hash(key)`, with shortcuts for the usual types of keys.
  @inline(__always)
  func hashOfKey(_ key: Value) throws(Raised) -> Int {
    if key.isKind(.string) { return StringHandle(unchecked: key).hash }
    if key.isSmallInt && Value.fitsBoardWord(key.bits) { return key.smallInt }
    return try hash(key)
  }

  /// A dict finds the very same object even if that differs from itself (NaN).
  @inline(__always)
  private func isSameKey(_ stored: Value, _ key: Value) throws(Raised) -> Bool {
    if stored == key { return true }
    return try areEqualKeys(stored, key)
  }

  /// `stored == key` for values that are not the same word, with shortcuts for the usual types of keys.
  @inline(__always)
  func areEqualKeys(_ stored: Value, _ key: Value) throws(Raised) -> Bool {
    if stored.isSmallInt && key.isSmallInt { return false }
    if stored.isKind(.string) && key.isKind(.string) {
      let left = StringHandle(unchecked: stored)
      let right = StringHandle(unchecked: key)
      if left.isInterned && right.isInterned { return stored == key }
      return left.hash == right.hash && left.utf8.elementsEqual(right.utf8)
    }
    return try equal(stored, key)
  }
}
