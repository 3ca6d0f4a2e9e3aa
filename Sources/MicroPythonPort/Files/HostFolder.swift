import Glibc
import MicroPython

/// The board's flash: a folder of the host, the firmware's own.
final class HostFolder: FileSystem {
  /// The host's folder; no slash at its end.
  let root: String
  private let types: FileTypes
  /// Parts of a path from the root.
  private var current: [String] = []
  private unowned let vm: Interpreter

  init(_ root: String, types: FileTypes, _ vm: Interpreter) {
    self.root = root
    self.types = types
    self.vm = vm
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

  /// Where the host has what the board calls `path`.
  func hostPath(_ path: String) -> String { ([root] + parts(of: path)).joined(separator: "/") }

  /// The host's error as the board's FAT file system has it.
  private func error() -> Raised {
    switch errno {
    case ENOTDIR, ENAMETOOLONG: vm.osError(FatError.noEntry)
    case ENOTEMPTY, EPERM: vm.osError(FatError.denied)
    default: vm.osError(Int(errno))
    }
  }

  private func require(_ result: Int32) throws(Raised) { if result != 0 { throw error() } }

  // MARK: Files

  func open(_ path: String, _ mode: FileMode) throws(Raised) -> Value {
    let path = hostPath(path)
    if isFolder(path) {
      throw vm.osError(mode.creation == .none ? FatError.noEntry : FatError.denied)
    }
    var flags = O_CLOEXEC | (mode.isWritable ? (mode.isReadable ? O_RDWR : O_WRONLY) : O_RDONLY)
    switch mode.creation {
    case .none: break
    case .truncate: flags |= O_CREAT | O_TRUNC
    case .exclusive: flags |= O_CREAT | O_EXCL
    case .append: flags |= O_CREAT
    }
    let descriptor = Glibc.open(path, flags, 0o666)
    guard descriptor >= 0 else { throw error() }
    if mode.creation == .append { lseek(descriptor, 0, SEEK_END) }
    return types.make(FileStream(descriptor: descriptor, isText: mode.isText), vm)
  }

  func remove(_ path: String, isDirectory: Bool) throws(Raised) {
    let path = hostPath(path)
    if isDirectory, let status = MicroPythonPort.status(ofHostPath: path), status.st_mode & S_IFMT != S_IFDIR
    {
      throw vm.osError(FatError.notDirectory)
    }
    try require(isDirectory ? rmdir(path) : unlink(path))
  }

  func rename(_ old: String, to new: String) throws(Raised) {
    try require(Glibc.rename(hostPath(old), hostPath(new)))
  }

  // MARK: Directories

  func makeDirectory(_ path: String) throws(Raised) { try require(mkdir(hostPath(path), 0o777)) }

  func changeDirectory(_ path: String) throws(Raised) {
    guard isFolder(hostPath(path)) else { throw vm.osError(FatError.noEntry) }
    current = parts(of: path)
  }

  func currentDirectory() -> String { "/" + current.joined(separator: "/") }

  /// Sorted by name, so that two runs list the same order.
  func entries(_ path: String) throws(Raised) -> [DirectoryEntry] {
    let folder = hostPath(path)
    guard let stream = opendir(folder) else { throw error() }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted().compactMap { name in
      MicroPythonPort.status(ofHostPath: folder + "/" + name).map {
        let isDirectory = $0.st_mode & S_IFMT == S_IFDIR
        return DirectoryEntry(
          name: name, isDirectory: isDirectory, size: isDirectory ? 0 : Int($0.st_size))
      }
    }
  }

  func status(_ path: String) throws(Raised) -> FileStatus {
    guard let status = MicroPythonPort.status(ofHostPath: hostPath(path)) else { throw error() }
    let isDirectory = status.st_mode & S_IFMT == S_IFDIR
    return FileStatus(
      isDirectory: isDirectory, size: isDirectory ? 0 : Int(status.st_size),
      modified: max(0, status.st_mtim.tv_sec - Self.secondsTo2000))
  }

  /// From the host's epoch to the board's.
  private static let secondsTo2000 = 946_684_800

  /// What a Pyboard's 112 KiB of flash for files reports.
  func capacity() throws(Raised) -> FileSystemCapacity {
    FileSystemCapacity(blockSize: 512, blocks: 223, free: 223)
  }
}
