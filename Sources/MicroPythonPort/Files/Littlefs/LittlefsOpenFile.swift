import MicroPython

/// A file of a littlefs that is open.
///
/// Writes go into new blocks; the directory gets them when the file is flushed or closed, so that until then
/// the device has the old contents.
final class LittlefsOpenFile {
  let volume: LittlefsVolume
  /// The first metadata of its directory.
  let directory: LittlefsPair
  let name: [UInt8]
  /// Its entry was removed, renamed or replaced.
  var isDetached = false
  /// Blocks that the directory does not know of.
  private(set) var newBlocks: Set<Int> = []

  private let chain: LittlefsChain
  /// The blocks before `tail`; nil until they were looked up.
  private var knownBlocks: [Int]?
  private var head: Int
  /// Bytes in no block so far, behind the blocks. They are full unless it is empty.
  private var tail: [UInt8] = []
  private var size: Int
  private var position = 0
  private var isChanged: Bool
  /// Writing failed: the entry in the directory stays.
  private var hasFailed = false
  private(set) var isClosed = false
  /// A block for `tail`.
  private var spareBlock: Int?
  private let appends: Bool
  private let keepsTime: Bool
  /// When it was changed, in nanoseconds since 1970.
  private var time: Int
  /// The piece that was read last, as on a board, which reads a file in pieces: its offset and its bytes.
  private var piece: (start: Int, bytes: [UInt8])?

  /// - Parameter isTruncated: whether what it contains is given up.
  init(
    _ volume: LittlefsVolume, _ entry: LittlefsEntry, in directory: LittlefsPair, isTruncated: Bool,
    isWritable: Bool, appends: Bool
  ) {
    self.volume = volume
    self.directory = directory
    self.appends = appends
    name = entry.name
    chain = LittlefsChain(volume)
    keepsTime = volume.options.keepsTimes
    time = volume.now()
    let stored = isTruncated ? nil : entry.chain
    head = stored?.head ?? 0
    if stored == nil {
      knownBlocks = []
      if !isTruncated { tail = entry.structure.data ?? [] }
    }
    size = stored?.size ?? tail.count
    // A file that is opened for writing gets the time of now.
    isChanged = isTruncated || isWritable && keepsTime
    volume.open(self)
  }

  private func blocks() throws(Raised) -> [Int] {
    if let knownBlocks { return knownBlocks }
    let blocks = try chain.blocks(head: head, size: size)
    knownBlocks = blocks
    return blocks
  }

  // MARK: Position and reading

