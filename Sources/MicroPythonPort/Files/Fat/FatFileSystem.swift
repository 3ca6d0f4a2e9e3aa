import MicroPython

/// The files and directories of a FAT volume, by their paths.
final class FatFileSystem: FileSystem, ValueHolding {
  let volume: FatVolume
  /// Names of directories from the root.
  private var current: [String] = []
  private let types: FileTypes
  private var vm: Interpreter { volume.vm }

  /// - Throws: `OSError` when the device fails. A missing file system on it is reported when it is used.
  init(_ device: any BlockDevice, _ vm: Interpreter, types: FileTypes, now: @escaping () -> [Int])
    throws(Raised)
  {
    volume = FatVolume(device, vm, now: now)
    self.types = types
    _ = try volume.find()
  }

  func visitValues(_ visit: (Value) -> Void) { volume.visitValues(visit) }

  func mount(isReadOnly: Bool, makesFileSystem: Bool) throws(Raised) {
    if isReadOnly { volume.device.isReadOnly = true }
    if !(try volume.find()), makesFileSystem { try format() }
    guard try volume.find() else { throw vm.osError(FatError.noFileSystem) }
  }

  /// Makes an empty file system.
  func format() throws(Raised) {
    let device = volume.device
    try device.start()
    guard !device.isReadOnly else { throw vm.osError(FatError.readOnly) }
    let (size, count) = (device.sectorSize, try device.sectorCount())
    if let format = FatFormat(sectorSize: size, sectorCount: count) {
      try format.write(to: device, date: volume.now())
    } else if let format = FatFormat32(sectorSize: size, sectorCount: count) {
      try format.write(to: device, date: volume.now())
    } else {
      throw vm.osError(FatError.device)
    }
    volume.forget()
    current = []
  }

  // MARK: Paths

