import MicroPython

/// A directory of a FAT volume: entries of 32 bytes, in the root's sectors or in a chain of clusters.
struct FatDirectory {
  let volume: FatVolume
  /// 0 for the root.
  let firstCluster: Int
  private var clusters: [Int]
  private static let free: UInt8 = 0xe5

  init(_ volume: FatVolume, firstCluster: Int) {
    self.volume = volume
    self.firstCluster = firstCluster
    clusters = firstCluster == 0 ? [] : [firstCluster]
  }

  /// Returns the place of an entry; nil behind the directory's end.
  private mutating func place(ofSlot slot: Int) throws(Raised) -> FatEntry.Place? {
    let layout = try volume.layout()
    let byte = slot * FatEntry.size
    if firstCluster == 0, layout.rootCluster != 0 {
      if clusters.isEmpty { clusters = [layout.rootCluster] }
    } else if firstCluster == 0 {
      guard slot < layout.rootEntryCount else { return nil }
      return FatEntry.Place(
        sector: layout.rootStart + byte / layout.sectorSize, offset: byte % layout.sectorSize)
    }
    let index = byte / layout.bytesPerCluster
    while clusters.count <= index {
      let next = try volume.next(after: clusters[clusters.count - 1])
      guard (2..<layout.clusterLimit).contains(next), clusters.count < layout.clusterCount else { return nil }
      clusters.append(next)
    }
    let offset = byte % layout.bytesPerCluster
    return FatEntry.Place(
      sector: layout.firstSector(ofCluster: clusters[index]) + offset / layout.sectorSize,
      offset: offset % layout.sectorSize)
  }

  private func bytes(at place: FatEntry.Place) throws(Raised) -> [UInt8] {
    Array(try volume.read(place.offset..<place.offset + FatEntry.size, ofSector: place.sector))
  }

  // MARK: Reading

  /// Calls `body` with each entry, `.` and `..` left out, until it returns true.
  private mutating func walk(_ body: (FatEntry, [UInt16]?) -> Bool) throws(Raised) {
    var parts = FatEntry.NameParts()
    var slot = 0
    while let place = try place(ofSlot: slot) {
      let bytes = try bytes(at: place)
      defer { slot += 1 }
      if bytes[0] == 0 { return }
      if bytes[0] != Self.free, bytes[11] & 0x3f == FatEntry.namePart {
        parts.add(bytes, slot: slot)
        continue
      }
      defer { parts = FatEntry.NameParts() }
      guard bytes[0] != Self.free, bytes[0] != UInt8(ascii: "."), bytes[11] & FatEntry.volumeLabel == 0
      else { continue }
      let full = parts.name(for: bytes[..<11])
      let name =
        full.map { String(decoding: $0, as: UTF16.self) }
        ?? FatName.text(short: bytes[..<11], caseFlags: bytes[12])
      let entry = FatEntry(
        place: place, slots: (full == nil ? slot : parts.firstSlot)...slot, name: name, bytes: bytes)
      if body(entry, full) { return }
    }
  }

  mutating func entries() throws(Raised) -> [FatEntry] {
    var entries: [FatEntry] = []
    try walk { entry, _ in
      entries.append(entry)
      return false
    }
    return entries
  }

  mutating func find(_ name: FatName) throws(Raised) -> FatEntry? {
    var found: FatEntry?
    try walk { entry, full in
      if name.matches(full: full, short: entry.bytes[..<11]) { found = entry }
      return found != nil
    }
    return found
  }

  private mutating func hasShortName(_ short: [UInt8]) throws(Raised) -> Bool {
    var isTaken = false
    try walk { entry, _ in
      isTaken = Array(entry.bytes[..<11]) == short
      return isTaken
    }
    return isTaken
  }

  // MARK: Writing

  /// Adds an entry. The directory has none of that name.
  mutating func add(_ wanted: FatName, attributes: UInt8, cluster: Int = 0) throws(Raised) -> FatEntry {
    var name = wanted
    if !name.isShortExact {
      var number = 1
      repeat {
        guard number < 100 else { throw volume.vm.osError(FatError.denied) }
        name = wanted
        name.number(number)
        number += 1
      } while try hasShortName(name.short)
    }
    let parts = name.needsFull ? (name.full.count - 1) / FatEntry.charactersPerPart + 1 : 0
    let first = try room(for: parts + 1)
    for part in 0..<parts {
      try write(FatEntry.part(parts - part, of: name), slot: first + part)
    }
    let bytes = FatEntry.bytes(
      name, attributes: attributes, cluster: cluster, time: FatTime(volume.now()))
    let place = try write(bytes, slot: first + parts)
    return FatEntry(
      place: place, slots: first...first + parts, name: String(decoding: name.full, as: UTF16.self),
      bytes: bytes)
  }

  /// The entries `.` and `..` of a new directory.
  mutating func addDots(parent: Int) throws(Raised) {
    let time = FatTime(volume.now())
    for (slot, cluster) in [firstCluster, parent].enumerated() {
      let name = FatName(dots: slot + 1)
      _ = try write(
        FatEntry.bytes(name, attributes: FatEntry.directory, cluster: cluster, time: time), slot: slot)
    }
  }

  /// Changes where `..` leads.
  mutating func setParent(_ cluster: Int) throws(Raised) {
    guard let place = try place(ofSlot: 1) else { return }
    var bytes = try bytes(at: place)
    FatEntry.set(&bytes, cluster: cluster)
    try volume.write(bytes, at: place.offset, ofSector: place.sector)
  }

  mutating func remove(_ entry: FatEntry) throws(Raised) {
    for slot in entry.slots {
      guard let place = try place(ofSlot: slot) else { return }
      try volume.write([Self.free], at: place.offset, ofSector: place.sector)
    }
  }

  /// The first of so many free entries in a row; makes the directory longer if need be.
  private mutating func room(for count: Int) throws(Raised) -> Int {
    var run = 0
    var slot = 0
    while run < count {
      guard let place = try place(ofSlot: slot) else {
        try grow()
        continue
      }
      let first = try volume.read(place.offset..<place.offset + 1, ofSector: place.sector).first ?? 0
      run = first == 0 || first == Self.free ? run + 1 : 0
      slot += 1
    }
    return slot - count
  }

  private mutating func grow() throws(Raised) {
    guard let last = clusters.last, let cluster = try volume.allocate(after: last) else {
      throw volume.vm.osError(FatError.denied)
    }
    try volume.clear(cluster: cluster)
    clusters.append(cluster)
  }

  @discardableResult
  private mutating func write(_ bytes: [UInt8], slot: Int) throws(Raised) -> FatEntry.Place {
    guard let place = try place(ofSlot: slot) else { throw volume.vm.osError(FatError.denied) }
    try volume.write(bytes, at: place.offset, ofSector: place.sector)
    return place
  }
}
