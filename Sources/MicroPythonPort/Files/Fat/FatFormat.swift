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
    // The entries of the two clusters that do not exist: the medium, and the end of a chain.
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
    var sector = FatSector(bootOf: sectorSize, sectorsPerCluster: sectorsPerCluster, reservedSectors: 1)
    sector.set(17, Self.rootEntryCount, bytes: 2)
    if sectorCount < 0x10000 {
      sector.set(19, sectorCount, bytes: 2)
    } else {
      sector.set(32, sectorCount, bytes: 4)
    }
    sector.set(22, tableSectors, bytes: 2)
    sector.setIdentity(36, serial: serial, kind: "FAT     ")
    return sector.bytes
  }
}
