/// A line that a person types at the board's console, with the keys and the redrawing of the board
/// (shared/readline/readline.c): cursor keys, home, end, delete, the Emacs keys A B D E F K N P U, history, completion,
/// indentation of compound statements.
///
/// Beyond the board it takes characters outside of ASCII, which the board drops.
struct LineEditor {
  enum Ending: Equatable {
    /// Enter.
    case line
    /// Ctrl-C, or one of Ctrl-A to Ctrl-E on an empty line.
    case control(UInt8)
  }

  /// The result of a press of the tab key.
  enum Completion {
    case nothing
    case insertion([UInt8])
    /// Several matches, in the form of a list.
    case list([UInt8])
  }

  private enum Escape {
    case none, begun, bracket, o
    /// After `ESC [` and a digit.
    case digit(UInt8)
  }

  /// Everything that was entered, earlier lines of the same statement included.
  private(set) var text: [UInt8] = []
  /// The start of the line that is edited.
  private var start = 0
  /// A position in `text`.
  private var cursor = 0
  private var escape = Escape.none
  /// The line of the history that is shown; -1 for none.
  private var shown = -1
  /// The byte that ended the last line: its counterpart behind it (CR LF) is no second Enter.
  private var lastEnter: UInt8 = 0
  private var indents = true
  private var hasJustIndented = false
  private var prompt: [UInt8] = []
  private let history: LineHistory

  init(history: LineHistory) { self.history = history }

  /// The line without the earlier ones.
  var line: ArraySlice<UInt8> { text[start...] }

  /// Begins a new statement.
  /// - Returns: the output for the terminal.
  mutating func begin(prompt: String) -> [UInt8] {
    text = []
    indents = true
    return beginLine(prompt)
  }

  /// Goes on with the next line of the same statement.
  mutating func goOn(prompt: String) -> [UInt8] {
    text.append(UInt8(ascii: "\n"))
    return beginLine(prompt)
  }

  private mutating func beginLine(_ prompt: String) -> [UInt8] {
    self.prompt = Array(prompt.utf8)
    start = text.count
    cursor = start
    escape = .none
    shown = -1
    let indentation = [UInt8](repeating: UInt8(ascii: " "), count: 4 * indentationDepth())
    if !indentation.isEmpty {
      text += indentation
      cursor = text.count
      hasJustIndented = true
    }
    return self.prompt + indentation
  }

  /// As deep as the line before, one deeper behind a colon, not at all behind two blank lines.
  private func indentationDepth() -> Int {
    guard indents, text.count > 1, text.last == UInt8(ascii: "\n") else { return 0 }
    let lines = text.dropLast().split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    guard let last = lines.last else { return 0 }
    let spaces = last.prefix { $0 == UInt8(ascii: " ") }.count
    if lines.count > 2, spaces == last.count, lines[lines.count - 2].allSatisfy({ $0 == UInt8(ascii: " ") }) {
      return 0
    }
    return spaces / 4 + (text[text.count - 2] == UInt8(ascii: ":") ? 1 : 0)
  }

  // MARK: Keys

  /// Takes one byte that was typed.
  /// - Parameter complete: asked about the line up to the cursor.
  /// - Returns: the output for the terminal, and how the line ended if it did.
  mutating func type(_ byte: UInt8, complete: (ArraySlice<UInt8>) -> Completion) -> (
    output: [UInt8], ending: Ending?
  ) {
    let wasJustIndented = hasJustIndented
    hasJustIndented = false
    guard case .none = escape else { return (continueEscape(byte), nil) }
    if byte != 0x0a && byte != 0x0d { lastEnter = 0 }
    if (0x01...0x05).contains(byte), text.count == start { return ([], .control(byte)) }
    switch byte {
    case 0x01: return (move(to: start), nil)
    case 0x02: return (move(to: cursor - step(-1)), nil)
    case 0x03: return ([], .control(byte))
    case 0x04: return (remove(cursor..<cursor + step(1)), nil)
    case 0x05: return (move(to: text.count), nil)
    case 0x06: return (move(to: cursor + step(1)), nil)
    case 0x0b: return (remove(cursor..<text.count), nil)
    case 0x0e: return (showHistory(shown - 1), nil)
    case 0x10: return (showHistory(shown + 1), nil)
    case 0x15: return (remove(start..<cursor), nil)
    case 0x0a, 0x0d: return enter(byte)
    case 0x1b: escape = .begun
    case 0x08, 0x7f: return (erase(), nil)
    case 0x09 where wasJustIndented: return (leaveIndentation(by: byte), nil)
    case 0x20 where wasJustIndented: return (leaveIndentation(by: byte), nil)
    case 0x09: return (insertTab(complete), nil)
    case 0x20...0x7e, 0x80...: return (insert([byte]), nil)
    default: break
    }
    return ([], nil)
  }

