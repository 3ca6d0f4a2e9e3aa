import MicroPython

/// `VfsFat.mkfs` of a device that is too large for FAT16: an empty FAT32 volume over the whole of it.
struct FatFormat32 {
  private static let reservedSectors = 32
  private let sectorSize: Int
  private let sectorCount: Int
  private let sectorsPerCluster: Int
  private let tableSectors: Int
  private let clusterCount: Int

  /// Chooses the size of clusters as the board does: by the size of the volume, then smaller ones as long as there are too few.
  ///
  /// - Returns: nil where FAT32 does not do.
  init?(sectorSize: Int, sectorCount: Int) {
    let preferred = [1, 2, 4, 8, 16, 32].prefix { $0 <= sectorCount / 0x20000 }.count
    var sectorsPerCluster = 1 << preferred
    while sectorsPerCluster >= 1 {
      let tableBytes = sectorCount / sectorsPerCluster * 4 + 8
      let tableSectors = (tableBytes + sectorSize - 1) / sectorSize
      let clusterCount = (sectorCount - Self.reservedSectors - tableSectors) / sectorsPerCluster
      if clusterCount > FatLayout.largestFAT32 { return nil }
      if clusterCount > FatLayout.largestFAT16 {
        self.sectorSize = sectorSize
        self.sectorCount = sectorCount
        self.sectorsPerCluster = sectorsPerCluster
        self.tableSectors = tableSectors
        self.clusterCount = clusterCount
        return
      }
      sectorsPerCluster /= 2
    }
    return nil
  }

  /// Writes it to the device: boot sector and information sector twice, the table, and the root's only
  /// cluster.
  func write(to device: any BlockDevice, date: [Int]) throws(Raised) {
    let boot = bootSector(serial: FatTime(date))
    for copy in [0, 6] {
      try device.write(copy, boot)
      try device.write(copy + 1, information)
    }
    var table = [UInt8](repeating: 0, count: sectorSize)
    // The entries of the two clusters that do not exist, and the end of the root's chain.
    table.replaceSubrange(
      0..<12, with: [0xf8, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f])
    for sector in 0..<tableSectors {
      try device.write(Self.reservedSectors + sector, table)
      if sector == 0 { table = [UInt8](repeating: 0, count: sectorSize) }
    }
    for sector in 0..<sectorsPerCluster {
      try device.write(Self.reservedSectors + tableSectors + sector, table)
    }
    try device.sync()
  }

  private func bootSector(serial: FatTime) -> [UInt8] {
    var sector = FatSector(
      bootOf: sectorSize, sectorsPerCluster: sectorsPerCluster, reservedSectors: Self.reservedSectors)
    sector.set(32, sectorCount, bytes: 4)
    sector.set(36, tableSectors, bytes: 4)
    // The root's first cluster, the sector of `information`, the copy of this one.
    sector.set(44, 2, bytes: 4)
    sector.set(48, 1, bytes: 2)
    sector.set(50, 6, bytes: 2)
    sector.setIdentity(64, serial: serial, kind: "FAT32   ")
    return sector.bytes
  }

  /// How many clusters are free, and which was taken last.
  private var information: [UInt8] {
    var sector = FatSector(size: sectorSize)
    sector.set(0, 0x4161_5252, bytes: 4)
    sector.set(484, 0x6141_7272, bytes: 4)
    sector.set(488, clusterCount - 1, bytes: 4)
    sector.set(492, 2, bytes: 4)
    return sector.bytes
  }
}
