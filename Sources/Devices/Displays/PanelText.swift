import Fonts

/// Reads text off a display of points, as far as it is written in the font of `framebuf`.
enum PanelText {
  /// Characters by their glyphs; a blank is none.
  private static let characters: [UInt64: Character] = Dictionary(
    (UInt8(0x21)..<0x7F).map { (FrameBufferFont.glyph($0), Character(Unicode.Scalar($0))) }
  ) { first, _ in first }

  private struct Line {
    var x: Int
    var y: Int
    var text: String
    /// How many characters are no blanks.
    var count: Int
  }

  /// - Parameters:
  ///   - height: at most 64.
  ///   - isLit: whether the point in a column and a row is lit.
  /// - Returns: the lines from top to bottom; where two begin in one row, with a blank between them.
  static func text(width: Int, height: Int, isLit: (Int, Int) -> Bool) -> String {
    let columns = (0..<width).map { x in
      (0..<height).reduce(UInt64(0)) { $0 | (isLit(x, $1) ? 1 << UInt64($1) : 0) }
    }
    guard height >= 8, columns.contains(where: { $0 != 0 }) else { return "" }
    var candidates: [Line] = []
    for y in 0...(height - 8) { candidates += lines(at: y, in: columns) }
    // Text that was found in more characters is what was written; what overlaps it was found by chance.
    candidates.sort { ($0.count, -$0.y, -$0.x) > ($1.count, -$1.y, -$1.x) }
    var found: [Line] = []
    for line in candidates where !found.contains(where: { overlap($0, line) }) { found.append(line) }
    let rows = Dictionary(grouping: found, by: \.y).sorted { $0.key < $1.key }
    return rows.map { $0.value.sorted { $0.x < $1.x }.map(\.text).joined(separator: " ") }.joined(
      separator: "\n")
  }

  private static func overlap(_ first: Line, _ second: Line) -> Bool {
    abs(first.y - second.y) < 8 && first.x < second.x + second.text.count * 8
      && second.x < first.x + first.text.count * 8
  }

  /// Runs of characters whose glyphs begin in one row, each eight points behind the one before, with at most two blanks between two of them.
  private static func lines(at y: Int, in columns: [UInt64]) -> [Line] {
    guard columns.count >= 8 else { return [] }
    let bytes = columns.map { UInt64($0 >> UInt64(y) & 0xFF) }
    var lines: [Line] = []
    var x = 0
    while x + 8 <= bytes.count {
      guard let first = character(at: x, in: bytes) else {
        x += 1
        continue
      }
      var line = Line(x: x, y: y, text: String(first), count: 1)
      var (next, blanks) = (x + 8, 0)
      while next + 8 <= bytes.count, blanks < 3 {
        if let character = character(at: next, in: bytes) {
          line.text += String(repeating: " ", count: blanks) + String(character)
          line.count += 1
          blanks = 0
        } else if bytes[next..<next + 8].allSatisfy({ $0 == 0 }) {
          blanks += 1
        } else {
          break
        }
        next += 8
      }
      lines.append(line)
      x += line.text.count * 8
    }
    return lines
  }

  /// The character whose glyph stands there.
  private static func character(at x: Int, in bytes: [UInt64]) -> Character? {
    // The first column is the highest byte of a glyph.
    let glyph = bytes[x..<x + 8].reduce(UInt64(0)) { $0 << 8 | $1 }
    return characters[glyph]
  }
}
