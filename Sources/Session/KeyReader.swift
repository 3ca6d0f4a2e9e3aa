import Glibc
import Timebase

/// Reads keys, on a thread of its own.
enum KeyReader {
  /// Calls `typed` for each byte, and with nil when the terminal goes away.
  /// - Parameter isIdle: called every now and then while nothing is typed. A shell that brings a running job
  ///   from the background to the foreground gives no notice of it.
  /// - Throws: `ThreadStartError`.
  static func start(
    isIdle: @escaping @Sendable () -> Void, typed: @escaping @Sendable (UInt8?) -> Void
  ) throws(ThreadStartError) {
    try startHostThread(name: "keys") {
      while true {
        var ready = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        if poll(&ready, 1, 200) == 0 {
          isIdle()
          continue
        }
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
