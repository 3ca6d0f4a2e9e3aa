import Glibc
import Timebase

/// A file that takes a trace. Closed when it goes away.
public final class TraceFile {
  private let path: String
  private let descriptor: Int32

  /// Creates the file, or empties it.
  public init(path: String) throws(TraceFileError) {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw TraceFileError(path: path, action: "opened", code: errno) }
  }

  /// Takes over an open descriptor, such as standard output; what others write to it goes to `other` from now on.
  public init(takingOver original: Int32, for other: Int32) throws(TraceFileError) {
    path = "-"
    descriptor = fcntl(original, F_DUPFD_CLOEXEC, 0)
    guard descriptor >= 0, dup2(other, original) >= 0 else {
      throw TraceFileError(path: path, action: "opened", code: errno)
    }
  }

  deinit { close(descriptor) }

  /// Writes all of `bytes`; the disk may be full.
  public func write(_ bytes: [UInt8]) throws(TraceFileError) {
    if let code = HostDescriptor.write(bytes, to: descriptor) {
      throw TraceFileError(path: path, action: "written", code: code)
    }
  }
}

/// A trace file that could not be opened or written.
public struct TraceFileError: Error, Hashable, CustomStringConvertible {
  public let path: String
  let action: String
  /// The system's error number.
  public let code: Int32

  public var description: String {
    "\(path.isEmpty ? "\"\"" : path): could not be \(action): \(String(cString: strerror(code)))"
  }
}
