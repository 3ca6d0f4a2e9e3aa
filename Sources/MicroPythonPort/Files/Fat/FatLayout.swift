/// The positions of a FAT volume's parts, in sectors from the start of the device.
struct FatLayout {
  /// How wide the entries of the table are, which the number of clusters decides.
  enum Kind {
    case fat12
    case fat16
    case fat32
  }

  let sectorSize: Int
  let sectorsPerCluster: Int
  let tableStart: Int
  let tableSectors: Int
  let tableCount: Int
  let rootStart: Int
  let rootEntryCount: Int
  /// The first cluster of the root's chain on a FAT32 volume; 0 on others, whose root has its own sectors.
  let rootCluster: Int
  /// The sector that holds the number of free clusters; nil where there is none.
  let informationSector: Int?
  let dataStart: Int
  let clusterCount: Int

  static let largestFAT12 = 0xff5
  static let largestFAT16 = 0xfff5
  static let largestFAT32 = 0x0fff_fff5

  var kind: Kind {
    clusterCount > Self.largestFAT16 ? .fat32 : clusterCount > Self.largestFAT12 ? .fat16 : .fat12
  }
  /// Clusters are numbered from 2; this is the number behind the last one.
  var clusterLimit: Int { clusterCount + 2 }
  var bytesPerCluster: Int { sectorsPerCluster * sectorSize }
  func firstSector(ofCluster cluster: Int) -> Int { dataStart + (cluster - 2) * sectorsPerCluster }

  /// Reads a boot sector; nil when it is not that of a FAT volume.
  init?(bootSector: [UInt8], at start: Int) {
    func word(_ offset: Int) -> Int { Int(bootSector[offset]) | Int(bootSector[offset + 1]) << 8 }
    func double(_ offset: Int) -> Int { word(offset) | word(offset + 2) << 16 }
    guard bootSector.count >= 512, word(510) == 0xaa55, [0xeb, 0xe9, 0xe8].contains(bootSector[0]),
      word(11) == bootSector.count
    else { return nil }
    sectorSize = bootSector.count
    sectorsPerCluster = Int(bootSector[13])
    tableCount = Int(bootSector[16])
    rootEntryCount = word(17)
    tableSectors = word(22) != 0 ? word(22) : double(36)
    let reserved = word(14)
    let total = word(19) != 0 ? word(19) : double(32)
    guard sectorsPerCluster != 0, sectorsPerCluster & (sectorsPerCluster - 1) == 0, reserved != 0,
      (1...2).contains(tableCount), tableSectors != 0, rootEntryCount % (sectorSize / 32) == 0
    else { return nil }
    let system = reserved + tableSectors * tableCount + rootEntryCount * 32 / sectorSize
    guard total > system else { return nil }
    clusterCount = (total - system) / sectorsPerCluster
    tableStart = start + reserved
    rootStart = tableStart + tableSectors * tableCount
    dataStart = start + system
    let isFAT32 = clusterCount > Self.largestFAT16
    rootCluster = isFAT32 ? double(44) : 0
    informationSector = isFAT32 && word(48) == 1 ? start + 1 : nil
    let tableBytes =
      isFAT32
      ? (clusterCount + 2) * 4
      : clusterCount > Self.largestFAT12 ? (clusterCount + 2) * 2 : ((clusterCount + 2) * 3 + 1) / 2
    guard clusterCount > 0, clusterCount <= Self.largestFAT32, tableBytes <= tableSectors * sectorSize,
      isFAT32 == (rootEntryCount == 0),
      !isFAT32 || (word(42) == 0 && (2..<clusterCount + 2).contains(rootCluster))
    else { return nil }
  }
}
