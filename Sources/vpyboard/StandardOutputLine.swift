import Glibc
import Timebase

/// Writes lines to standard output at once.
enum StandardOutputLine {
  static func write(_ text: String) { writeAll(text + "\n") }

  /// Ends the process, as shells have it, when nobody reads any more.
  static func writeAll(_ text: String) {
    guard HostDescriptor.write(Array(text.utf8), to: STDOUT_FILENO) == nil else { Glibc.exit(128 + SIGPIPE) }
  }
}
