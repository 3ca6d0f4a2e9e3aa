import MicroPython
import Timebase

/// A pair of blocks and what the valid log in it says.
struct LittlefsMetadata {
  /// The block with the log comes first.
  var pair: LittlefsPair
  var log = LittlefsLog()
  /// Offset of the next commit.
  fileprivate(set) var end = 0
  /// The tag that the next one is combined with.
  fileprivate(set) var lastTag: UInt32 = 0xffff_ffff
  /// Whether there is nothing behind the log, so that the next commit can go there.
  fileprivate(set) var isErased = false
  fileprivate var revision: UInt32

  fileprivate init(_ pair: LittlefsPair, revision: UInt32) {
    self.pair = pair
    self.revision = revision
  }
}

/// Reads and writes logs (littlefs SPEC.md, "Metadata blocks").
extension LittlefsVolume {
  private typealias Kind = LittlefsRecord.Kind

  private static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    var checksum = Checksum.CRC32()
    for byte in bytes { checksum.update(byte) }
    return ~checksum.value
  }

  // MARK: Reading

  /// - Throws: `OSError` `EILSEQ` when neither block holds a valid log, and what the device raises.
  func metadata(_ pair: LittlefsPair) throws(Raised) -> LittlefsMetadata {
    for block in [pair.first, pair.second] where !(0..<blockCount).contains(block) {
      throw error(LittlefsError.corrupt)
    }
    let first = try revision(of: pair.first)
    let second = try revision(of: pair.second)
    let isSecondLater = Int32(bitPattern: second &- first) > 0
    var candidates = [(pair, first), (pair.swapped, second)]
    if isSecondLater { candidates.reverse() }
    for (pair, revision) in candidates {
      if let found = try readLog(of: LittlefsMetadata(pair, revision: revision)) { return found }
    }
    throw error(LittlefsError.corrupt)
  }

  private func revision(of block: Int) throws(Raised) -> UInt32 {
    UInt32(LittlefsNumber.read(try read(block, at: 0, count: 4)))
  }

  /// The log of a pair's first block; nil when it has no complete commit.
  private func readLog(of empty: LittlefsMetadata) throws(Raised) -> LittlefsMetadata? {
    var reader = LittlefsBlockReader(volume: self, block: empty.pair.first)
    var (found, next): (LittlefsMetadata?, LittlefsLog) = (nil, LittlefsLog())
    var bytes = try reader.bytes(0, count: 4)
    // The checksum is of everything since the last commit.
    var checked = Array(bytes)
    var (offset, lastTag): (Int, UInt32) = (4, 0xffff_ffff)
    var following: (size: Int, checksum: UInt32)?
    var mayBeErased = false
    while offset + 4 <= blockSize {
      bytes = try reader.bytes(offset, count: 4)
      let tag = bytes.reduce(0) { $0 << 8 | UInt32($1) } ^ lastTag
      if LittlefsRecord.isInvalid(tag) {
        mayBeErased = LittlefsRecord.isCommitChecksum(lastTag)
        break
      }
      let length = LittlefsRecord.length(of: tag)
      guard offset + 4 + length <= blockSize else { break }
      checked += bytes
      lastTag = tag
      if LittlefsRecord.isCommitChecksum(tag) {
        guard length >= 4 else { break }
        let stored = UInt32(LittlefsNumber.read(try reader.bytes(offset + 4, count: 4)))
        guard stored == Self.checksum(checked) else { break }
        // The lowest bit says how the first bit of the next tag is to be read.
        lastTag ^= UInt32(LittlefsRecord.kind(of: tag) & 1) << 31
        offset += 4 + length
        var commit = empty
        (commit.log, commit.end, commit.lastTag) = (next, offset, lastTag)
        found = commit
        checked = []
        continue
      }
      following = nil
      let data = try reader.bytes(offset + 4, count: length)
      checked += data
      let record = LittlefsRecord(
        LittlefsRecord.kind(of: tag), LittlefsRecord.identifier(of: tag),
        LittlefsRecord.isRemoval(tag) ? nil : Array(data))
      if record.kind == Kind.nextChecksum, length == 8 {
        following = (
          LittlefsNumber.read(data.prefix(4)), UInt32(LittlefsNumber.read(data.suffix(4)))
        )
      } else if !next.apply(record) {
        break
      }
      offset += 4 + length
    }
    guard var last = found else { return nil }
    if mayBeErased, last.end % programSize == 0, let following, following.size <= blockSize - last.end {
      let behind = try reader.bytes(last.end, count: following.size)
      last.isErased = Self.checksum(behind) == following.checksum
    }
    return last
  }

  // MARK: Writing

  /// Adds records to a log: behind it where there is room, otherwise as a shorter log in the pair's other block, or in several pairs.
  func commit(_ metadata: inout LittlefsMetadata, _ records: [LittlefsRecord]) throws(Raised) {
    guard !device.isReadOnly else { throw error(LittlefsError.readOnly) }
    var log = metadata.log
    for record in records where !log.apply(record) { throw error(LittlefsError.corrupt) }
    if metadata.isErased,
      let end = try program(
        records, in: metadata.pair.first, at: metadata.end, after: metadata.lastTag, revision: nil)
    {
      (metadata.log, metadata.end, metadata.lastTag, metadata.isErased) = (
        log, end.offset, end.tag, end.isErased
      )
    } else {
      metadata.log = log
      try compact(&metadata)
    }
    try device.sync()
  }

  /// A pair of its own for a log, in blocks that were free.
  func newMetadata(_ log: LittlefsLog) throws(Raised) -> LittlefsMetadata {
    guard let pair = try freePair() else { throw error(LittlefsError.noSpace) }
    return try newMetadata(log, in: pair)
  }

  private func newMetadata(_ log: LittlefsLog, in pair: LittlefsPair) throws(Raised) -> LittlefsMetadata {
    // Later than the revision in the other block.
    var metadata = LittlefsMetadata(pair, revision: try revision(of: pair.first))
    metadata.log = log
    try rewrite(&metadata)
    return metadata
  }

  /// The two first blocks, for a new file system.
  func formatSuperblocks(_ log: LittlefsLog) throws(Raised) {
    // The first block gets the earlier revision.
    var metadata = LittlefsMetadata(LittlefsPair.superblocks.swapped, revision: 0)
    metadata.log = log
    // Both blocks, so that no older file system is left in either.
    try rewrite(&metadata)
    try rewrite(&metadata)
    try device.sync()
  }

  /// Makes a log shorter. A log of more than half a block is divided, as otherwise it would have to be made
  /// shorter again soon; where there is no room for that, it stays together.
  private func compact(_ metadata: inout LittlefsMetadata) throws(Raised) {
    let half = (blockSize / 2 + programSize - 1) / programSize * programSize
    while true {
      let first = metadata.log.division(limit: min(blockSize - 40, half))
      guard first > 0, let pair = try freePair() else { break }
      let rest = try newMetadata(metadata.log.rest(from: first), in: pair)
      metadata.log.entries.removeSubrange(first...)
      (metadata.log.tail, metadata.log.isSplit) = (rest.pair, true)
    }
    try rewrite(&metadata)
  }

  /// Writes a whole log into the block that holds the older one.
  private func rewrite(_ metadata: inout LittlefsMetadata) throws(Raised) {
    let target = metadata.pair.second
    let revision = metadata.revision &+ 1
    try device.erase(target)
    guard
      let end = try program(metadata.log.records, in: target, at: 0, after: 0xffff_ffff, revision: revision)
    else { throw error(LittlefsError.noSpace) }
    metadata.pair = metadata.pair.swapped
    metadata.revision = revision
    (metadata.end, metadata.lastTag, metadata.isErased) = (end.offset, end.tag, end.isErased)
  }

  /// Writes one commit with its checksum.
  /// - Returns: nil when there is no room for it.
  private func program(
    _ records: [LittlefsRecord], in block: Int, at start: Int, after lastTag: UInt32, revision: UInt32?
  ) throws(Raised) -> (offset: Int, tag: UInt32, isErased: Bool)? {
    var bytes = revision.map { LittlefsNumber.bytes(Int($0)) } ?? []
    var tag = lastTag
    func add(_ record: LittlefsRecord) {
      bytes += LittlefsNumber.bytes(Int(record.tag ^ tag)).reversed()
      bytes += record.data ?? []
      tag = record.tag
    }
    for record in records { add(record) }
    guard start + bytes.count <= blockSize - 8 else { return nil }
    // Up to here the checksum counts; what fills the commit up to what can be written at once does not.
    let wanted = min(start + bytes.count + 20, blockSize)
    let end = min(blockSize, (wanted + programSize - 1) / programSize * programSize)
    var firstOfCommit = 0
    var isErased = false
    while start + bytes.count < end {
      let offset = start + bytes.count
      var next = min(end, offset + 4 + 0x3fe)
      if next < end { next = min(next, end - 20) }
      var perturbation: UInt16 = 0
      if next == end, end <= blockSize - programSize {
        let behind = try read(block, at: end, count: programSize)
        // The next tag's first bit has to differ from what is there now.
        perturbation = UInt16(~behind[0] >> 7)
        add(
          LittlefsRecord(
            Kind.nextChecksum, LittlefsRecord.noIdentifier,
            LittlefsNumber.bytes(programSize) + LittlefsNumber.bytes(Int(Self.checksum(behind)))))
        isErased = true
      }
      let length = next - (start + bytes.count + 4)
      let record = LittlefsRecord(
        Kind.commitChecksum | perturbation, LittlefsRecord.noIdentifier,
        [UInt8](repeating: 0xff, count: length))
      bytes += LittlefsNumber.bytes(Int(record.tag ^ tag)).reversed()
      let checksum = Self.checksum(bytes[firstOfCommit...])
      bytes += LittlefsNumber.bytes(Int(checksum)) + [UInt8](repeating: 0xff, count: length - 4)
      tag = record.tag ^ UInt32(perturbation) << 31
      firstOfCommit = bytes.count
    }
    try program(block, at: start, bytes)
    return (end, tag, isErased)
  }
}

/// Reads a block from its beginning, only as far as it is needed.
private struct LittlefsBlockReader {
  let volume: LittlefsVolume
  let block: Int
  private var known: [UInt8] = []

  init(volume: LittlefsVolume, block: Int) {
    self.volume = volume
    self.block = block
  }

  /// Bytes of the block, which must be within it.
  mutating func bytes(_ offset: Int, count: Int) throws(Raised) -> ArraySlice<UInt8> {
    while known.count < offset + count {
      let next = min(volume.cacheSize, volume.blockSize - known.count)
      known += try volume.read(block, at: known.count, count: next)
    }
    return known[offset..<offset + count]
  }
}
