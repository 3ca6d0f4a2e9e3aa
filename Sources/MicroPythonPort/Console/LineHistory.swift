/// The lines that were entered last at the board's console; a soft reset forgets them.
final class LineHistory {
  /// As many as a board keeps (`MICROPY_READLINE_HISTORY_SIZE`).
  static let capacity = 8

  /// The newest first.
  private(set) var lines: [[UInt8]] = []

  /// Remembers a line, unless it is empty or the same as the newest one.
  func add(_ line: [UInt8]) {
    guard !line.isEmpty, lines.first != line else { return }
    lines.insert(line, at: 0)
    if lines.count > Self.capacity { lines.removeLast() }
  }
}