  private func parts(of path: String) -> [String] {
    var parts = path.hasPrefix("/") || path.hasPrefix("\\") ? [] : current
    for part in path.split(whereSeparator: { $0 == "/" || $0 == "\\" }) where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(String(part)) }
    }
    return parts
  }

  private func name(_ text: String) throws(Raised) -> FatName {
    guard let name = FatName(text) else { throw vm.osError(FatError.invalid) }
    return name
  }

  /// A directory by its names.
  private func directory(_ parts: some Sequence<String>) throws(Raised) -> FatDirectory {
    var directory = FatDirectory(volume, firstCluster: 0)
    _ = try volume.layout()
    for part in parts {
      guard let entry = try directory.find(name(part)), entry.isDirectory else {
        throw vm.osError(FatError.noEntry)
      }
      directory = FatDirectory(volume, firstCluster: entry.cluster)
    }
    return directory
  }

  /// Resolves a path to its directory, and its entry if there is one. The root has none.
  private func find(_ path: String) throws(Raised) -> (
    directory: FatDirectory, name: FatName, entry: FatEntry?
  )? {
    let parts = parts(of: path)
    guard let last = parts.last else { return nil }
    var directory = try directory(parts.dropLast())
    let name = try name(last)
    return (directory, name, try directory.find(name))
  }

  // MARK: Files

  func open(_ path: String, _ mode: FileMode) throws(Raised) -> Value {
    // A file object cannot be had while the heap is locked, and then none is opened.
    guard vm.heap.lockDepth == 0 else {
      throw vm.error(.memoryError, "memory allocation failed, heap is locked")
    }
    guard var found = try find(path) else { throw vm.osError(FatError.invalid) }
    if mode.isWritable { _ = try volume.writableLayout() }
    var isNew = false
    if let existing = found.entry {
      if mode.creation == .exclusive { throw vm.osError(FatError.exists) }
      if existing.isDirectory {
        throw vm.osError(mode.creation == .none ? FatError.noEntry : FatError.denied)
      }
      if mode.isWritable, existing.isReadOnly { throw vm.osError(FatError.denied) }
      if mode.creation == .truncate {
        let old = existing.cluster
        found.entry?.set(cluster: 0, size: 0)
        found.entry?.set(modified: FatTime(volume.now()))
        if let entry = found.entry {
          try volume.write(entry.bytes, at: entry.place.offset, ofSector: entry.place.sector)
        }
        if old != 0 { try volume.free(chainFrom: old) }
        isNew = true
      }
    } else {
      guard mode.creation != .none else { throw vm.osError(FatError.noEntry) }
      found.entry = try found.directory.add(found.name, attributes: FatEntry.archive)
      isNew = true
    }
    guard let entry = found.entry else { throw vm.osError(FatError.noEntry) }
    let file = FatOpenFile(
      volume, entry, isReadable: mode.isReadable, isWritable: mode.isWritable, isNew: isNew)
    if mode.creation == .append { _ = try file.seek(to: 0, from: 2) }
    return types.make(FatFileStream(file, isText: mode.isText), vm)
  }

  func remove(_ path: String, isDirectory: Bool) throws(Raised) {
    guard var found = try find(path) else { throw vm.osError(FatError.invalid) }
    guard let entry = found.entry else { throw vm.osError(FatError.noEntry) }
    guard entry.isDirectory == isDirectory else {
      throw vm.osError(isDirectory ? FatError.notDirectory : FatError.isDirectory)
    }
    _ = try volume.writableLayout()
    if isDirectory {
      var directory = FatDirectory(volume, firstCluster: entry.cluster)
      guard try directory.entries().isEmpty, parts(of: path) != current else {
        throw vm.osError(FatError.denied)
      }
    }
    if entry.isReadOnly { throw vm.osError(FatError.denied) }
    try found.directory.remove(entry)
    if entry.cluster != 0 { try volume.free(chainFrom: entry.cluster) }
    try volume.sync()
  }

  func rename(_ old: String, to new: String) throws(Raised) {
    guard var source = try find(old), var target = try find(new) else {
      throw vm.osError(FatError.invalid)
    }
    guard var entry = source.entry else { throw vm.osError(FatError.noEntry) }
    _ = try volume.writableLayout()
    if let existing = target.entry, existing.place != entry.place {
      try remove(new, isDirectory: false)
    }
    let added = try target.directory.add(target.name, attributes: entry.attributes)
    // Everything but the name stays as it was.
    var bytes = added.bytes
    bytes.replaceSubrange(13..., with: entry.bytes[13...])
    try volume.write(bytes, at: added.place.offset, ofSector: added.place.sector)
    if entry.isDirectory, source.directory.firstCluster != target.directory.firstCluster {
      var moved = FatDirectory(volume, firstCluster: entry.cluster)
      try moved.setParent(target.directory.firstCluster)
    }
    entry = source.entry ?? entry
    try source.directory.remove(entry)
    try volume.sync()
  }

  // MARK: Directories

  func makeDirectory(_ path: String) throws(Raised) {
    guard var found = try find(path) else { throw vm.osError(FatError.exists) }
    if found.entry != nil { throw vm.osError(FatError.exists) }
    _ = try volume.writableLayout()
    guard let cluster = try volume.allocate(after: nil) else { throw vm.osError(FatError.denied) }
    try volume.clear(cluster: cluster)
    var directory = FatDirectory(volume, firstCluster: cluster)
    try directory.addDots(parent: found.directory.firstCluster)
    _ = try found.directory.add(found.name, attributes: FatEntry.directory, cluster: cluster)
    try volume.sync()
  }

  func changeDirectory(_ path: String) throws(Raised) {
    let parts = parts(of: path)
    _ = try directory(parts)
    current = parts
  }

  func currentDirectory() -> String { "/" + current.joined(separator: "/") }

  func entries(_ path: String) throws(Raised) -> [DirectoryEntry] {
    var directory = try directory(parts(of: path))
    return try directory.entries().map {
      DirectoryEntry(name: $0.name, isDirectory: $0.isDirectory, size: $0.size)
    }
  }

  func status(_ path: String) throws(Raised) -> FileStatus {
    guard let found = try find(path) else {
      return FileStatus(isDirectory: true, size: 0, modified: FatTime.epoch.secondsSince2000)
    }
    guard let entry = found.entry else { throw vm.osError(FatError.noEntry) }
    return FileStatus(
      isDirectory: entry.isDirectory, size: entry.size, modified: entry.modified.secondsSince2000)
  }

  func capacity() throws(Raised) -> FileSystemCapacity {
    let layout = try volume.layout()
    return FileSystemCapacity(
      blockSize: layout.bytesPerCluster, blocks: layout.clusterCount, free: try volume.freeClusterCount())
  }
}
