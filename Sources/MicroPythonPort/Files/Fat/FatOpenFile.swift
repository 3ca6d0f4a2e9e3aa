import MicroPython

/// An open file of a FAT volume.
final class FatOpenFile {
  let volume: FatVolume
  private var entry: FatEntry
  private let isReadable: Bool
  private let isWritable: Bool
  private var firstCluster: Int
  private var size: Int
  private(set) var position = 0
  private var isChanged: Bool
  private var isClosed = false
  /// The cluster of `position`, or of the last one that was used, and its number in the chain.
  private var cluster: (number: Int, index: Int)?

  init(_ volume: FatVolume, _ entry: FatEntry, isReadable: Bool, isWritable: Bool, isNew: Bool) {
    self.volume = volume
    self.entry = entry
    self.isReadable = isReadable
    self.isWritable = isWritable
    firstCluster = entry.cluster
    size = entry.size
    isChanged = isNew
  }

  private func requireOpen() throws(Raised) {
    if isClosed { throw volume.vm.osError(FatError.invalid) }
  }

  // MARK: Position

  /// Goes to a position; beyond the end a file that can be written grows, as far as there is room.
  func seek(to offset: Int, from origin: Int) throws(Raised) -> Int {
    try requireOpen()
    let wanted = (origin == 1 ? position : origin == 2 ? size : 0) &+ offset
    // Positions are 32-bit numbers without sign on the board: a position before the start is far behind the
    // end.
    let target = wanted < 0 ? 0xffff_ffff : min(wanted, 0xffff_ffff)
    if target > size {
      guard isWritable else {
        position = size
        return size
      }
      position = size
      try extend(to: target)
    } else {
      position = target
    }
    return position
  }

  private func extend(to target: Int) throws(Raised) {
    let layout = try volume.writableLayout()
    while size < target {
      let end = min(target, (size / layout.bytesPerCluster + 1) * layout.bytesPerCluster)
      guard try cluster(at: size, isGrowing: true) != nil else { break }
      size = end
      isChanged = true
    }
    position = size
  }

  /// The cluster that holds a position; nil behind the chain's end, or when the volume is full.
  private func cluster(at position: Int, isGrowing: Bool) throws(Raised) -> Int? {
    let layout = try volume.layout()
    let index = position / layout.bytesPerCluster
    var current: (number: Int, index: Int)
    if let cluster, cluster.index <= index {
      current = cluster
    } else {
      if firstCluster == 0 {
        guard isGrowing, let first = try volume.allocate(after: nil) else { return nil }
        firstCluster = first
        isChanged = true
      }
      current = (firstCluster, 0)
    }
    while current.index < index {
      var next = try volume.next(after: current.number)
      if !(2..<layout.clusterLimit).contains(next) {
        guard isGrowing, let added = try volume.allocate(after: current.number) else { return nil }
        next = added
      }
      current = (next, current.index + 1)
    }
    cluster = current
    return current.number
  }

  // MARK: Contents

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(Raised) -> Int {
    try requireOpen()
    guard isReadable else { throw volume.vm.osError(FatError.denied) }
    let layout = try volume.layout()
    var done = 0
    while done < buffer.count, position < size {
      guard let cluster = try cluster(at: position, isGrowing: false) else {
        throw volume.vm.osError(FatError.device)
      }
      let offset = position % layout.sectorSize
      let count = min(buffer.count - done, layout.sectorSize - offset, size - position)
      let sector =
        layout.firstSector(ofCluster: cluster) + position % layout.bytesPerCluster / layout.sectorSize
      let bytes = try volume.read(offset..<offset + count, ofSector: sector)
      UnsafeMutableRawBufferPointer(rebasing: buffer[done..<done + count]).copyBytes(from: bytes)
      done += count
      position += count
    }
    return done
  }

  /// - Throws: `OSError` `ENOSPC` when not all of it had room.
  func write(_ bytes: UnsafeRawBufferPointer) throws(Raised) {
    try requireOpen()
    guard isWritable else { throw volume.vm.osError(FatError.denied) }
    let layout = try volume.writableLayout()
    var done = 0
    while done < bytes.count {
      guard let cluster = try cluster(at: position, isGrowing: true) else {
        isChanged = true
        throw volume.vm.osError(FatError.noSpace)
      }
      let offset = position % layout.sectorSize
      let count = min(bytes.count - done, layout.sectorSize - offset)
      let sector =
        layout.firstSector(ofCluster: cluster) + position % layout.bytesPerCluster / layout.sectorSize
      let part = Array(bytes[done..<done + count])
      if offset == 0, count == layout.sectorSize || position >= size {
        let filler = [UInt8](repeating: 0, count: layout.sectorSize - count)
        try volume.replace(sector: sector, with: part + filler)
      } else {
        try volume.write(part, at: offset, ofSector: sector)
      }
      done += count
      position += count
      size = max(size, position)
      isChanged = true
    }
  }

  /// Writes what the volume keeps in memory, and the size and time into the directory.
  func flush() throws(Raised) {
    try requireOpen()
    guard isChanged else { return }
    entry.set(cluster: firstCluster, size: size)
    entry.set(modified: FatTime(volume.now()))
    entry.bytes[11] |= FatEntry.archive
    // The name may have changed meanwhile.
    try volume.write(entry.bytes[11...], at: entry.place.offset + 11, ofSector: entry.place.sector)
    try volume.sync()
    isChanged = false
  }

  func close() throws(Raised) {
    guard !isClosed else { return }
    try flush()
    isClosed = true
  }

  var isOpen: Bool { !isClosed }
}
