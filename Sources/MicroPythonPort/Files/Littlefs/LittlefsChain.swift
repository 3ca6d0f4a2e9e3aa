import MicroPython

/// The blocks of a file, of which each refers to some before it (littlefs SPEC.md, "CTZ skip-lists"): block n to those 1, 2, 4 … before it,
/// as many as n can be halved, and one more.
struct LittlefsChain {
  private let volume: LittlefsVolume
  private var blockSize: Int { volume.blockSize }

  init(_ volume: LittlefsVolume) { self.volume = volume }

  /// Bytes in front of a block's contents.
  private static func pointerBytes(_ index: Int) -> Int {
    index == 0 ? 0 : 4 * (index.trailingZeroBitCount + 1)
  }

  /// Returns the offset in the file of a block's contents.
  func start(_ index: Int) -> Int {
    guard index > 0 else { return 0 }
    return (blockSize - 8) * index + 4 * index.nonzeroBitCount + Self.pointerBytes(index)
  }

  /// Bytes of contents in a block.
  func capacity(_ index: Int) -> Int { blockSize - Self.pointerBytes(index) }

  /// The block that holds a position.
  func index(_ position: Int) -> Int {
    var index = position / (blockSize - 8)
    while index > 0, start(index) > position { index -= 1 }
    return index
  }

  /// All blocks of a file in their order, found from the last one backwards.
  /// - Throws: `OSError` `EILSEQ` where a pointer leads nowhere.
  func blocks(head: Int, size: Int) throws(Raised) -> [Int] {
    guard size > 0 else { return [] }
    guard size <= volume.blockCount * blockSize else { throw volume.error(LittlefsError.corrupt) }
    var blocks = [head]
    for _ in 0..<index(size - 1) {
      blocks.append(LittlefsNumber.read(try volume.read(blocks[blocks.count - 1], at: 0, count: 4)))
    }
    for block in blocks where !(0..<volume.blockCount).contains(block) {
      throw volume.error(LittlefsError.corrupt)
    }
    return blocks.reversed()
  }

  /// Reads from one block as much as it has of what is wanted.
  func read(_ position: Int, count: Int, of blocks: [Int], size: Int) throws(Raised) -> [UInt8] {
    let index = index(position)
    let offset = position - start(index)
    let available = min(count, capacity(index) - offset, size - position)
    return try volume.read(blocks[index], at: Self.pointerBytes(index) + offset, count: available)
  }

  /// Writes the next block of a file.
  func write(_ contents: some Collection<UInt8>, into block: Int, after blocks: [Int]) throws(Raised) {
    let index = blocks.count
    var bytes: [UInt8] = []
    if index > 0 {
      for power in 0...index.trailingZeroBitCount {
        bytes += LittlefsNumber.bytes(blocks[index - 1 << power])
      }
    }
    try volume.device.erase(block)
    try volume.program(block, at: 0, bytes + contents)
  }
}
