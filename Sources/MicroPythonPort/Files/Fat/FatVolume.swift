import MicroPython

/// A FAT volume on a block device: its table of clusters, and the one sector that is kept in
/// memory, as on the board.
final class FatVolume: ValueHolding {
  unowned let vm: Interpreter
  let device: any BlockDevice
  /// The board's date and time, as `time.localtime` gives them.
  let now: () -> [Int]
  private var knownLayout: FatLayout?

  private var window: [UInt8] = []
  private var windowSector = -1
  private var isWindowChanged = false

  /// The cluster at which the search for free clusters goes on.
  private var lastCluster = 1
  /// Nil until they were counted.
  private var freeCount: Int?
  /// Whether the volume's information sector is out of date.
  private var isFreeCountChanged = false
  /// Files that were dropped without being closed, to be closed when the volume is used the next time: a collection cannot
  /// call the device.
  private var droppedFiles: [FatOpenFile] = []

  init(_ device: any BlockDevice, _ vm: Interpreter, now: @escaping () -> [Int]) {
    self.vm = vm
    self.now = now
    self.device = device
  }

  func visitValues(_ visit: (Value) -> Void) { device.visitValues(visit) }

  // MARK: Finding it

  /// Whether there is a file system on the device; looks if none was found so far.
  func find() throws(Raised) -> Bool {
    guard knownLayout == nil else { return true }
    forgetWindow()
    freeCount = nil
    isFreeCountChanged = false
    lastCluster = 1
    try device.start()
    var sector = try bytes(ofSector: 0)
    knownLayout = FatLayout(bootSector: sector, at: 0)
    guard knownLayout == nil, sector[510] == 0x55, sector[511] == 0xaa else { return knownLayout != nil }
    // A partition table: four entries of 16 bytes, the first sector at byte 8 of each.
    for entry in stride(from: 446, to: 510, by: 16) where knownLayout == nil && sector[entry + 4] != 0 {
      let start = sector[(entry + 8)..<(entry + 12)].reversed().reduce(0) { $0 << 8 | Int($1) }
      if start > 0 { knownLayout = FatLayout(bootSector: try bytes(ofSector: start), at: start) }
      sector = try bytes(ofSector: 0)
    }
    return knownLayout != nil
  }

  /// - Throws: `OSError` when there is no file system.
  func layout() throws(Raised) -> FatLayout {
    guard try find(), let knownLayout else { throw vm.osError(FatError.noFileSystem) }
    closeDroppedFiles()
    return knownLayout
  }

  /// The layout, for something that writes.
  func writableLayout() throws(Raised) -> FatLayout {
    let layout = try layout()
    if device.isReadOnly { throw vm.osError(FatError.readOnly) }
    return layout
  }

  /// The file system was made anew.
  func forget() {
    knownLayout = nil
    forgetWindow()
  }

  func drop(_ file: FatOpenFile) { droppedFiles.append(file) }

  private func closeDroppedFiles() {
    while let file = droppedFiles.popLast() {
      // Errors are dropped: nobody is left to report them to.
      do throws(Raised) { try file.flush() } catch { continue }
    }
  }

  // MARK: Sectors

  private func forgetWindow() {
    windowSector = -1
    isWindowChanged = false
  }

  private func show(_ sector: Int) throws(Raised) {
    guard sector != windowSector else { return }
    try writeWindow()
    windowSector = -1
    window = try device.read(sector)
    windowSector = sector
  }

  private func writeWindow() throws(Raised) {
    guard isWindowChanged else { return }
    isWindowChanged = false
    try device.write(windowSector, window)
    if let layout = knownLayout, layout.tableCount == 2,
      (layout.tableStart..<layout.tableStart + layout.tableSectors).contains(windowSector)
    {
      try device.write(windowSector + layout.tableSectors, window)
    }
  }

  func bytes(ofSector sector: Int) throws(Raised) -> [UInt8] {
    try show(sector)
    return window
  }

  func read(_ range: Range<Int>, ofSector sector: Int) throws(Raised) -> ArraySlice<UInt8> {
    try show(sector)
    return window[range]
  }

  /// Changes bytes of a sector, which is written when another one is needed or at `sync`.
  func write(_ bytes: some Collection<UInt8>, at offset: Int, ofSector sector: Int) throws(Raised) {
    try show(sector)
    window.replaceSubrange(offset..<offset + bytes.count, with: bytes)
    isWindowChanged = true
  }

  /// Replaces a whole sector without reading it first.
  func replace(sector: Int, with bytes: [UInt8]) throws(Raised) {
    if sector != windowSector { try writeWindow() }
    windowSector = sector
    window = bytes
    isWindowChanged = true
  }

  func sync() throws(Raised) {
    try writeInformation()
    try writeWindow()
    try device.sync()
  }

  // MARK: Clusters

  /// Returns the table's entry: 0 for a free cluster, the number of the next one, or at the end a value that
  /// is no cluster's number.
  func next(after cluster: Int) throws(Raised) -> Int {
    let layout = try layout()
    guard (2..<layout.clusterLimit).contains(cluster) else { throw vm.osError(FatError.device) }
    switch layout.kind {
    case .fat32: return try tableNumber(cluster * 4, bytes: 4, layout) & 0x0fff_ffff
    case .fat16: return try tableNumber(cluster * 2, bytes: 2, layout)
    case .fat12: break
    }
    let offset = cluster + cluster / 2
    let pair = Int(try tableByte(offset, layout)) | Int(try tableByte(offset + 1, layout)) << 8
    return cluster.isMultiple(of: 2) ? pair & 0xfff : pair >> 4
  }

