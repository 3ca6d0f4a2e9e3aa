import Foundation

/// Reads the keys that steer a board, on a thread of its own.
enum KeyReader {
  /// Calls `press` for each `u` typed, until the terminal goes away.
  static func start(press: @escaping @Sendable () -> Void) {
    let thread = Thread {
      while true {
        var key: UInt8 = 0
        let count = read(STDIN_FILENO, &key, 1)
        if count == 1 {
          if key == UInt8(ascii: "u") { press() }
        } else if count < 0 && errno == EIO {
          // The terminal belongs to another process group for now.
          Thread.sleep(forTimeInterval: 0.2)
        } else if count == 0 || errno != EINTR {
          return
        }
      }
    }
    thread.name = "keys"
    thread.start()
  }
}
