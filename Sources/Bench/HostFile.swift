import Glibc
import Timebase

/// Files of the host that a test run reads and writes.
enum HostFile {
  /// - Returns: nil with `errno` set when it cannot be read.
  static func read(_ path: String) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    return HostDescriptor.readToEnd(descriptor)
  }

  /// Writes a file, with the folders that lead to it.
  static func write(_ bytes: [UInt8], to path: String) throws(HostFileError) {
    if let slash = path.lastIndex(of: "/") { try makeFolder(String(path[..<slash])) }
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw HostFileError(path: path, code: errno) }
    defer { close(descriptor) }
    if let code = HostDescriptor.write(bytes, to: descriptor) { throw HostFileError(path: path, code: code) }
  }

  static func makeFolder(_ path: String) throws(HostFileError) {
    guard !path.isEmpty, !isFolder(path) else { return }
    if let slash = path.lastIndex(of: "/") { try makeFolder(String(path[..<slash])) }
    guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw HostFileError(path: path, code: errno) }
  }

  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  static func isFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// Returns the names in a folder, sorted; nil when it cannot be read.
  static func names(in folder: String) -> [String]? {
    var names: [String] = []
    let isRead = FolderEntries.forEach(in: folder) { bytes in
      let name = String(decoding: bytes, as: UTF8.self)
      if name != ".", name != ".." { names.append(name) }
    }
    return isRead ? names.sorted() : nil
  }
}

/// A file that could not be written.
struct HostFileError: Error, CustomStringConvertible {
  let path: String
  let code: Int32
  var description: String { "\(path): could not be written: \(String(cString: strerror(code)))" }
}
