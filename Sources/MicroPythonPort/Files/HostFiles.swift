import Glibc
import Timebase

/// Returns the host's status of a path (see `HostName`), or nil with `errno` set.
func status(ofHostPath path: String) -> stat? {
  var status = stat()
  return stat(HostName.cString(path), &status) == 0 ? status : nil
}

extension stat {
  var isFolder: Bool { st_mode & S_IFMT == S_IFDIR }
  var isRegularFile: Bool { st_mode & S_IFMT == S_IFREG }
}

func isFolder(_ hostPath: String) -> Bool { status(ofHostPath: hostPath)?.isFolder ?? false }

/// A path without links and `..`, or nil with `errno` set when nothing is there.
func resolved(_ hostPath: String) -> String? {
  guard let real = realpath(HostName.cString(hostPath), nil) else { return nil }
  defer { free(real) }
  return HostName.text(UnsafeBufferPointer(start: real, count: strlen(real)).map { UInt8(bitPattern: $0) })
}

/// Bytes that source text may have. A board could not hold a hundredth of it.
let longestSource = 4 << 20

/// The contents of a file of the board's, or nil with `errno` set when it cannot be read. Only regular files are opened:
/// reading a device or a pipe may take for ever.
func readFile(_ hostPath: String) -> [UInt8]? {
  let descriptor = open(HostName.cString(hostPath), O_RDONLY | O_CLOEXEC | O_NONBLOCK)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  var status = stat()
  guard fstat(descriptor, &status) == 0 else { return nil }
  guard status.isRegularFile else {
    errno = status.isFolder ? EISDIR : EACCES
    return nil
  }
  return HostDescriptor.readToEnd(descriptor, limit: longestSource)
}

/// Source text that a person names, which may come from a pipe; nil with `errno` set when it cannot be read.
func readProgram(_ hostPath: String) -> [UInt8]? {
  guard !isFolder(hostPath) else {
    errno = EISDIR
    return nil
  }
  let descriptor = open(hostPath, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  return HostDescriptor.readToEnd(descriptor, limit: longestSource)
}
