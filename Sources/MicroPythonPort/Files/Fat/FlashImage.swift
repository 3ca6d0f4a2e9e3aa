import Glibc
import MicroPython
import Timebase

/// The contents of a board's flash: sectors in memory, and in a file of the host if there is one. They outlive resets.
public final class FlashImage {
  static let sectorSize = 512
  /// A Pyboard's 112 KiB for files.
  private static let sectorCount = 224
  /// Bytes of the largest image: all of it is kept in memory.
  private static let largestSize = longestSource

  private(set) var sectors: [UInt8]
  /// The host's file; -1 for none, or once it could not be written.
  private var descriptor: Int32 = -1
  /// Whether nothing was ever written to it.
  let isNew: Bool

  /// Flash that is forgotten with the board.
  public init() {
    sectors = [UInt8](repeating: 0xff, count: Self.sectorCount * Self.sectorSize)
    isNew = true
  }

  /// Flash that is a file of the host; one that is not there is made.
  /// - Throws: `FlashError` for what cannot be read and written, is too large, or is no whole number of sectors.
  public init(path: String) throws(FlashError) {
    let file = try ImageFile(path: path)
    descriptor = file.descriptor
    guard file.size <= Self.largestSize else {
      throw FlashError(
        path: path, reason: "larger than a board's flash can be, \(Self.largestSize >> 20) MiB")
    }
    guard let contents = HostDescriptor.readToEnd(descriptor, limit: longestSource) else {
      throw FlashError(path: path, reason: String(cString: strerror(errno)))
    }
    guard contents.count.isMultiple(of: Self.sectorSize) else {
      throw FlashError(path: path, reason: "no image of a file system: its size is no multiple of 512 bytes")
    }
    isNew = contents.isEmpty
    sectors = contents
    let missing = Self.sectorCount * Self.sectorSize - contents.count
    guard missing > 0 else { return }
    // All of the flash is in the file, so that what is written in a later run finds room.
    let erased = [UInt8](repeating: 0xff, count: missing)
    sectors += erased
    guard pwrite(descriptor, erased, missing, contents.count) == missing else {
      throw FlashError(path: path, reason: String(cString: strerror(errno)))
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  var count: Int { sectors.count / Self.sectorSize }

  /// - Returns: nil for a sector that it does not have.
  func read(sector: Int) -> [UInt8]? {
    guard (0..<count).contains(sector) else { return nil }
    return Array(sectors[sector * Self.sectorSize..<(sector + 1) * Self.sectorSize])
  }

  /// - Returns: whether it has that sector, and could be written.
  func write(_ bytes: [UInt8], toSector sector: Int) -> Bool {
    (0..<count).contains(sector) && write(bytes, at: sector * Self.sectorSize)
  }

  /// - Returns: whether it could be written.
  func write(_ bytes: [UInt8], at offset: Int) -> Bool {
    sectors.replaceSubrange(offset..<offset + bytes.count, with: bytes)
    return descriptor < 0 || pwrite(descriptor, bytes, bytes.count, offset) == bytes.count
  }
}

/// The given file or folder cannot be the board's flash.
public struct FlashError: Error, CustomStringConvertible {
  public let path: String
  public let reason: String
  public var description: String { "\(path): \(reason)" }
}

/// A flash image as the device below a FAT volume.
final class FlashDevice: BlockDevice {
  let sectorSize = FlashImage.sectorSize
  var isReadOnly = false
  private let image: FlashImage
  private unowned let vm: Interpreter

  init(_ image: FlashImage, _ vm: Interpreter) {
    self.image = image
    self.vm = vm
  }

  func visitValues(_ visit: (Value) -> Void) {}
  func start() throws(Raised) {}
  func sectorCount() throws(Raised) -> Int { image.count }
  func sync() throws(Raised) {}

  func read(_ sector: Int) throws(Raised) -> [UInt8] {
    guard let bytes = image.read(sector: sector) else { throw vm.osError(FatError.device) }
    return bytes
  }

  func write(_ sector: Int, _ bytes: [UInt8]) throws(Raised) {
    guard image.write(bytes, toSector: sector) else { throw vm.osError(FatError.device) }
  }
}
