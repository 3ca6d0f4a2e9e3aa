/// A sector that describes a volume, as it is put together: numbers with the lowest byte first.
struct FatSector {
  private(set) var bytes: [UInt8]

  /// All zeros but for the mark at its end.
  init(size: Int) {
    bytes = [UInt8](repeating: 0, count: size)
    set(510, 0xaa55, bytes: 2)
  }

  /// Creates a boot sector with the fields that all kinds of FAT have in common.
  init(bootOf sectorSize: Int, sectorsPerCluster: Int, reservedSectors: Int) {
    self.init(size: sectorSize)
    set(0, [0xeb, 0xfe, 0x90] + Array("MSDOS5.0".utf8))
    set(11, sectorSize, bytes: 2)
    set(13, sectorsPerCluster, bytes: 1)
    set(14, reservedSectors, bytes: 2)
    set(16, 1, bytes: 1)
    set(21, 0xf8, bytes: 1)
    set(24, 63, bytes: 2)
    set(26, 255, bytes: 2)
  }

  mutating func set(_ offset: Int, _ contents: some Collection<UInt8>) {
    bytes.replaceSubrange(offset..<offset + contents.count, with: contents)
  }

  mutating func set(_ offset: Int, _ number: Int, bytes count: Int) {
    set(offset, (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) })
  }

  /// The drive, the serial number, which is the time, and the names of the volume and its kind.
  mutating func setIdentity(_ offset: Int, serial: FatTime, kind: String) {
    set(offset, 0x80, bytes: 1)
    set(offset + 2, 0x29, bytes: 1)
    set(offset + 3, serial.date << 16 | serial.time, bytes: 4)
    set(offset + 7, "NO NAME    \(kind)".utf8)
  }
}
