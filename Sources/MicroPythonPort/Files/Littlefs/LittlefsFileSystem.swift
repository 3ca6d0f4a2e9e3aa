import MicroPython

/// The files and directories of a littlefs, by their paths.
final class LittlefsFileSystem: FileSystem, ValueHolding {
  private let volume: LittlefsVolume
  private let types: FileTypes
  /// Names of directories from the root.
  private var current: [[UInt8]] = []

  /// - Throws: `OSError` when there is no littlefs on the device, and what the device raises.
  init(_ volume: LittlefsVolume, types: FileTypes) throws(Raised) {
    self.volume = volume
    self.types = types
    try volume.mount()
  }

  func visitValues(_ visit: (Value) -> Void) { volume.visitValues(visit) }

  /// The file system is there since this object is; none is made.
  func mount(isReadOnly: Bool, makesFileSystem: Bool) throws(Raised) {
    if isReadOnly { volume.device.isReadOnly = true }
  }

  private func error(_ number: Int) -> Raised { volume.error(number) }

  /// Runs what may write. Afterwards every block in use is found through the directories.
  private func change<Result>(_ body: () throws(Raised) -> Result) throws(Raised) -> Result {
    volume.closeDroppedFiles()
    defer { volume.checkpoint() }
    return try body()
  }

  // MARK: Paths

  private struct Path {
    /// Without `.` and `..`.
    var names: [[UInt8]]
    /// It ends as only a directory's can.
    var isOfDirectory: Bool
  }

  /// - Throws: `OSError` `EINVAL` for a path that leads above the root.
  private func path(_ text: String) throws(Raised) -> Path {
    let bytes = HostName.bytes(text)
    var names = bytes.first == UInt8(ascii: "/") ? [] : current
    let parts = bytes.split(separator: UInt8(ascii: "/")).map(Array.init)
    for part in parts {
      if part == Array(".".utf8) { continue }
      guard part == Array("..".utf8) else {
        names.append(part)
        continue
      }
      guard names.popLast() != nil else { throw error(LittlefsError.invalid) }
    }
    return Path(
      names: names,
      isOfDirectory: bytes.last == UInt8(ascii: "/") || parts.last == Array(".".utf8))
  }

  /// The place that a path names; nil for the root.
  /// - Throws: `OSError` `ENOENT` or `ENOTDIR` when its directory is not there.
  private func find(_ path: Path) throws(Raised) -> LittlefsPlace? {
    var directory = volume.root
    var place: LittlefsPlace?
    for (index, name) in path.names.enumerated() {
      place = try volume.find(name, in: directory)
      guard index < path.names.count - 1 else { break }
      guard let entry = place?.entry else { throw error(LittlefsError.noEntry) }
      guard let pair = entry.directory else { throw error(LittlefsError.notDirectory) }
      directory = pair
    }
    if path.isOfDirectory, let entry = place?.entry, !entry.isDirectory {
      throw error(LittlefsError.notDirectory)
    }
    return place
  }

  private func requireShort(_ name: [UInt8]) throws(Raised) {
    if name.count > LittlefsVolume.longestName { throw error(LittlefsError.nameTooLong) }
  }

  private func directory(_ text: String) throws(Raised) -> LittlefsPair {
    guard let place = try find(try path(text)) else { return volume.root }
    guard let entry = place.entry else { throw error(LittlefsError.noEntry) }
    guard let pair = entry.directory else { throw error(LittlefsError.notDirectory) }
    return pair
  }

  // MARK: Files

