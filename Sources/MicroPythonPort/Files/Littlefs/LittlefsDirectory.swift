import MicroPython

/// The place of an entry, or the place to insert it.
struct LittlefsPlace {
  /// The first metadata of the directory.
  var directory: LittlefsPair
  /// The part of the directory that has or takes the entry.
  var metadata: LittlefsMetadata
  var identifier: Int
  /// Nil when there is none.
  var entry: LittlefsEntry?
  var name: [UInt8]
}

/// Directories: one metadata pair, and others behind it when it has grown.
extension LittlefsVolume {
  func find(_ name: [UInt8], in directory: LittlefsPair) throws(Raised) -> LittlefsPlace? {
    var next = directory
    for _ in 0...blockCount {
      let metadata = try metadata(next)
      let (entry, identifier) = metadata.log.find(name)
      if entry != nil || identifier < metadata.log.entries.count || !metadata.log.isSplit {
        return LittlefsPlace(
          directory: directory, metadata: metadata, identifier: identifier, entry: entry, name: name)
      }
      next = metadata.log.tail
    }
    throw error(LittlefsError.corrupt)
  }

  /// All entries that firmware can see.
  func entries(of directory: LittlefsPair) throws(Raised) -> [LittlefsEntry] {
    var entries: [LittlefsEntry] = []
    var next = directory
    for _ in 0...blockCount {
      let log = try metadata(next).log
      entries += log.entries.filter(\.isListed)
      guard log.isSplit else { return entries }
      next = log.tail
    }
    throw error(LittlefsError.corrupt)
  }

  /// Adds an entry at the place where it was missing.
  func add(_ entry: LittlefsEntry, at place: LittlefsPlace, more: [LittlefsRecord] = []) throws(Raised) {
    var metadata = place.metadata
    let create = LittlefsRecord(LittlefsRecord.Kind.create, place.identifier)
    try commit(&metadata, [create] + entry.records(place.identifier, name: place.name) + more)
  }

  /// Makes a directory at a place where nothing is.
  func makeDirectory(at place: LittlefsPlace) throws(Raised) {
    // The new pair comes behind the last part of its parent in the list of all pairs.
    var last = place.metadata
    while last.log.isSplit { last = try metadata(last.log.tail) }
    var log = LittlefsLog()
    log.tail = last.log.tail
    let pair = try newMetadata(log).pair
    let tail = LittlefsRecord(LittlefsRecord.Kind.softTail, LittlefsRecord.noIdentifier, pair.bytes)
    let structure = LittlefsRecord(LittlefsRecord.Kind.directoryPair, 0, pair.bytes)
    let entry = LittlefsEntry(kind: LittlefsRecord.Kind.directory, name: place.name, structure: structure)
    if place.metadata.log.isSplit {
      try commit(&last, [tail])
      try add(entry, at: place)
    } else {
      try add(entry, at: place, more: [tail])
    }
  }

  /// Removes an entry: a file, or a directory that must be empty.
  func remove(_ place: LittlefsPlace) throws(Raised) {
    let directory = try emptyDirectory(place.entry)
    var metadata = place.metadata
    try commit(&metadata, [LittlefsRecord(LittlefsRecord.Kind.delete, place.identifier)])
    if let directory { try drop(directory) }
    try dropIfEmpty(metadata, of: place.directory)
    detachFiles(place.name, in: place.directory)
  }

  /// The pair of an entry that is a directory.
  /// - Throws: `OSError` `ENOTEMPTY`.
  func emptyDirectory(_ entry: LittlefsEntry?) throws(Raised) -> LittlefsPair? {
    guard let entry, entry.isDirectory else { return nil }
    guard let pair = entry.directory else { throw error(LittlefsError.corrupt) }
    guard try entries(of: pair).isEmpty else { throw error(LittlefsError.notEmpty) }
    return pair
  }

  /// A later part of a directory whose last entry went is not needed any more.
  private func dropIfEmpty(_ metadata: LittlefsMetadata, of directory: LittlefsPair) throws(Raised) {
    guard metadata.log.entries.isEmpty, metadata.pair != directory,
      let before = try self.metadata(before: metadata.pair), before.log.isSplit
    else { return }
    try drop(metadata.pair)
  }

  /// Gives an entry another place; what is there is replaced.
  func move(_ source: LittlefsPlace, to target: LittlefsPlace) throws(Raised) {
    guard let entry = source.entry else { throw error(LittlefsError.noEntry) }
    let replaced = try emptyDirectory(target.entry)
    var records: [LittlefsRecord] = []
    if target.entry != nil { records.append(LittlefsRecord(LittlefsRecord.Kind.delete, target.identifier)) }
    records.append(LittlefsRecord(LittlefsRecord.Kind.create, target.identifier))
    records += entry.records(target.identifier, name: target.name)
    var metadata = target.metadata
    if source.metadata.pair == target.metadata.pair {
      let isShifted = target.entry == nil && target.identifier <= source.identifier
      records.append(
        LittlefsRecord(LittlefsRecord.Kind.delete, source.identifier + (isShifted ? 1 : 0)))
      try commit(&metadata, records)
    } else {
      try commit(&metadata, records)
      if var old = try find(source.name, in: source.directory), old.entry != nil {
        try commit(&old.metadata, [LittlefsRecord(LittlefsRecord.Kind.delete, old.identifier)])
        try dropIfEmpty(old.metadata, of: source.directory)
      }
    }
    if let replaced { try drop(replaced) }
    detachFiles(source.name, in: source.directory)
    detachFiles(target.name, in: target.directory)
  }
}
