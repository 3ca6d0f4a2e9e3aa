/// A line that a person types at a terminal, with the keys of the board's console.
struct LineEditor {
  enum End {
    case line
    /// Ctrl-D on an empty line.
    case endOfFile
  }

  private enum Escape {
    case begun
    /// After `ESC [`, with what came since.
    case parameters([UInt8])
  }

  private(set) var line: [UInt8] = []
  private var cursor = 0
  private var escape: Escape?

  /// Takes one byte that was typed.
  /// - Returns: what the terminal is to be sent, and whether the line is complete.
  mutating func type(_ byte: UInt8) -> (echo: [UInt8], end: End?) {
    if let escape { return (continueEscape(escape, byte), nil) }
    switch byte {
    case 0x0a, 0x0d: return (Array("\n".utf8), .line)
    case 0x04 where line.isEmpty: return (Array("\n".utf8), .endOfFile)
    case 0x01: return (move(to: 0), nil)
    case 0x05: return (move(to: line.count), nil)
    case 0x02: return (move(to: cursor - step(-1)), nil)
    case 0x06: return (move(to: cursor + step(1)), nil)
    case 0x0b: return (remove(cursor..<line.count), nil)
    case 0x15: return (remove(0..<cursor), nil)
    case 0x08, 0x7f: return (remove(cursor - step(-1)..<cursor), nil)
    case 0x1b:
      escape = .begun
      return ([], nil)
    case 0x20...: return (insert(byte), nil)
    default: return ([], nil)
    }
  }

  private mutating func continueEscape(_ state: Escape, _ byte: UInt8) -> [UInt8] {
    escape = nil
    switch state {
    case .begun:
      if byte == UInt8(ascii: "[") || byte == UInt8(ascii: "O") { escape = .parameters([]) }
      return []
    case .parameters(let before):
      switch byte {
      case UInt8(ascii: "C"): return move(to: cursor + step(1))
      case UInt8(ascii: "D"): return move(to: cursor - step(-1))
      case UInt8(ascii: "H"): return move(to: 0)
      case UInt8(ascii: "F"): return move(to: line.count)
      case UInt8(ascii: "~"):
        switch before.first {
        case UInt8(ascii: "1"), UInt8(ascii: "7"): return move(to: 0)
        case UInt8(ascii: "4"), UInt8(ascii: "8"): return move(to: line.count)
        case UInt8(ascii: "3"): return remove(cursor..<cursor + step(1))
        default: return []
        }
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: ";"):
        escape = .parameters(before + [byte])
        return []
      default: return []
      }
    }
  }

  /// Bytes of the character right (1) or left (-1) of the cursor: characters beyond ASCII have several.
  private func step(_ direction: Int) -> Int {
    var count = 0
    repeat {
      let index = direction > 0 ? cursor + count : cursor - count - 1
      guard line.indices.contains(index) else { break }
      count += 1
      let next = direction > 0 ? cursor + count : index
      guard line.indices.contains(next), line[next] & 0xc0 == 0x80 else { break }
    } while true
    return count
  }

  /// Terminal columns of a stretch of the line, as far as one character takes one.
  private func columns(_ range: Range<Int>) -> Int { line[range].count { $0 & 0xc0 != 0x80 } }

  private mutating func move(to target: Int) -> [UInt8] {
    defer { cursor = target }
    let (range, direction) = target < cursor ? (target..<cursor, "D") : (cursor..<target, "C")
    return jump(columns(range), direction)
  }

  private func jump(_ columns: Int, _ direction: String) -> [UInt8] {
    columns == 0 ? [] : Array("\u{1B}[\(columns)\(direction)".utf8)
  }

  private mutating func insert(_ byte: UInt8) -> [UInt8] {
    line.insert(byte, at: cursor)
    cursor += 1
    let rest = cursor..<line.count
    return [byte] + Array(line[rest]) + jump(columns(rest), "D")
  }

  private mutating func remove(_ range: Range<Int>) -> [UInt8] {
    guard !range.isEmpty else { return [] }
    let echo = move(to: range.lowerBound)
    line.removeSubrange(range)
    let rest = cursor..<line.count
    return echo + Array(line[rest]) + Array("\u{1B}[K".utf8) + jump(columns(rest), "D")
  }
}
