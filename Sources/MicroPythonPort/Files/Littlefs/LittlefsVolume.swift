import MicroPython

/// A littlefs 2 on a device: its superblock, its list of metadata pairs, and which blocks are free.
final class LittlefsVolume: ValueHolding {
  /// How a program asked for the file system, as `VfsLfs2` takes it.
  struct Options {
    /// Bytes.
    var readSize = 32
    var programSize = 32
    /// Bytes; eight blocks each are looked at for free ones at once.
    var lookahead = 32
    /// Whether files know when they were changed.
    var keepsTimes = true
  }

  /// Versions 2.0 and 2.1 of the format.
  private static let version = 0x0002_0001
  private static let magic = Array("littlefs".utf8)
  static let longestName = 255
  static let largestFile = 0x7fff_ffff
  private static let largestAttribute = 1022

  unowned let vm: Interpreter
  let device: any LittlefsDevice
  let options: Options
  let blockSize: Int
  let blockCount: Int
  /// Bytes that are transferred at once.
  let cacheSize: Int
  /// Nanoseconds since 1970.
  let now: () -> Int
  private(set) var root = LittlefsPair.superblocks

  /// Blocks of the part that was looked at last: where it begins, those in use, and where the search goes on.
  private var window: (start: Int, used: Set<Int>, next: Int)?
  /// Blocks that were handed out and belong to nothing on the device so far.
  private var handedOut: Set<Int> = []
  /// Files that are open for writing, by what they write.
  private var openFiles: [ObjectIdentifier: WeakFile] = [:]
  /// Files that were dropped without being closed, to be closed when the volume is used the next time: a collection cannot
  /// call the device.
  private var droppedFiles: [LittlefsOpenFile] = []

  private struct WeakFile { weak var file: LittlefsOpenFile? }

  /// - Throws: `OSError` `EINVAL` for sizes that no littlefs can have.
  init(_ device: any LittlefsDevice, _ options: Options, _ vm: Interpreter, now: @escaping () -> Int)
    throws(Raised)
  {
    let sizes = 1...1 << 24
    guard sizes.contains(options.readSize), sizes.contains(options.programSize),
      sizes.contains(options.lookahead), (64...1 << 24).contains(device.blockSize),
      (1...1 << 30).contains(device.blockCount), device.blockSize % options.readSize == 0,
      device.blockSize % options.programSize == 0
    else { throw vm.osError(LittlefsError.invalid) }
    self.vm = vm
    self.device = device
    self.options = options
    self.now = now
    blockSize = device.blockSize
    blockCount = device.blockCount
    cacheSize = min(device.blockSize, 4 * max(options.readSize, options.programSize))
  }

  var programSize: Int { options.programSize }
  /// Files up to this length lie in the directory.
  var inlineSize: Int { min(cacheSize, Self.largestAttribute, blockSize / 8) }

  func visitValues(_ visit: (Value) -> Void) { device.visitValues(visit) }
  func error(_ number: Int) -> Raised { vm.osError(number) }

  // MARK: Superblock

  /// Makes an empty file system.
  func format() throws(Raised) {
    guard blockCount >= 2 else { throw error(LittlefsError.noSpace) }
    guard !device.isReadOnly else { throw error(LittlefsError.readOnly) }
    let numbers = [
      Self.version, blockSize, blockCount, Self.longestName, Self.largestFile, Self.largestAttribute,
    ]
    var log = LittlefsLog()
    log.entries = [
      LittlefsEntry(
        kind: LittlefsRecord.Kind.superblock, name: Self.magic,
        structure: LittlefsRecord(
          LittlefsRecord.Kind.inlineData, 0, numbers.flatMap { LittlefsNumber.bytes($0) }))
    ]
    try formatSuperblocks(log)
  }

  /// Finds the superblock and the root directory.
  /// - Throws: `OSError` `EILSEQ` when there is no littlefs, `EINVAL` for one of another version or for another device.
  func mount() throws(Raised) {
    var isFound = false
    try forEachMetadata { metadata throws(Raised) in
      guard let first = metadata.log.entries.first, first.kind == LittlefsRecord.Kind.superblock,
        first.name == Self.magic
      else { return true }
      try check(superblock: first)
      root = metadata.pair
      isFound = true
      return true
    }
    if !isFound { throw error(LittlefsError.invalid) }
  }

  private func check(superblock: LittlefsEntry) throws(Raised) {
    guard let data = superblock.structure.data, data.count >= 24 else { throw error(LittlefsError.corrupt) }
    let numbers = stride(from: 0, to: 24, by: 4).map { LittlefsNumber.read(data[$0..<$0 + 4]) }
    let isOurs = numbers[0] >> 16 == Self.version >> 16 && numbers[0] & 0xffff <= Self.version & 0xffff
    guard isOurs, numbers[1] == blockSize, numbers[2] == blockCount, numbers[3] <= Self.longestName,
      numbers[4] <= Self.largestFile, numbers[5] <= Self.largestAttribute
    else { throw error(LittlefsError.invalid) }
  }

  // MARK: The list of metadata

  /// Goes through all metadata pairs, in the order of their list, as long as `body` returns true.
  func forEachMetadata(_ body: (LittlefsMetadata) throws(Raised) -> Bool) throws(Raised) {
    var next = LittlefsPair.superblocks
    var count = 0
    while next != .none {
      count += 1
      // A list that goes in a circle.
      guard count <= blockCount else { throw error(LittlefsError.corrupt) }
      let metadata = try metadata(next)
      guard try body(metadata) else { return }
      next = metadata.log.tail
    }
  }