  func open(_ text: String, _ mode: FileMode) throws(Raised) -> Value {
    let vm = volume.vm
    // A file object cannot be had while the heap is locked, and then none is opened.
    guard vm.heap.lockDepth == 0 else {
      throw vm.error(.memoryError, "memory allocation failed, heap is locked")
    }
    if mode.isContradictory { throw vm.error(.valueError, arguments: []) }
    let file = try change { () throws(Raised) -> LittlefsOpenFile in
      let path = try path(text)
      guard let place = try find(path) else { throw error(LittlefsError.isDirectory) }
      var entry = place.entry
      if let entry {
        if mode.creation == .exclusive { throw error(LittlefsError.exists) }
        if entry.isDirectory { throw error(LittlefsError.isDirectory) }
      } else {
        guard mode.creation != .none else { throw error(LittlefsError.noEntry) }
        if path.isOfDirectory { throw error(LittlefsError.notDirectory) }
        try requireShort(place.name)
        let new = LittlefsEntry(kind: LittlefsRecord.Kind.file, name: place.name)
        try volume.add(new, at: place)
        entry = new
      }
      return LittlefsOpenFile(
        volume, entry ?? LittlefsEntry(), in: place.directory, isTruncated: mode.creation == .truncate,
        isWritable: mode.isWritable, appends: mode.creation == .append)
    }
    return types.make(LittlefsFileStream(file, isText: mode.isText), vm)
  }

  /// littlefs removes files and empty directories in the same way.
  func remove(_ text: String, isDirectory: Bool) throws(Raised) {
    try change { () throws(Raised) in
      guard let place = try find(try path(text)) else { throw error(LittlefsError.invalid) }
      guard place.entry != nil else { throw error(LittlefsError.noEntry) }
      try volume.remove(place)
    }
  }

  func rename(_ old: String, to new: String) throws(Raised) {
    try change { () throws(Raised) in
      let (oldPath, newPath) = (try path(old), try path(new))
      guard let source = try find(oldPath) else { throw error(LittlefsError.invalid) }
      guard let moved = source.entry else { throw error(LittlefsError.noEntry) }
      guard let target = try find(newPath) else { throw error(LittlefsError.invalid) }
      if let replaced = target.entry {
        guard replaced.isDirectory == moved.isDirectory else {
          throw error(replaced.isDirectory ? LittlefsError.isDirectory : LittlefsError.notDirectory)
        }
        if oldPath.names == newPath.names { return }
      } else {
        if newPath.isOfDirectory, !moved.isDirectory { throw error(LittlefsError.notDirectory) }
        try requireShort(target.name)
      }
      // Nobody would find a directory that was moved into itself. (On a board it is lost.)
      if moved.isDirectory, newPath.names.starts(with: oldPath.names) { throw error(LittlefsError.invalid) }
      try volume.move(source, to: target)
    }
  }

  // MARK: Directories

  func makeDirectory(_ text: String) throws(Raised) {
    try change { () throws(Raised) in
      guard let place = try find(try path(text)), place.entry == nil else {
        throw error(LittlefsError.exists)
      }
      try requireShort(place.name)
      try volume.makeDirectory(at: place)
    }
  }

  func changeDirectory(_ text: String) throws(Raised) {
    do throws(Raised) {
      _ = try directory(text)
      current = try path(text).names
    } catch {
      if volume.vm.isHalted { throw error }
      throw volume.error(LittlefsError.noEntry)
    }
  }

  func currentDirectory() -> String { "/" + HostName.text(current.joined(separator: [UInt8(ascii: "/")])) }

  func entries(_ text: String) throws(Raised) -> [DirectoryEntry] {
    volume.closeDroppedFiles()
    return try volume.entries(of: try directory(text)).map {
      DirectoryEntry(name: HostName.text($0.name), isDirectory: $0.isDirectory, size: $0.size)
    }
  }

  func status(_ text: String) throws(Raised) -> FileStatus {
    volume.closeDroppedFiles()
    guard let place = try find(try path(text)) else {
      return FileStatus(isDirectory: true, size: 0, modified: 0)
    }
    guard let entry = place.entry else { throw error(LittlefsError.noEntry) }
    var modified = 0
    if let time = entry.attribute(LittlefsOpenFile.timeAttribute), time.count == 8 {
      modified = LittlefsNumber.read(time) / 1_000_000_000 - Self.secondsTo2000
    }
    return FileStatus(isDirectory: entry.isDirectory, size: entry.size, modified: modified)
  }

  /// From 1970.
  static let secondsTo2000 = 946_684_800

  func capacity() throws(Raised) -> FileSystemCapacity {
    volume.closeDroppedFiles()
    let used = try volume.usedBlockCount()
    return FileSystemCapacity(
      blockSize: volume.blockSize, blocks: volume.blockCount, free: volume.blockCount - used)
  }
}
