import Glibc
import Machine
import MicroPython

/// Contents of the SD card in the board's socket.
public enum Card {
  /// The files of a folder of the host, which firmware can change. Such a card has no blocks that could be read.
  case folder(String)
  /// The blocks of a card, a file of the host.
  case image(CardImage)

  /// A folder, or the image of a card; an image that is not there is made, with an empty file system.
  public init(path: String) throws(FlashError) {
    self = isFolder(path) ? .folder(path) : .image(try CardImage(path: path))
  }

  /// Whether a card's path and a flash's name one file or folder, which cannot be both.
  public static func isSame(_ path: String, asFlash flash: String) -> Bool { ImageFile.isSame(path, flash) }

  var storage: any BlockStorage {
    switch self {
    case .folder(let folder): FolderCard(folder: folder)
    case .image(let image): image
    }
  }
}

/// The contents of an SD card as a file of the host, which is read and written block by block.
public final class CardImage: BlockStorage {
  /// Of a card that is made, 64 MiB.
  private static let newBlockCount = 0x20000

  public let blockCount: Int
  private let descriptor: Int32
  /// Whether it was made just now.
  private(set) var isNew: Bool

  /// - Throws: `FlashError` for what cannot be read and written, or is no whole number of blocks.
  public init(path: String) throws(FlashError) {
    let file = try ImageFile(path: path)
    descriptor = file.descriptor
    isNew = file.size == 0
    if isNew, ftruncate(descriptor, Self.newBlockCount * Self.blockSize) != 0 {
      throw FlashError(path: path, reason: String(cString: strerror(errno)))
    }
    let size = isNew ? Self.newBlockCount * Self.blockSize : file.size
    guard size.isMultiple(of: Self.blockSize) else {
      throw FlashError(path: path, reason: "no image of an SD card: its size is no multiple of 512 bytes")
    }
    blockCount = size / Self.blockSize
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  public func readBlock(_ block: Int) -> [UInt8]? {
    guard (0..<blockCount).contains(block) else { return nil }
    var bytes = [UInt8](repeating: 0, count: Self.blockSize)
    return pread(descriptor, &bytes, Self.blockSize, block * Self.blockSize) == Self.blockSize ? bytes : nil
  }

  public func writeBlock(_ block: Int, _ bytes: [UInt8]) -> Bool {
    guard (0..<blockCount).contains(block) else { return false }
    return pwrite(descriptor, bytes, Self.blockSize, block * Self.blockSize) == Self.blockSize
  }

  func isFormatted() { isNew = false }
}

/// A card whose files are those of a folder.
final class FolderCard: BlockStorage {
  /// Bytes that firmware may write.
  static let size = 64 << 20
  let folder: String

  init(folder: String) { self.folder = folder }

  var blockCount: Int { Self.size / Self.blockSize }
  func readBlock(_ block: Int) -> [UInt8]? { nil }
  func writeBlock(_ block: Int, _ bytes: [UInt8]) -> Bool { false }
}

/// The card in a board's socket as the device below a FAT volume.
final class CardDevice: BlockDevice {
  let sectorSize = 512
  var isReadOnly = false
  private let slot: SDCardSlot
  private unowned let vm: Interpreter

  init(_ slot: SDCardSlot, _ vm: Interpreter) {
    self.slot = slot
    self.vm = vm
  }

  func visitValues(_ visit: (Value) -> Void) {}
  func start() throws(Raised) {
    guard slot.turnOn() else { throw vm.osError(FatError.notReady) }
  }
  func sectorCount() throws(Raised) -> Int { slot.card?.blockCount ?? 0 }
  func sync() throws(Raised) {}

  func read(_ sector: Int) throws(Raised) -> [UInt8] {
    guard let bytes = slot.read(sector) else { throw vm.osError(FatError.device) }
    return bytes
  }

  func write(_ sector: Int, _ bytes: [UInt8]) throws(Raised) {
    guard slot.write(sector, bytes) else { throw vm.osError(FatError.device) }
  }
}
