import Diagnostics
import Glibc
import Timebase

/// Writes lines to standard output at once.
enum StandardOutputLine {
  static func write(_ text: String) { writeAll(text + "\n") }

  /// Ends the process when nothing can be written: as shells have it when nobody reads any more, otherwise with a message.
  static func writeAll(_ text: String) {
    guard let code = HostDescriptor.write(Array(text.utf8), to: STDOUT_FILENO) else { return }
    if code == EPIPE { Glibc.exit(128 + SIGPIPE) }
    writeToStandardError("vpyboard: standard output could not be written: \(String(cString: strerror(code)))")
    Glibc.exit(1)
  }
}