  /// - Throws: `OSError` `EINVAL` for a position before the start or beyond the largest file.
  func seek(to offset: Int, from origin: Int) throws(Raised) -> Int {
    let (target, overflows) = (origin == 1 ? position : origin == 2 ? size : 0).addingReportingOverflow(
      offset)
    guard !overflows, (0...LittlefsVolume.largestFile).contains(target) else {
      throw volume.error(LittlefsError.invalid)
    }
    position = target
    return target
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(Raised) -> Int {
    var done = 0
    while done < buffer.count, position < size {
      let bytes = try bytes(at: position, count: buffer.count - done)
      UnsafeMutableRawBufferPointer(rebasing: buffer[done..<done + bytes.count]).copyBytes(from: bytes)
      done += bytes.count
      position += bytes.count
    }
    return done
  }

  /// Some of the bytes at a position before the end.
  private func bytes(at position: Int, count: Int) throws(Raised) -> ArraySlice<UInt8> {
    let blocks = try blocks()
    let tailStart = tail.isEmpty ? size : chain.start(blocks.count)
    if position >= tailStart { return tail[(position - tailStart)...].prefix(count) }
    if let piece, position >= piece.start, position < piece.start + piece.bytes.count {
      return piece.bytes[(position - piece.start)...].prefix(count)
    }
    // Small reads are served from a piece.
    let wanted = max(count, volume.cacheSize)
    let bytes = try chain.read(position, count: min(wanted, tailStart - position), of: blocks, size: size)
    if count < volume.cacheSize { piece = (position, bytes) }
    return bytes.prefix(count)
  }

  // MARK: Writing

  func write(_ bytes: UnsafeRawBufferPointer) throws(Raised) {
    if appends { position = size }
    guard position + bytes.count <= LittlefsVolume.largestFile else {
      throw volume.error(LittlefsError.tooLarge)
    }
    time = volume.now()
    do throws(Raised) {
      while size < position {
        let gap = min(position - size, volume.blockSize)
        try put([UInt8](repeating: 0, count: gap), at: size)
      }
      if !bytes.isEmpty { try put(bytes, at: position) }
    } catch {
      hasFailed = true
      throw error
    }
    isChanged = true
    position += bytes.count
  }

  private func put(_ bytes: some Collection<UInt8>, at position: Int) throws(Raised) {
    piece = nil
    try takeBack(from: position)
    let offset = position - chain.start(try blocks().count)
    tail.replaceSubrange(offset..<min(tail.count, offset + bytes.count), with: bytes)
    size = max(size, position + bytes.count)
    guard !isInline else { return }
    // Full blocks at the end of the file are written at once, and a block for the rest is there before it is
    // needed.
    if position + bytes.count == size { try writeFullBlocks() }
    if spareBlock == nil { spareBlock = try newBlock() }
  }

  private var isInline: Bool { knownBlocks?.isEmpty == true && size <= volume.inlineSize }

  /// Moves the bytes from `position` on, which are to be changed, into `tail`.
  private func takeBack(from position: Int) throws(Raised) {
    var blocks = try blocks()
    // An end within the last block is taken back, too.
    let last = chain.index(min(position, max(0, size - 1)))
    let first = tail.isEmpty && position == size && size == chain.start(blocks.count) ? blocks.count : last
    guard first < blocks.count else { return }
    let start = chain.start(first)
    let end = tail.isEmpty ? size : chain.start(blocks.count)
    var taken: [UInt8] = []
    while start + taken.count < end {
      taken += try chain.read(start + taken.count, count: end - start - taken.count, of: blocks, size: size)
    }
    tail = taken + tail
    for block in blocks[first...] { newBlocks.remove(block) }
    blocks.removeSubrange(first...)
    knownBlocks = blocks
  }

  private func newBlock() throws(Raised) -> Int {
    let block = try volume.allocate()
    newBlocks.insert(block)
    return block
  }

  private func writeFullBlocks() throws(Raised) {
    var blocks = try blocks()
    while tail.count > chain.capacity(blocks.count) {
      try writeBlock(&blocks, count: chain.capacity(blocks.count))
    }
  }

  private func writeBlock(_ blocks: inout [Int], count: Int) throws(Raised) {
    let block = if let spareBlock { spareBlock } else { try newBlock() }
    spareBlock = nil
    try chain.write(tail.prefix(count), into: block, after: blocks)
    tail.removeFirst(count)
    blocks.append(block)
    knownBlocks = blocks
  }

  /// Writes the bytes that are not on the device so far, and updates the directory.
  func flush() throws(Raised) {
    guard isChanged, !isDetached, !hasFailed else { return }
    do throws(Raised) { try store() } catch {
      hasFailed = true
      throw error
    }
    isChanged = false
  }

  private func store() throws(Raised) {
    var structure = LittlefsRecord(LittlefsRecord.Kind.inlineData, 0, tail)
    if !isInline {
      var blocks = try blocks()
      while !tail.isEmpty { try writeBlock(&blocks, count: min(tail.count, chain.capacity(blocks.count))) }
      head = blocks.last ?? 0
      structure = LittlefsRecord(
        LittlefsRecord.Kind.blockChain, 0, LittlefsNumber.bytes(head) + LittlefsNumber.bytes(size))
    }
    guard var place = try volume.find(name, in: directory), place.entry != nil else { return }
    var records = [structure]
    if keepsTime {
      let time = LittlefsNumber.bytes(time, count: 8)
      records.append(LittlefsRecord(LittlefsRecord.Kind.attribute | UInt16(Self.timeAttribute), 0, time))
    }
    for index in records.indices { records[index].identifier = place.identifier }
    try volume.commit(&place.metadata, records)
    newBlocks = []
    if let spareBlock { newBlocks.insert(spareBlock) }
    volume.checkpoint()
  }

  /// The number of MicroPython's attribute for the time of the last change.
  static let timeAttribute: UInt8 = 1

  func close() throws(Raised) {
    guard !isClosed else { return }
    isClosed = true
    defer {
      newBlocks = []
      volume.close(self)
    }
    try flush()
  }
}

/// A file of a littlefs as firmware reads and writes it.
final class LittlefsFileStream: NativeStream, ValueHolding {
  let isText: Bool
  private let file: LittlefsOpenFile

  init(_ file: LittlefsOpenFile, isText: Bool) {
    self.file = file
    self.isText = isText
  }

  deinit { if !file.isClosed { file.volume.drop(file) } }

  func visitValues(_ visit: (Value) -> Void) { file.volume.visitValues(visit) }

  private func requireOpen() throws(Raised) {
    if file.isClosed { throw file.volume.vm.error(.valueError, arguments: []) }
    file.volume.closeDroppedFiles()
  }

  func read(into buffer: UnsafeMutableRawBufferPointer, _ vm: Interpreter) throws(Raised) -> StreamResult {
    try requireOpen()
    return .done(try file.read(into: buffer))
  }

  func write(_ bytes: UnsafeRawBufferPointer, _ vm: Interpreter) throws(Raised) -> StreamResult {
    try requireOpen()
    try file.write(bytes)
    return .done(bytes.count)
  }

  func seek(to offset: Int, from origin: Int, _ vm: Interpreter) throws(Raised) -> StreamResult {
    try requireOpen()
    return .done(try file.seek(to: offset, from: origin))
  }

  func control(_ request: Int, _ argument: Int, _ vm: Interpreter) throws(Raised) -> StreamResult {
    switch request {
    case StreamRequest.flush:
      try requireOpen()
      try file.flush()
    case StreamRequest.close: try file.close()
    default: return .failed(.einval)
    }
    return .done(0)
  }
}
