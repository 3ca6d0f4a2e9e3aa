/// Where the parts of a FAT12 or FAT16 volume are, in sectors from the start of the device.
struct FatLayout {
  let sectorSize: Int
  let sectorsPerCluster: Int
  let tableStart: Int
  let tableSectors: Int
  let tableCount: Int
  let rootStart: Int
  let rootEntryCount: Int
  let dataStart: Int
  let clusterCount: Int

  static let largestFAT12 = 0xff5
  static let largestFAT16 = 0xfff5

  var isFAT16: Bool { clusterCount > Self.largestFAT12 }
  /// Clusters are numbered from 2; this is the number behind the last one.
  var clusterLimit: Int { clusterCount + 2 }
  var bytesPerCluster: Int { sectorsPerCluster * sectorSize }
  func firstSector(ofCluster cluster: Int) -> Int { dataStart + (cluster - 2) * sectorsPerCluster }

  /// What a boot sector says; nil when it is not that of a FAT volume, or of one with 32-bit clusters.
  init?(bootSector: [UInt8], at start: Int) {
    func word(_ offset: Int) -> Int { Int(bootSector[offset]) | Int(bootSector[offset + 1]) << 8 }
    guard bootSector.count >= 512, word(510) == 0xaa55, [0xeb, 0xe9, 0xe8].contains(bootSector[0]),
      word(11) == bootSector.count
    else { return nil }
    sectorSize = bootSector.count
    sectorsPerCluster = Int(bootSector[13])
    tableCount = Int(bootSector[16])
    rootEntryCount = word(17)
    tableSectors = word(22)
    let reserved = word(14)
    let total = word(19) != 0 ? word(19) : word(32) | word(34) << 16
    guard sectorsPerCluster != 0, sectorsPerCluster & (sectorsPerCluster - 1) == 0, reserved != 0,
      (1...2).contains(tableCount), tableSectors != 0, rootEntryCount != 0,
      rootEntryCount % (sectorSize / 32) == 0
    else { return nil }
    let system = reserved + tableSectors * tableCount + rootEntryCount * 32 / sectorSize
    guard total > system else { return nil }
    clusterCount = (total - system) / sectorsPerCluster
    tableStart = start + reserved
    rootStart = tableStart + tableSectors * tableCount
    dataStart = start + system
    let tableBytes =
      clusterCount > Self.largestFAT12 ? (clusterCount + 2) * 2 : ((clusterCount + 2) * 3 + 1) / 2
    guard clusterCount > 0, clusterCount <= Self.largestFAT16, tableBytes <= tableSectors * sectorSize
    else { return nil }
  }
}
