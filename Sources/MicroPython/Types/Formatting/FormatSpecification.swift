/// The part of a replacement field after the colon: `[[fill]align][sign][#][0][width][,_][.precision][type]`.
struct FormatSpecification {
  var fill: UInt8?
  var alignment: UInt8?
  var sign: UInt8?
  var showsPrefix = false
  var width: Int?
  var separator: UInt8?
  var precision: Int?
  var type: UInt8?

  /// Nil when something is left over that belongs to no specification. A leading 0 in the width pads numbers with
  /// zeros after the sign.
  init?(_ text: [UInt8], isNumeric: Bool) {
    var rest = text[...]
    func isAlignment(_ byte: UInt8) -> Bool { "<>=^".utf8.contains(byte) }
    if let first = rest.first, isAlignment(first) {
      alignment = rest.removeFirst()
    } else if rest.count > 1, isAlignment(rest[rest.startIndex + 1]) {
      fill = rest.removeFirst()
      alignment = rest.removeFirst()
    }
    if let first = rest.first, "+- ".utf8.contains(first) {
      sign = first == UInt8(ascii: "-") ? nil : first
      rest.removeFirst()
    }
    if rest.first == UInt8(ascii: "#") {
      showsPrefix = true
      rest.removeFirst()
    }
    if rest.first == UInt8(ascii: "0") {
      if alignment == nil && isNumeric { alignment = UInt8(ascii: "=") }
      if fill == nil { fill = UInt8(ascii: "0") }
    }
    width = FormatSpecification.number(&rest)
    if let first = rest.first, first == UInt8(ascii: ",") || first == UInt8(ascii: "_") {
      separator = rest.removeFirst()
    }
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      precision = FormatSpecification.number(&rest)
    }
    if let first = rest.first, "bcdeEfFgGnosxX%".utf8.contains(first) { type = rest.removeFirst() }
    if !rest.isEmpty { return nil }
  }

  init() {}

  /// Digits at the start of `text`, removed from it; nil if there are none. Absurd numbers are cut down.
  static func number(_ text: inout ArraySlice<UInt8>) -> Int? {
    var result: Int?
    while let byte = text.first, ASCII.isDigit(byte) {
      result = min((result ?? 0) * 10 + Int(byte - UInt8(ascii: "0")), 1 << 30)
      text.removeFirst()
    }
    return result
  }

  func layout(isNumeric: Bool) -> NumberFormat {
    var format = NumberFormat()
    format.alignment =
      switch alignment {
      case UInt8(ascii: "<"): .left
      case UInt8(ascii: ">"): .right
      case UInt8(ascii: "="): .afterSign
      case UInt8(ascii: "^"): .center
      default: isNumeric ? .right : .left
      }
    format.fill = fill ?? UInt8(ascii: " ")
    format.width = width ?? 0
    format.precision = precision
    format.plusSign = sign
    format.showsPrefix = showsPrefix
    format.separator = separator
    return format
  }
}