  /// An entry that does not reach beyond a sector.
  private func tableNumber(_ offset: Int, bytes count: Int, _ layout: FatLayout) throws(Raised) -> Int {
    let place = offset % layout.sectorSize
    let bytes = try read(
      place..<place + count, ofSector: layout.tableStart + offset / layout.sectorSize)
    return bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  private func tableByte(_ offset: Int, _ layout: FatLayout) throws(Raised) -> UInt8 {
    let place = offset % layout.sectorSize
    return try read(place..<place + 1, ofSector: layout.tableStart + offset / layout.sectorSize).first ?? 0
  }

  private func setNext(after cluster: Int, to next: Int, _ layout: FatLayout) throws(Raised) {
    func set(_ offset: Int, _ byte: Int) throws(Raised) {
      try write(
        [UInt8(truncatingIfNeeded: byte)], at: offset % layout.sectorSize,
        ofSector: layout.tableStart + offset / layout.sectorSize)
    }
    switch layout.kind {
    case .fat32:
      // The upper four bits are not the cluster's.
      let kept = try tableNumber(cluster * 4, bytes: 4, layout) & 0xf000_0000
      for byte in 0..<4 { try set(cluster * 4 + byte, (kept | next & 0x0fff_ffff) >> (8 * byte)) }
      return
    case .fat16:
      try set(cluster * 2, next)
      return try set(cluster * 2 + 1, next >> 8)
    case .fat12: break
    }
    let offset = cluster + cluster / 2
    if cluster.isMultiple(of: 2) {
      let kept = Int(try tableByte(offset + 1, layout)) & 0xf0
      try set(offset, next)
      try set(offset + 1, kept | next >> 8 & 0x0f)
    } else {
      let kept = Int(try tableByte(offset, layout)) & 0x0f
      try set(offset, kept | next << 4 & 0xf0)
      try set(offset + 1, next >> 4)
    }
  }

  /// Takes a free cluster, as the end of a chain; nil when the volume is full.
  func allocate(after previous: Int?) throws(Raised) -> Int? {
    let layout = try layout()
    if layout.kind == .fat32, freeCount == nil { _ = try freeClusterCount() }
    if freeCount == 0 { return nil }
    let start = previous ?? lastCluster
    var cluster = start
    repeat {
      cluster += 1
      if cluster >= layout.clusterLimit { cluster = 2 }
      if try next(after: cluster) == 0 {
        try setNext(after: cluster, to: 0x0fff_ffff, layout)
        if let previous { try setNext(after: previous, to: cluster, layout) }
        lastCluster = cluster
        freeCount = freeCount.map { $0 - 1 }
        isFreeCountChanged = true
        return cluster
      }
    } while cluster != start && !(start < 2 && cluster == layout.clusterLimit - 1)
    return nil
  }

  /// Frees a chain.
  func free(chainFrom first: Int) throws(Raised) {
    let layout = try layout()
    var cluster = first
    while (2..<layout.clusterLimit).contains(cluster) {
      let following = try next(after: cluster)
      if following == 0 { return }
      try setNext(after: cluster, to: 0, layout)
      freeCount = freeCount.map { $0 + 1 }
      isFreeCountChanged = true
      cluster = following
    }
  }

  func freeClusterCount() throws(Raised) -> Int {
    if let freeCount { return freeCount }
    let layout = try layout()
    if let count = try storedFreeCount(layout) {
      freeCount = count
      return count
    }
    var count = 0
    for cluster in 2..<layout.clusterLimit where try next(after: cluster) == 0 { count += 1 }
    freeCount = count
    return count
  }

  // MARK: Free clusters recorded on a FAT32 volume

  private static let informationSignature: [UInt8] = [0x72, 0x72, 0x41, 0x61]

  /// Reads the number of free clusters, if the volume has it; and where the search for one begins.
  private func storedFreeCount(_ layout: FatLayout) throws(Raised) -> Int? {
    guard let sector = layout.informationSector else { return nil }
    let bytes = try bytes(ofSector: sector)
    func number(_ offset: Int) -> Int {
      bytes[offset..<offset + 4].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    guard Array(bytes[484..<488]) == Self.informationSignature, number(488) <= layout.clusterCount else {
      return nil
    }
    if (2..<layout.clusterLimit).contains(number(492)) { lastCluster = number(492) }
    return number(488)
  }

  private func writeInformation() throws(Raised) {
    guard isFreeCountChanged, let freeCount, let sector = knownLayout?.informationSector else { return }
    isFreeCountChanged = false
    var bytes: [UInt8] = []
    for number in [freeCount, lastCluster] {
      bytes += (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
    try write(bytes, at: 488, ofSector: sector)
  }

  /// Fills a cluster with zeros, as that of a new directory.
  func clear(cluster: Int) throws(Raised) {
    let layout = try layout()
    let first = layout.firstSector(ofCluster: cluster)
    for sector in first..<first + layout.sectorsPerCluster {
      try replace(sector: sector, with: [UInt8](repeating: 0, count: layout.sectorSize))
    }
  }
}
