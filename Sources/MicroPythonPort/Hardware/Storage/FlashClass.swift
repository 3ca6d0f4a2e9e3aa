import Machine
import MicroPython

/// A `Flash` object: all of the board's flash for files behind a table of partitions, or a part of it.
final class FlashArea {
  /// The first block of the only partition; those before it are the table and nothing.
  static let partitionStart = 256

  /// The bytes of a part; nil for all.
  let part: Range<Int>?
  private let image: FlashImage

  init(_ part: Range<Int>?, of image: FlashImage) {
    self.part = part
    self.image = image
  }

  /// Blocks of 512 bytes.
  var blockCount: Int {
    if let part { return part.count / FlashImage.sectorSize }
    return Self.partitionStart + image.count
  }

  /// The block of the flash that a block of this is; negative for one before the partition.
  private func inner(_ block: Int) -> Int {
    if let part { return block &+ part.lowerBound / FlashImage.sectorSize }
    return block &- Self.partitionStart
  }

  func read(_ block: Int) -> [UInt8]? {
    let inner = inner(block)
    if part == nil, block >= 0, inner < 0 { return block == 0 ? table : [UInt8](repeating: 0, count: 512) }
    return image.read(sector: inner)
  }

  /// The table of partitions cannot be written; a write to it is ignored without an error.
  func write(_ block: Int, _ bytes: [UInt8]) -> Bool {
    let inner = inner(block)
    if part == nil, block >= 0, inner < 0 { return true }
    return image.write(bytes, toSector: inner)
  }

  /// Returns the range of `count` bytes from `offset` into a block; nil outside of the flash.
  func bytes(_ block: Int, _ offset: Int, count: Int) -> Range<Int>? {
    guard let part, (0..<blockCount).contains(block), offset >= 0, count >= 0 else { return nil }
    let start = part.lowerBound + block * FlashImage.sectorSize
    let room = image.sectors.count - start
    guard offset <= room, count <= room - offset else { return nil }
    return start + offset..<start + offset + count
  }

  func read(_ range: Range<Int>) -> ArraySlice<UInt8> { image.sectors[range] }
  func write(_ bytes: [UInt8], to range: Range<Int>) -> Bool { image.write(bytes, at: range.lowerBound) }

  /// A master boot record with one partition of type FAT12.
  private var table: [UInt8] {
    var table = FatSector(size: FlashImage.sectorSize)
    table.set(450, [1, 0xff, 0xff, 0xff])
    table.set(454, Self.partitionStart, bytes: 4)
    table.set(458, image.count, bytes: 4)
    return table.bytes
  }
}

/// `pyb.Flash` (ports/stm32/storage.c).
enum FlashClass: HardwareClass {
  static let name = "Flash"
  static let modules = [HardwareModule.pyb]

  static func define(_ type: PythonClassBuilder<Hardware, FlashArea>) {
    let objects = type.objects
    type.make(rules: .named, .keyword("start", .int, default: -1), .keyword("len", .int, default: -1)) {
      call, start, count -> Value in
      let image = call.host.flash
      if start == -1, count == -1 { return objects.shared(for: image) { FlashArea(nil, of: image) } }
      let size = image.sectors.count
      let first = start == -1 ? 0 : start
      let length = count == -1 ? size - first : count
      guard (0..<size).contains(first), first % 512 == 0, length > 0, first + length <= size,
        length % 512 == 0
      else { throw call.vm.error(.valueError, arguments: []) }
      return objects.make(FlashArea(first..<first + length, of: image))
    }
    type.print { flash in
      flash.part.map { "Flash(start=\($0.lowerBound), len=\($0.count))" } ?? "Flash()"
    }
    type.method(
      "readblocks", .required("block", .int), .required("buffer", .writableBuffer), .optional("offset", .int)
    ) { flash, block, buffer, offset -> Int in
      guard let offset else { return BlockTransfer.read(into: buffer, block, flash.read) ? 0 : ioError }
      guard flash.part != nil else { return ioError }
      guard let range = flash.bytes(block, offset, count: buffer.byteCount) else { return badAddress }
      buffer.mutableBytes.copyBytes(from: flash.read(range))
      return 0
    }
    type.method(
      "writeblocks", .required("block", .int), .required("buffer", .buffer), .optional("offset", .int)
    ) { flash, block, buffer, offset -> Int in
      let bytes = Array(buffer.bytes)
      guard let offset else { return BlockTransfer.write(bytes, block, flash.write) ? 0 : ioError }
      guard flash.part != nil else { return ioError }
      guard let range = flash.bytes(block, offset, count: bytes.count) else { return badAddress }
      return flash.write(bytes, to: range) ? 0 : ioError
    }
    type.method("ioctl", .required("request", .int), .required("argument", .int)) {
      flash, request, argument -> Int? in
      switch BlockRequest(rawValue: request) {
      // The extended protocol, with offsets in blocks, is for parts.
      case .initialize: argument == 1 && flash.part == nil ? -1 : 0
      case .shutDown, .sync, .erase: 0
      case .blockCount: flash.blockCount
      case .blockSize: 512
      case nil: nil
      }
    }
  }

  private static let ioError = -OSErrorNumber.ioError.number
  /// `EFAULT`
  private static let badAddress = -14
}
