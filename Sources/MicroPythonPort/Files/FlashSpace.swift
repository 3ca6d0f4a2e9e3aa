import Glibc

/// How much of the board's flash the firmware has written full.
///
/// The folder that stands for the flash may hold anything before; only what the firmware adds to it counts, in whole blocks,
/// from when the board is switched on: resets free nothing.
final class FlashSpace {
  static let blockSize = 512
  /// Entries of a directory that share a block, as in FAT.
  private static let entriesPerBlock = 16

  /// A file of the host, whatever its name.
  struct Identity: Hashable {
    let device: UInt64
    let number: UInt64

    init(_ status: stat) {
      device = UInt64(status.st_dev)
      number = UInt64(status.st_ino)
    }
  }

  private struct Usage {
    /// Bytes at its beginning that are not the firmware's.
    var foreign: Int
    var blocks = 0
    var openCount = 0
    var isRemoved = false
  }

  let blockCount: Int
  private var usages: [Identity: Usage] = [:]
  private var usedBlocks = 0
  private var entryCount = 0

  /// - Parameter size: bytes of the flash.
  init(size: Int) { blockCount = max(0, size / FlashSpace.blockSize) }

  var freeBlocks: Int { max(0, blockCount - usedBlocks - entryCount / FlashSpace.entriesPerBlock) }

  // MARK: Entries

  /// Whether there is room for one more file or directory.
  var hasRoomForEntry: Bool { freeBlocks > 0 }

  func addEntry() { entryCount += 1 }

  /// A new directory takes a block.
  func addDirectory(_ directory: Identity) {
    usages[directory] = Usage(foreign: 0, blocks: 1)
    usedBlocks += 1
  }

  /// A file or directory is gone, perhaps one that was there before.
  func removeEntry() { entryCount = max(0, entryCount - 1) }

  // MARK: Files

  /// A file is open for writing from now on, with so many bytes in it.
  func open(_ file: Identity, size: Int) {
    usages[file, default: Usage(foreign: size)].openCount += 1
    resize(file, to: size)
  }

  func close(_ file: Identity) {
    guard let usage = usages[file] else { return }
    usages[file]?.openCount = usage.openCount - 1
    if usage.openCount <= 1, usage.isRemoved { forget(file) }
  }

  /// A name of the file is gone. One that is open keeps its room until it is closed.
  func remove(_ file: Identity) {
    guard let usage = usages[file] else { return }
    usages[file]?.isRemoved = true
    if usage.openCount == 0 { forget(file) }
  }

  /// The board is reset: no file is open any more.
  func closeAll() {
    for (file, usage) in usages {
      usages[file]?.openCount = 0
      if usage.isRemoved { forget(file) }
    }
  }

  private func forget(_ file: Identity) {
    if let usage = usages.removeValue(forKey: file) { usedBlocks -= usage.blocks }
  }

  /// How long a file may become that has `size` bytes and is to have `wanted`; what it has is not taken from it.
  func room(for file: Identity, size: Int, wanted: Int) -> Int {
    guard let usage = usages[file] else { return size }
    let allowed = usage.foreign.addingReportingOverflow((usage.blocks + freeBlocks) * FlashSpace.blockSize)
    return max(size, allowed.overflow ? wanted : min(wanted, allowed.partialValue))
  }

  /// A file that is open has become this long.
  func resize(_ file: Identity, to size: Int) {
    guard var usage = usages[file] else { return }
    usage.foreign = min(usage.foreign, size)
    let blocks = (size - usage.foreign + FlashSpace.blockSize - 1) / FlashSpace.blockSize
    usedBlocks += blocks - usage.blocks
    usage.blocks = blocks
    usages[file] = usage
  }
}
