import Glibc
import Timebase

/// Reads keys, on a thread of its own.
enum KeyReader {
  /// Calls `typed` for each byte, and with nil when the terminal goes away.
  /// - Throws: `ThreadStartError`.
  static func start(typed: @escaping @Sendable (UInt8?) -> Void) throws(ThreadStartError) {
    try startHostThread(name: "keys") {
      while true {
        var key: UInt8 = 0
        let count = read(STDIN_FILENO, &key, 1)
        if count == 1 {
          typed(key)
        } else if count < 0 && errno == EIO {
          // The terminal belongs to another process group for now.
          usleep(200_000)
        } else if count == 0 || errno != EINTR {
          return typed(nil)
        }
      }
    }
  }
}
