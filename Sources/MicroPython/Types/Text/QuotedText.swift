import Diagnostics

/// How `repr` and JSON show strings.
enum QuotedText {
  /// A `str` in quotes. Characters beyond ASCII are shown as they are, surrogates and impossible ones escaped.
  static func write(string: UnsafeBufferPointer<UInt8>, to output: inout TextOutput) {
    let quote = quote(for: string)
    output.bytes.append(quote)
    var position = 0
    while position < string.count {
      let byte = string[position]
      if byte < 0x80 {
        writeEscaped(byte, quote: quote, to: &output)
        position += 1
        continue
      }
      var end = position + 1
      while end < string.count && UTF8Text.isContinuation(string[end]) { end += 1 }
      let character = string[position..<end]
      let codePoint = UTF8Text.decode(character)
      switch codePoint {
      // The code point of a character that was cut short.
      case ..<0x80: writeEscaped(UInt8(codePoint), quote: quote, to: &output)
      case ..<0xd800, 0xe000..<0x110000: output.write(character)
      case ..<0x10000: output.write("\\u" + codePoint.hexadecimal(digits: 4))
      default: output.write("\\U" + codePoint.hexadecimal(digits: 8))
      }
      position = end
    }
    output.bytes.append(quote)
  }

  /// The contents of a `bytes` or `bytearray` in quotes, without the `b`.
  static func write(bytes: UnsafeBufferPointer<UInt8>, to output: inout TextOutput) {
    let quote = quote(for: bytes)
    output.bytes.append(quote)
    for byte in bytes { writeEscaped(byte, quote: quote, to: &output) }
    output.bytes.append(quote)
  }

  /// As JSON wants it.
  static func write(json text: UnsafeBufferPointer<UInt8>, to output: inout TextOutput) {
    output.bytes.append(UInt8(ascii: "\""))
    for byte in text {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): output.bytes += [UInt8(ascii: "\\"), byte]
      case 0x20...: output.bytes.append(byte)
      case UInt8(ascii: "\n"): output.write("\\n")
      case UInt8(ascii: "\r"): output.write("\\r")
      case UInt8(ascii: "\t"): output.write("\\t")
      default: output.write("\\u" + byte.hexadecimal(digits: 4))
      }
    }
    output.bytes.append(UInt8(ascii: "\""))
  }

  /// Double quotes only where they save escaping single ones.
  private static func quote(for text: UnsafeBufferPointer<UInt8>) -> UInt8 {
    text.contains(UInt8(ascii: "'")) && !text.contains(UInt8(ascii: "\""))
      ? UInt8(ascii: "\"") : UInt8(ascii: "'")
  }

  private static func writeEscaped(_ byte: UInt8, quote: UInt8, to output: inout TextOutput) {
    switch byte {
    case quote, UInt8(ascii: "\\"): output.bytes += [UInt8(ascii: "\\"), byte]
    case 0x20..<0x7f: output.bytes.append(byte)
    case UInt8(ascii: "\n"): output.write("\\n")
    case UInt8(ascii: "\r"): output.write("\\r")
    case UInt8(ascii: "\t"): output.write("\\t")
    default: output.write("\\x" + byte.hexadecimal(digits: 2))
    }
  }
}
