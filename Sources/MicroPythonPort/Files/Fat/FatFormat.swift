import MicroPython

/// `VfsFat.mkfs`: an empty FAT12 or FAT16 volume over the whole of a device, without a partition table.
struct FatFormat {
  private let sectorSize: Int
  private let sectorCount: Int
  private let sectorsPerCluster: Int
  private let tableSectors: Int
  private static let rootEntryCount = 512

  /// Chooses the size of clusters as the board does: by the size of the volume, then the first that FAT12 or FAT16 can
  /// number.
  ///
  /// - Returns: nil for a volume that is too small, or so large that it would need FAT32.
  init?(sectorSize: Int, sectorCount: Int) {
    let rootSectors = Self.rootEntryCount * 32 / sectorSize
    let preferred = [1, 4, 16, 64, 256, 512].prefix { $0 <= sectorCount / 0x1000 }.count
    var sectorsPerCluster = 1 << preferred
    while sectorsPerCluster <= 64 {
      let clusters = sectorCount / sectorsPerCluster
      let isFAT16 = clusters > FatLayout.largestFAT12
      let bytes = isFAT16 ? clusters * 2 + 4 : (clusters * 3 + 1) / 2 + 3
      let tableSectors = (bytes + sectorSize - 1) / sectorSize
      let system = 1 + tableSectors + rootSectors
      guard sectorCount >= system + sectorsPerCluster * 16 else { return nil }
      let remaining = (sectorCount - system) / sectorsPerCluster
      let fits =
        isFAT16
        ? (FatLayout.largestFAT12 + 1...FatLayout.largestFAT16).contains(remaining)
        : remaining <= FatLayout.largestFAT12
      if fits {
        self.sectorSize = sectorSize
        self.sectorCount = sectorCount
        self.sectorsPerCluster = sectorsPerCluster
        self.tableSectors = tableSectors
        return
      }
      sectorsPerCluster *= 2
    }
    return nil
  }

  /// Writes it to the device.
  func write(to device: any BlockDevice, date: [Int]) throws(Raised) {
    try device.write(0, bootSector(serial: FatTime(date)))
    var table = [UInt8](repeating: 0, count: sectorSize)
    // The entries of the two clusters that there are not: the medium, and the end of a chain.
    table.replaceSubrange(0..<3, with: [0xf8, 0xff, 0xff])
    if isFAT16 { table[3] = 0xff }
    for sector in 0..<tableSectors {
      try device.write(1 + sector, table)
      table = [UInt8](repeating: 0, count: sectorSize)
    }
    for sector in 0..<Self.rootEntryCount * 32 / sectorSize {
      try device.write(1 + tableSectors + sector, table)
    }
    try device.sync()
  }

  private var isFAT16: Bool {
    (sectorCount - 1 - tableSectors - Self.rootEntryCount * 32 / sectorSize) / sectorsPerCluster
      > FatLayout.largestFAT12
  }

  private func bootSector(serial: FatTime) -> [UInt8] {
    var sector = [UInt8](repeating: 0, count: sectorSize)
    func set(_ offset: Int, _ bytes: some Collection<UInt8>) {
      sector.replaceSubrange(offset..<offset + bytes.count, with: bytes)
    }
    func set(_ offset: Int, _ number: Int, bytes count: Int) {
      set(offset, (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) })
    }
    set(0, [0xeb, 0xfe, 0x90] + Array("MSDOS5.0".utf8))
    set(11, sectorSize, bytes: 2)
    set(13, sectorsPerCluster, bytes: 1)
    set(14, 1, bytes: 2)
    set(16, 1, bytes: 1)
    set(17, Self.rootEntryCount, bytes: 2)
    if sectorCount < 0x10000 { set(19, sectorCount, bytes: 2) } else { set(32, sectorCount, bytes: 4) }
    set(21, 0xf8, bytes: 1)
    set(22, tableSectors, bytes: 2)
    set(24, 63, bytes: 2)
    set(26, 255, bytes: 2)
    set(36, 0x80, bytes: 1)
    set(38, 0x29, bytes: 1)
    set(39, serial.date << 16 | serial.time, bytes: 4)
    set(43, "NO NAME    FAT     ".utf8)
    set(510, 0xaa55, bytes: 2)
    return sector
  }
}
