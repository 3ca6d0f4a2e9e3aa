/// Making `str` and `bytes` objects.
extension Heap {
  /// An interned string: equal ones are the same object, for identifiers and attribute names.
  package func intern(_ text: String) -> Value { intern(Array(text.utf8)) }

  package func intern(_ utf8: [UInt8]) -> Value { utf8.withUnsafeBufferPointer { intern(utf8: $0) } }

  func intern(utf8: UnsafeBufferPointer<UInt8>) -> Value {
    if utf8.count == 1 && utf8[0] < 0x80 { return character(utf8[0]) }
    return internNew(utf8)
  }

  private func internNew(_ utf8: UnsafeBufferPointer<UInt8>) -> Value {
    let hash = StringHandle.hash(of: utf8)
    let known = interned.find(utf8, hash: hash)
    if !known.isUnbound { return known }
    // Names are kept in tables of their own on the board.
    if nameOrigin == .firmware { chargeName(utf8.count) }
    let value = object(utf8, hash: hash, kind: .string, type: types.str, boardBytes: 0)
    value.header.pointee.flags |= ObjectHeader.internedFlag | ObjectHeader.immortalFlag | nameOrigin.flag
    interned.insert(value)
    return value
  }

  /// Interns a name that the board's own code has, even if firmware used it first.
  func internBuiltIn(_ text: String) -> Value {
    let name = intern(text)
    name.header.pointee.flags |= ObjectHeader.builtInNameFlag
    return name
  }

  /// An interned string of one ASCII character.
  func character(_ byte: UInt8) -> Value {
    let known = characters[Int(byte)]
    if !known.isUnbound { return known }
    let new = withUnsafePointer(to: byte) { internNew(UnsafeBufferPointer(start: $0, count: 1)) }
    characters[Int(byte)] = new
    return new
  }

  /// Charges a name to the board: its characters, length, hash and place in the table, taken in chunks. Never given back.
  private func chargeName(_ byteCount: Int) {
    unchargedNameBytes += byteCount + 8
    // An interrupt handler comes upon names that the board's compiler has long known.
    guard unchargedNameBytes >= 128, lockDepth == 0 else { return }
    account(unchargedNameBytes & ~15)
    unchargedNameBytes &= 15
  }

  package func string(_ text: String) -> Value { string(Array(text.utf8)) }

  /// A `str` of UTF-8 bytes; short ones that are known names are interned already.
  package func string(_ utf8: [UInt8]) -> Value { utf8.withUnsafeBufferPointer { string(utf8: $0) } }

  package func string(_ utf8: some Collection<UInt8>) -> Value {
    utf8.withContiguousStorageIfAvailable { string(utf8: $0) } ?? string(Array(utf8))
  }

  /// A `str` of its own with the contents of another one.
  func string(copying string: StringHandle) -> Value {
    if string.byteCount <= 10 {
      let known = string.isInterned ? string.value : interned.find(string.utf8, hash: string.hash)
      if !known.isUnbound { return known }
    }
    return object(
      string.utf8, hash: string.hash, characterCount: string.characterCount, kind: .string, type: types.str,
      boardBytes: 16 + string.byteCount + 1)
  }

  /// One string behind the other.
  func string(joining first: StringHandle, _ second: StringHandle) -> Value {
    let count = first.byteCount + second.byteCount
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count) { bytes in
      let start = bytes.baseAddress.unsafelyUnwrapped
      start.update(from: StringHandle.bytes(of: first.pointer), count: first.byteCount)
      (start + first.byteCount).update(from: StringHandle.bytes(of: second.pointer), count: second.byteCount)
      return string(utf8: UnsafeBufferPointer(bytes))
    }
  }

  private func string(utf8: UnsafeBufferPointer<UInt8>) -> Value {
    if utf8.count == 1 && utf8[0] < 0x80, !characters[Int(utf8[0])].isUnbound {
      return characters[Int(utf8[0])]
    }
    let hash = StringHandle.hash(of: utf8)
    if utf8.count <= 10 {
      let known = interned.find(utf8, hash: hash)
      if !known.isUnbound { return known }
    }
    return object(utf8, hash: hash, kind: .string, type: types.str, boardBytes: 16 + utf8.count + 1)
  }

  package func bytes(_ bytes: some Collection<UInt8>) -> Value {
    bytes.withContiguousStorageIfAvailable { self.bytes(contents: $0) }
      ?? Array(bytes).withUnsafeBufferPointer { self.bytes(contents: $0) }
  }

  private func bytes(contents: UnsafeBufferPointer<UInt8>) -> Value {
    object(
      contents, hash: StringHandle.hash(of: contents), kind: .bytes, type: types.bytes,
      boardBytes: 16 + contents.count + 1)
  }

  private func object(
    _ bytes: UnsafeBufferPointer<UInt8>, hash: Int, characterCount: Int? = nil, kind: ObjectKind,
    type: TypeHandle, boardBytes: Int
  ) -> Value {
    let raw = allocate(
      MemoryLayout<StringObject>.size + bytes.count, kind: kind, type: type.pointer, boardBytes: boardBytes,
      itemBytes: bytes.count + 1)
    let object = raw.assumingMemoryBound(to: StringObject.self)
    object.pointee.byteCount = bytes.count
    object.pointee.characterCount =
      characterCount ?? (kind == .bytes ? bytes.count : UTF8Text.characterCount(bytes))
    object.pointee.hash = hash
    if let start = bytes.baseAddress {
      StringHandle.bytes(of: object).update(from: start, count: bytes.count)
    }
    return Value(bits: UInt64(UInt(bitPattern: raw)))
  }
}
