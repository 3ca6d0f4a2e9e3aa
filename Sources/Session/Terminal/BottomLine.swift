import Glibc

/// Keeps a terminal's last line for a status, by taking it out of the region that scrolls. Output above it scrolls,
/// wraps and ends in partial lines as ever; the cursor is only borrowed.
struct BottomLine {
  private let descriptor: Int32
  private var size: (rows: Int, columns: Int)?
  private var shown: String?

  init(descriptor: Int32) { self.descriptor = descriptor }

  /// Returns the output that shows `text` for that many columns; empty when the line shows it already.
  mutating func drawing(_ text: (_ columns: Int) -> String) -> String {
    let result = fitting()
    guard let size else { return result }
    let line = text(size.columns)
    guard line != shown else { return result }
    shown = line
    return result + "\u{1B}7\u{1B}[\(size.rows);1H\u{1B}[0m\u{1B}[2K\(line)\u{1B}8"
  }

  /// Whether a line of the terminal is taken.
  var isReserved: Bool { size != nil }

  /// Returns the output that takes the last line of a terminal that has changed its size; empty where it has not.
  ///
  /// A terminal forgets the region that scrolls when its size changes: other output must not come before this.
  mutating func fitting() -> String {
    let current = currentSize()
    if current?.rows == size?.rows && current?.columns == size?.columns { return "" }
    let clearing = isReserved ? Self.clearingBelowCursor() : ""
    size = current
    shown = nil
    return clearing + (current.map { Self.reserving(rows: $0.rows) } ?? "")
  }

  /// Returns the output that gives the line back to the terminal.
  mutating func releasing() -> String {
    guard isReserved else { return "" }
    let result = fitting()
    guard let old = size else { return result }
    size = nil
    shown = nil
    return result + "\u{1B}7\u{1B}[\(old.rows);1H\u{1B}[2K\u{1B}[r\u{1B}8"
  }

  /// After the terminal has changed its size: the old line may have moved, wrapped or gone, but it is still
  /// below the cursor, which stays with the text, and nothing else is. Text in the cursor's own line is left
  /// alone.
  private static func clearingBelowCursor() -> String {
    "\u{1B}7\u{1B}[r\u{1B}8\u{1B}D\u{1B}7\r\u{1B}[J\u{1B}8\u{1B}[1A"
  }

  /// Scrolls up first if the cursor stands in the last line. `ESC D` goes down as a line feed does, but the terminal
  /// driver does not add a carriage return to it, so that a partial line can go on.
  private static func reserving(rows: Int) -> String { "\u{1B}D\u{1B}7\u{1B}[1;\(rows - 1)r\u{1B}8\u{1B}[1A" }

  /// Nil where a line of status would take too much of it.
  private func currentSize() -> (rows: Int, columns: Int)? {
    var window = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &window) == 0, window.ws_row >= 4, window.ws_col >= 20 else {
      return nil
    }
    return (Int(window.ws_row), Int(window.ws_col))
  }
}
