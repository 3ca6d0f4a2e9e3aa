import Glibc

/// Writes lines to standard output at once.
enum StandardOutputLine {
  static func write(_ text: String) { writeAll(text + "\n") }

  /// Ends the process, as shells have it, when nobody reads any more.
  static func writeAll(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { Glibc.exit(128 + SIGPIPE) }
      bytes = bytes.dropFirst(written)
    }
  }
}
