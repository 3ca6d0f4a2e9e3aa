import Diagnostics

/// Bytes as MicroPython prints them: `b'ready\n'`.
public struct BytesLiteral: CustomStringConvertible {
  public let description: String

  public init(_ bytes: some Sequence<UInt8>) {
    let bytes = Array(bytes)
    let hasSingleQuotesOnly = bytes.contains(UInt8(ascii: "'")) && !bytes.contains(UInt8(ascii: "\""))
    let quote: Character = hasSingleQuotesOnly ? "\"" : "'"
    var text = "b\(quote)"
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "\n"): text += "\\n"
      case UInt8(ascii: "\r"): text += "\\r"
      case UInt8(ascii: "\t"): text += "\\t"
      case UInt8(ascii: "\\"): text += "\\\\"
      case UInt8(ascii: "'") where !hasSingleQuotesOnly: text += "\\'"
      case 0x20..<0x7F: text.unicodeScalars.append(Unicode.Scalar(byte))
      default: text += "\\x" + byte.hexadecimal(digits: 2)
      }
    }
    description = text + String(quote)
  }
}
