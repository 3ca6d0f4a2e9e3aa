import Glibc
import MicroPython
import Timebase

/// The board's flash: a folder of the host, the firmware's own.
///
/// Firmware can neither leave it nor fill the host's disk: links that lead outside are not followed, only regular files are
/// opened, and what is written has a bound (`FlashSpace`). Names are those of `HostName`.
final class HostFolder: FileSystem {
  /// The host's folder; no slash at its end.
  let root: String
  private let types: FileTypes
  private let space: FlashSpace
  private let followsLinks: Bool
  /// The host's folder without links; nil when it is not there.
  private let realRoot: String?
  /// Parts of a path from the root.
  private var current: [String] = []
  private unowned let vm: Interpreter

  /// - Parameters:
  ///   - space: room for the firmware's writes.
  ///   - followsLinks: whether links may lead out of the folder.
  init(_ root: String, space: FlashSpace, followsLinks: Bool, types: FileTypes, _ vm: Interpreter) {
    self.root = root
    self.types = types
    self.followsLinks = followsLinks
    self.vm = vm
    self.space = space
    realRoot = resolved(root)
  }

  func mount(isReadOnly: Bool, makesFileSystem: Bool) throws(Raised) {}

  // MARK: Paths

  /// The parts of a path from the root; `..` cannot leave it.
  private func parts(of path: String) -> [String] {
    var parts = path.hasPrefix("/") ? [] : current
    for part in path.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(String(part)) }
    }
    return parts
  }

  /// Returns the host's path of the board's `path`; nil when a link leads outside.
  func hostPath(_ path: String) -> String? {
    let parts = parts(of: path)
    let whole = ([root] + parts).joined(separator: "/")
    if parts.isEmpty || followsLinks || isInside(whole) { return whole }
    // A new file, but not one that a link stands for.
    var status = stat()
    guard lstat(HostName.cString(whole), &status) != 0, errno == ENOENT || errno == ENOTDIR else {
      return nil
    }
    let parent = ([root] + parts.dropLast()).joined(separator: "/")
    return isInside(parent) || resolved(parent) == nil ? whole : nil
  }

  /// Whether what stands at a path of the host, links followed, lies in the folder.
  private func isInside(_ path: String) -> Bool {
    guard let realRoot, let real = resolved(path) else { return false }
    return real == realRoot || real.hasPrefix(realRoot == "/" ? "/" : realRoot + "/")
  }

  /// Whether an entry of a folder inside is none, or a link that may be followed.
  private func isUsable(_ path: String) -> Bool {
    var status = stat()
    guard !followsLinks, lstat(HostName.cString(path), &status) == 0, status.st_mode & S_IFMT == S_IFLNK
    else {
      return true
    }
    return isInside(path)
  }

  private func requireHostPath(_ path: String) throws(Raised) -> String {
    guard let hostPath = hostPath(path) else { throw vm.osError(FatError.denied) }
    return hostPath
  }

  /// The host's error as the board's FAT file system has it.
  private func error() -> Raised {
    switch errno {
    case ENOTDIR, ENAMETOOLONG, ELOOP: vm.osError(FatError.noEntry)
    case ENOTEMPTY, EPERM: vm.osError(FatError.denied)
    case EILSEQ: vm.osError(FatError.invalid)
    default: vm.osError(Int(errno))
    }
  }

  private func require(_ result: Int32) throws(Raised) { if result != 0 { throw error() } }

  /// Whether a path is one that C can have.
  private func requireName(_ path: String) throws(Raised) {
    if path.utf8.contains(0) { throw vm.osError(FatError.invalid) }
  }

  // MARK: Files

  func open(_ path: String, _ mode: FileMode) throws(Raised) -> Value {
    try requireName(path)
    let path = try requireHostPath(path)
    let existing = MicroPythonPort.status(ofHostPath: path)
    if let existing, !existing.isRegularFile {
      throw vm.osError(existing.isFolder && mode.creation == .none ? FatError.noEntry : FatError.denied)
    }
    if existing == nil, mode.creation != .none, !space.hasRoomForEntry { throw vm.osError(FatError.noSpace) }
    // A pipe that has come to this name meanwhile must not hold the board up.
    var flags = O_CLOEXEC | O_NONBLOCK | (mode.isWritable ? (mode.isReadable ? O_RDWR : O_WRONLY) : O_RDONLY)
    switch mode.creation {
    case .none: break
    case .truncate: flags |= O_CREAT | O_TRUNC
    case .exclusive: flags |= O_CREAT | O_EXCL
    case .append: flags |= O_CREAT
    }
    let descriptor = Glibc.open(HostName.cString(path), flags, 0o666)
    guard descriptor >= 0 else { throw error() }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.isRegularFile else {
      close(descriptor)
      throw vm.osError(FatError.denied)
    }
    if existing == nil { space.addEntry() }
    if mode.creation == .append { lseek(descriptor, 0, SEEK_END) }
    let stream = FileStream(
      descriptor: descriptor, status: status, space: mode.isWritable ? space : nil, isText: mode.isText)
    return types.make(stream, vm)
  }

  /// Nanoseconds of a change of a directory; a Pyboard writes a block of its flash for it, which takes milliseconds.
  private static let entryCost: Int64 = 200_000

  func remove(_ path: String, isDirectory: Bool) throws(Raised) {
    try requireName(path)
    try vm.passTime(HostFolder.entryCost)
    let path = try requireHostPath(path)
    let status = MicroPythonPort.status(ofHostPath: path)
    if isDirectory, let status, !status.isFolder { throw vm.osError(FatError.notDirectory) }
    try require(isDirectory ? rmdir(HostName.cString(path)) : unlink(HostName.cString(path)))
    space.removeEntry()
    if let status { space.remove(FlashSpace.Identity(status)) }
  }

  func rename(_ old: String, to new: String) throws(Raised) {
    try requireName(old + new)
    try vm.passTime(HostFolder.entryCost)
    let (old, new) = (try requireHostPath(old), try requireHostPath(new))
    let replaced = MicroPythonPort.status(ofHostPath: new)
    try require(Glibc.rename(HostName.cString(old), HostName.cString(new)))
    guard let replaced, let moved = MicroPythonPort.status(ofHostPath: new) else { return }
    let identity = FlashSpace.Identity(replaced)
    if identity != FlashSpace.Identity(moved) {
      space.removeEntry()
      space.remove(identity)
    }
  }

  // MARK: Directories

  func makeDirectory(_ path: String) throws(Raised) {
    try requireName(path)
    try vm.passTime(HostFolder.entryCost)
    let path = try requireHostPath(path)
    guard space.hasRoomForEntry else { throw vm.osError(FatError.noSpace) }
    try require(mkdir(HostName.cString(path), 0o777))
    space.addEntry()
    // A directory takes a block of its own.
    if let status = MicroPythonPort.status(ofHostPath: path) {
      space.addDirectory(FlashSpace.Identity(status))
    }
  }

  func changeDirectory(_ path: String) throws(Raised) {
    try requireName(path)
    guard isFolder(try requireHostPath(path)) else { throw vm.osError(FatError.noEntry) }
    current = parts(of: path)
  }

  func currentDirectory() -> String { "/" + current.joined(separator: "/") }

  /// Sorted by name, so that two runs list the same order. Entries that cannot be opened are left out.
  func entries(_ path: String) throws(Raised) -> [DirectoryEntry] {
    try requireName(path)
    let folder = try requireHostPath(path)
    var names: [String] = []
    let isRead = FolderEntries.forEach(in: HostName.cString(folder)) { bytes in
      let name = HostName.text(bytes)
      if name != "." && name != ".." { names.append(name) }
    }
    guard isRead else { throw error() }
    return names.sorted().compactMap { name in
      let path = folder + "/" + name
      guard isUsable(path), let status = MicroPythonPort.status(ofHostPath: path),
        status.isFolder || status.isRegularFile
      else { return nil }
      return DirectoryEntry(
        name: name, isDirectory: status.isFolder, size: status.isFolder ? 0 : Int(status.st_size))
    }
  }

  func status(_ path: String) throws(Raised) -> FileStatus {
    try requireName(path)
    guard let status = MicroPythonPort.status(ofHostPath: try requireHostPath(path)) else { throw error() }
    return FileStatus(
      isDirectory: status.isFolder, size: status.isFolder ? 0 : Int(status.st_size),
      modified: max(0, status.st_mtim.tv_sec - Self.secondsTo2000))
  }

  /// From the host's epoch to the board's.
  private static let secondsTo2000 = 946_684_800

  func capacity() throws(Raised) -> FileSystemCapacity {
    FileSystemCapacity(blockSize: FlashSpace.blockSize, blocks: space.blockCount, free: space.freeBlocks)
  }
}