  private mutating func enter(_ byte: UInt8) -> (output: [UInt8], ending: Ending?) {
    guard lastEnter == 0 || lastEnter == byte else {
      lastEnter = 0
      return ([], nil)
    }
    lastEnter = byte
    history.add(Array(line))
    return (Array("\r\n".utf8), .line)
  }

  /// A tab keeps the indentation and ends automatic indenting; a space leaves just itself of the last four.
  private mutating func leaveIndentation(by byte: UInt8) -> [UInt8] {
    indents = false
    return byte == 0x20 ? remove(cursor - 3..<cursor) : []
  }

  private mutating func insertTab(_ complete: (ArraySlice<UInt8>) -> Completion) -> [UInt8] {
    let spaces: [UInt8] = [0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20]
    if cursor > 0, spaces.contains(text[cursor - 1]) { return insert(Array("    ".utf8)) }
    switch complete(text[start..<cursor]) {
    case .nothing: return []
    case .insertion(let bytes): return insert(bytes)
    case .list(let bytes): return bytes + prompt + text[start..<cursor] + rest()
    }
  }

  private mutating func continueEscape(_ byte: UInt8) -> [UInt8] {
    let state = escape
    escape = .none
    switch (state, byte) {
    case (.begun, UInt8(ascii: "[")): escape = .bracket
    case (.begun, UInt8(ascii: "O")): escape = .o
    case (.bracket, UInt8(ascii: "0")...UInt8(ascii: "9")): escape = .digit(byte)
    case (.bracket, UInt8(ascii: "A")): return showHistory(shown + 1)
    case (.bracket, UInt8(ascii: "B")): return showHistory(shown - 1)
    case (.bracket, UInt8(ascii: "C")): return move(to: cursor + step(1))
    case (.bracket, UInt8(ascii: "D")): return move(to: cursor - step(-1))
    case (.bracket, UInt8(ascii: "H")), (.o, UInt8(ascii: "H")): return move(to: start)
    case (.bracket, UInt8(ascii: "F")), (.o, UInt8(ascii: "F")): return move(to: text.count)
    case (.digit(let digit), UInt8(ascii: "~")):
      switch digit {
      case UInt8(ascii: "1"), UInt8(ascii: "7"): return move(to: start)
      case UInt8(ascii: "4"), UInt8(ascii: "8"): return move(to: text.count)
      case UInt8(ascii: "3"): return remove(cursor..<cursor + step(1))
      default: break
      }
    default: break
    }
    return []
  }

  // MARK: Changes, and the output that shows them

  /// Bytes of the character right (1) or left (-1) of the cursor: characters beyond ASCII have several.
  private func step(_ direction: Int) -> Int {
    var count = 0
    while true {
      let index = direction > 0 ? cursor + count : cursor - count - 1
      guard (start..<text.count).contains(index) else { return count }
      count += 1
      let next = direction > 0 ? cursor + count : index
      guard (start..<text.count).contains(next), text[next] & 0xc0 == 0x80 else { return count }
    }
  }

  /// Terminal columns of a stretch of the line, as far as one character takes one.
  private func columns(_ range: Range<Int>) -> Int { text[range].count { $0 & 0xc0 != 0x80 } }

  private func back(_ columns: Int) -> [UInt8] {
    columns <= 4
      ? [UInt8](repeating: 0x08, count: columns) : Array("\u{1B}[\(columns)D".utf8)
  }

  /// The line from the cursor on, which stays where it is.
  private func rest() -> [UInt8] { text[cursor...] + back(columns(cursor..<text.count)) }

  private mutating func move(to target: Int) -> [UInt8] {
    defer { cursor = target }
    // To the right by drawing the characters that are there.
    return target < cursor ? back(columns(target..<cursor)) : Array(text[cursor..<target])
  }

  private mutating func insert(_ bytes: [UInt8]) -> [UInt8] {
    text.insert(contentsOf: bytes, at: cursor)
    cursor += bytes.count
    return bytes + rest()
  }

  private mutating func remove(_ range: Range<Int>) -> [UInt8] {
    guard !range.isEmpty else { return [] }
    let movement = move(to: range.lowerBound)
    text.removeSubrange(range)
    return movement + Array("\u{1B}[K".utf8) + rest()
  }

  /// Backspace: one character, or four spaces of an indentation.
  private mutating func erase() -> [UInt8] {
    let isIndentation = cursor - start >= 4 && text[start..<cursor].allSatisfy { $0 == UInt8(ascii: " ") }
    return remove(cursor - (isIndentation ? 4 : step(-1))..<cursor)
  }

  /// Replaces the line by one of the history, 0 being the newest; -1 is the empty line behind it.
  private mutating func showHistory(_ index: Int) -> [UInt8] {
    guard index < history.lines.count, index >= -1, index != shown else { return [] }
    shown = index
    let movement = move(to: start)
    let old = text.count
    text.replaceSubrange(start..., with: index < 0 ? [] : history.lines[index])
    cursor = text.count
    return movement + (text.count < old ? Array("\u{1B}[K".utf8) : []) + Array(text[start...])
  }
}

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
