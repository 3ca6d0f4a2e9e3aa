import Glibc

/// System calls on a file descriptor of the host, repeated until all is done: a signal interrupts them, and a pipe or a
/// full disk takes a part at a time.
package enum HostDescriptor {
  /// Writes all of `bytes`.
  /// - Returns: nil, or the error number that kept the rest from being written.
  package static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
    var offset = 0
    while offset < bytes.count {
      let written = bytes[offset...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if written >= 0 {
        offset += written
      } else if errno == EAGAIN {
        // Somebody made the descriptor non-blocking (a terminal shared with another program): wait for room.
        var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&ready, 1, -1)
      } else if errno != EINTR {
        return errno
      }
    }
    return nil
  }

  /// Reads everything up to the end of a file, pipe or terminal.
  /// - Parameter limit: bytes; more is an error, so that a device ends soon.
  /// - Returns: nil with `errno` set on an error, `EFBIG` where there is more than `limit`.
  package static func readToEnd(_ descriptor: Int32, limit: Int = .max) -> [UInt8]? {
    var contents: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count == 0 { return contents }
      if count < 0 && errno != EINTR { return nil }
      if count > 0 { contents += chunk[..<count] }
      if contents.count > limit {
        errno = EFBIG
        return nil
      }
    }
  }
}