  /// The metadata before a pair in the list.
  func metadata(before pair: LittlefsPair) throws(Raised) -> LittlefsMetadata? {
    var found: LittlefsMetadata?
    try forEachMetadata { metadata throws(Raised) in
      if metadata.log.tail == pair { found = metadata }
      return found == nil
    }
    return found
  }

  /// Takes metadata that nothing refers to any more out of the list.
  func drop(_ dropped: LittlefsPair) throws(Raised) {
    guard var before = try metadata(before: dropped) else { return }
    let log = try metadata(dropped).log
    var records = [log.tailRecord]
    if !log.moveState.isEmpty {
      // The state of moves is the sum of all shares.
      let ours = before.log.moveState
      let sum = log.moveState.enumerated().map { $1 ^ (ours.indices.contains($0) ? ours[$0] : 0) }
      records.append(LittlefsRecord(LittlefsRecord.Kind.moveState, LittlefsRecord.noIdentifier, sum))
    }
    try commit(&before, records)
  }

  // MARK: Blocks

  func read(_ block: Int, at offset: Int, count: Int) throws(Raised) -> [UInt8] {
    guard (0..<blockCount).contains(block), offset >= 0, offset + count <= blockSize else {
      throw error(LittlefsError.corrupt)
    }
    var bytes: [UInt8] = []
    let size = options.readSize
    var position = offset / size * size
    let end = (offset + count + size - 1) / size * size
    while position < end {
      let next = min(end - position, max(size, cacheSize / size * size))
      bytes += try device.read(block, at: position, count: next)
      position += next
    }
    let skipped = offset % size
    return Array(bytes[skipped..<skipped + count])
  }

  /// Writes into erased memory. The last piece is padded with ones to the size that can be written.
  func program(_ block: Int, at offset: Int, _ bytes: [UInt8]) throws(Raised) {
    guard !device.isReadOnly else { throw error(LittlefsError.readOnly) }
    var position = offset
    var rest = bytes[...]
    let most = max(programSize, cacheSize / programSize * programSize)
    while !rest.isEmpty {
      // Not across a border of what is transferred at once.
      let piece = rest.prefix(most - position % most)
      let filler = (programSize - piece.count % programSize) % programSize
      try device.program(block, at: position, piece + [UInt8](repeating: 0xff, count: filler))
      position += piece.count
      rest = rest.dropFirst(piece.count)
    }
  }

  /// Blocks written from now on belong to something on the device.
  func checkpoint() { handedOut = [] }

  /// - Throws: `OSError` `ENOSPC`.
  func allocate() throws(Raised) -> Int {
    guard let block = try freeBlock() else { throw error(LittlefsError.noSpace) }
    return block
  }

  /// Two blocks; nil when there are none.
  func freePair() throws(Raised) -> LittlefsPair? {
    guard let first = try freeBlock(), let second = try freeBlock() else { return nil }
    return LittlefsPair(first: first, second: second)
  }

  private func freeBlock() throws(Raised) -> Int? {
    let size = min(8 * options.lookahead, blockCount)
    // Once around, and the rest of the part where the search stands.
    for _ in 0...(blockCount / size + 1) {
      if let window {
        for index in window.next..<size {
          let block = (window.start + index) % blockCount
          self.window?.next = index + 1
          guard !window.used.contains(block), !handedOut.contains(block) else { continue }
          handedOut.insert(block)
          return block
        }
      }
      let start = window.map { ($0.start + size) % blockCount } ?? 0
      let used = try blocksInUse(in: (start, size))
      window = (start, used, 0)
    }
    return nil
  }

  private func blocksInUse(in part: (start: Int, count: Int)) throws(Raised) -> Set<Int> {
    var used: Set<Int> = []
    try forEachBlock { block in
      if (block - part.start + blockCount) % blockCount < part.count { used.insert(block) }
    }
    return used
  }

  /// Blocks that are not free. Those of directories count twice, as `statvfs` counts them on a board: in the list of metadata and in
  /// their parent.
  func usedBlockCount() throws(Raised) -> Int {
    var count = 0
    try forEachBlock { _ in count += 1 }
    return count
  }

  private func forEachBlock(_ body: (Int) -> Void) throws(Raised) {
    try forEachMetadata { metadata throws(Raised) in
      body(metadata.pair.first)
      body(metadata.pair.second)
      for entry in metadata.log.entries {
        if let pair = entry.directory {
          body(pair.first)
          body(pair.second)
        } else if let chain = entry.chain {
          for block in try LittlefsChain(self).blocks(head: chain.head, size: chain.size) { body(block) }
        }
      }
      return true
    }
    for file in openFiles.values.compactMap(\.file) { file.newBlocks.forEach(body) }
  }

  // MARK: Open files

  func open(_ file: LittlefsOpenFile) { openFiles[ObjectIdentifier(file)] = WeakFile(file: file) }
  func close(_ file: LittlefsOpenFile) { openFiles[ObjectIdentifier(file)] = nil }

  /// An entry is gone: files that are open under its name write nowhere.
  func detachFiles(_ name: [UInt8], in directory: LittlefsPair) {
    for file in openFiles.values.compactMap(\.file) where file.name == name && file.directory == directory {
      file.isDetached = true
    }
  }

  func drop(_ file: LittlefsOpenFile) { droppedFiles.append(file) }

  /// Called before anything else is done.
  func closeDroppedFiles() {
    while let file = droppedFiles.popLast() {
      // No caller is left that an error could be reported to.
      do throws(Raised) { try file.close() } catch { continue }
    }
  }
}
