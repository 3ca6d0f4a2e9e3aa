import Glibc
import Timebase

/// The bytes of a board file, or of another of that size.
package enum BoardFileText {
  /// Reads a whole file. A megabyte is more than any board needs, so that a device or a wrong file ends soon.
  package static func read(_ path: String) throws(BoardFileError) -> [UInt8] {
    let limit = 1 << 20
    func failed(_ code: Int32) -> BoardFileError {
      BoardFileError(file: path, line: nil, message: "could not be read: \(String(cString: strerror(code)))")
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failed(errno) }
    defer { close(descriptor) }
    if let contents = HostDescriptor.readToEnd(descriptor, limit: limit) { return contents }
    throw errno == EFBIG
      ? BoardFileError(file: path, line: nil, message: "is too large: it has more than a megabyte")
      : failed(errno)
  }
}
