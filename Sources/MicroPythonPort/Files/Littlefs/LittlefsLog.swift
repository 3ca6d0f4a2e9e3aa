/// A file, a directory or the superblock, as a log knows it.
struct LittlefsEntry {
  var kind: UInt16 = 0
  var name: [UInt8] = []
  /// The place of the contents: a directory's pair, a file's bytes or the end of its chain of blocks.
  var structure = LittlefsRecord(LittlefsRecord.Kind.inlineData)
  /// Attributes of the user by their numbers, in the order in which they came.
  private(set) var attributes: [(number: UInt8, data: [UInt8])] = []

  var isDirectory: Bool { kind == LittlefsRecord.Kind.directory }
  /// Whether firmware can see it.
  var isListed: Bool { kind == LittlefsRecord.Kind.file || isDirectory }
  /// Nil unless it is a directory.
  var directory: LittlefsPair? {
    structure.kind == LittlefsRecord.Kind.directoryPair ? LittlefsPair(structure.data ?? []) : nil
  }
  /// The last block of a file that has blocks of its own, and the file's size.
  var chain: (head: Int, size: Int)? {
    guard structure.kind == LittlefsRecord.Kind.blockChain, let data = structure.data, data.count == 8 else {
      return nil
    }
    return (LittlefsNumber.read(data[0..<4]), LittlefsNumber.read(data[4..<8]))
  }
  /// Bytes; 0 for directories.
  var size: Int { isDirectory ? 0 : chain?.size ?? structure.data?.count ?? 0 }

  func attribute(_ number: UInt8) -> [UInt8]? { attributes.first { $0.number == number }?.data }

  mutating func set(_ data: [UInt8]?, attribute number: UInt8) {
    attributes.removeAll { $0.number == number }
    if let data { attributes.append((number, data)) }
  }

  /// Returns the records that make the entry anew, under a number and perhaps another name.
  func records(_ identifier: Int, name: [UInt8]? = nil) -> [LittlefsRecord] {
    var structure = structure
    structure.identifier = identifier
    return [LittlefsRecord(kind, identifier, name ?? self.name), structure]
      + attributes.map {
        LittlefsRecord(LittlefsRecord.Kind.attribute | UInt16($0.number), identifier, $0.data)
      }
  }
}

/// The combined contents of a log's records.
struct LittlefsLog {
  var entries: [LittlefsEntry] = []
  /// The next pair in the list of all pairs.
  var tail = LittlefsPair.none
  /// Whether the tail continues this directory.
  var isSplit = false
  /// This pair's share of the state of moves, which is the exclusive or of all shares.
  var moveState: [UInt8] = []

  /// Applies one record to what is there.
  /// - Returns: false for one that contradicts what is there.
  mutating func apply(_ record: LittlefsRecord) -> Bool {
    typealias Kind = LittlefsRecord.Kind
    switch record.kind & 0x700 {
    case 0x000:
      guard grow(to: record.identifier) else { return false }
      entries[record.identifier].kind = record.kind
      entries[record.identifier].name = record.data ?? []
    case 0x200:
      guard entries.indices.contains(record.identifier) else { return false }
      entries[record.identifier].structure = record
    case 0x300:
      // Attributes of the whole file system have no entry.
      guard entries.indices.contains(record.identifier) else {
        return record.identifier == LittlefsRecord.noIdentifier
      }
      entries[record.identifier].set(record.data, attribute: UInt8(record.kind & 0xff))
    case 0x400:
      if record.kind == Kind.create {
        guard (0...entries.count).contains(record.identifier) else { return false }
        entries.insert(LittlefsEntry(), at: record.identifier)
      } else if record.kind == Kind.delete {
        guard entries.indices.contains(record.identifier) else { return false }
        entries.remove(at: record.identifier)
      }
    case 0x600:
      guard let pair = LittlefsPair(record.data ?? []) else { return false }
      tail = pair.isNone ? .none : pair
      isSplit = record.kind & 1 != 0 && !pair.isNone
    case 0x700: moveState = record.data ?? []
    default: break
    }
    return true
  }

  private mutating func grow(to identifier: Int) -> Bool {
    guard identifier < LittlefsRecord.noIdentifier else { return false }
    // A log that was made shorter may have its entries in any order.
    while entries.count <= identifier { entries.append(LittlefsEntry()) }
    return true
  }

  /// The shortest log that comes to the same.
  var records: [LittlefsRecord] {
    var records: [LittlefsRecord] = []
    for (identifier, entry) in entries.enumerated() { records += entry.records(identifier) }
    if tail != .none { records.append(tailRecord) }
    if moveState.contains(where: { $0 != 0 }) {
      records.append(LittlefsRecord(LittlefsRecord.Kind.moveState, LittlefsRecord.noIdentifier, moveState))
    }
    return records
  }

  var tailRecord: LittlefsRecord {
    LittlefsRecord(
      isSplit ? LittlefsRecord.Kind.hardTail : LittlefsRecord.Kind.softTail, LittlefsRecord.noIdentifier,
      tail.bytes)
  }

  /// Returns the place where an entry of this name is or belongs: littlefs keeps names in order of their
  /// bytes, of two that begin alike the longer one first.
  func find(_ name: [UInt8]) -> (entry: LittlefsEntry?, identifier: Int) {
    var place: Int?
    for (identifier, entry) in entries.enumerated() where entry.isListed {
      if entry.name == name { return (entry, identifier) }
      if place == nil, Self.isBehind(entry.name, name) { place = identifier }
    }
    return (nil, place ?? entries.count)
  }

  private static func isBehind(_ other: [UInt8], _ name: [UInt8]) -> Bool {
    for (theirs, ours) in zip(other, name) where theirs != ours { return theirs > ours }
    return name.count > other.count
  }

  /// Returns the index at which a log that is too long is divided, as littlefs does: the last entries that
  /// fit, by halves. Zero when all fit.
  /// - Parameter limit: bytes.
  func division(limit: Int) -> Int {
    var first = 0
    while entries.count - first > 1 {
      let size = (first..<entries.count).reduce(0) { sum, identifier in
        entries[identifier].records(identifier).reduce(sum) { $0 + $1.size }
      }
      if entries.count - first < 0xff, size <= limit { break }
      first += (entries.count - first) / 2
    }
    return first
  }

  /// The entries from one on, as a log of their own, with what follows this log.
  func rest(from first: Int) -> LittlefsLog {
    var rest = LittlefsLog()
    rest.entries = Array(entries[first...])
    (rest.tail, rest.isSplit) = (tail, isSplit)
    return rest
  }
}
