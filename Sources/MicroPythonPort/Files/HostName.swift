/// Names of files as the host has them, which are bytes, and as text.
///
/// Bytes that are not UTF-8 are kept in private-use characters, one a byte, so that any name can be made of
/// the text again.
enum HostName {
  /// Stands for the byte 0x80; the others follow.
  private static let firstEscape: UInt32 = 0xF780
  private static let lastEscape: UInt32 = 0xF7FF

  static func text(_ bytes: some Sequence<UInt8>) -> String {
    let bytes = Array(bytes)
    if let text = String(validating: bytes, as: UTF8.self), !text.unicodeScalars.contains(where: isEscape) {
      return text
    }
    var scalars = String.UnicodeScalarView()
    var rest = bytes[...]
    while let first = rest.first {
      let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
      if let text = String(validating: rest.prefix(length), as: UTF8.self), text.unicodeScalars.count == 1,
        let scalar = text.unicodeScalars.first, !isEscape(scalar)
      {
        scalars.append(scalar)
        rest = rest.dropFirst(length)
      } else {
        scalars.append(escape(first))
        rest = rest.dropFirst()
      }
    }
    return String(scalars)
  }

  /// The bytes that the host knows a name by.
  static func bytes(_ text: String) -> [UInt8] {
    guard text.unicodeScalars.contains(where: isEscape) else { return Array(text.utf8) }
    var bytes: [UInt8] = []
    for scalar in text.unicodeScalars {
      if isEscape(scalar) {
        bytes.append(UInt8(0x80 + scalar.value - firstEscape))
      } else {
        bytes += Array(String(Character(scalar)).utf8)
      }
    }
    return bytes
  }

  /// Whether the bytes of a name are no UTF-8, so that firmware can have them as `bytes` only.
  static func isBytes(_ text: String) -> Bool {
    text.unicodeScalars.contains(where: isEscape) && String(validating: bytes(text), as: UTF8.self) == nil
  }

  /// For calls of the host.
  static func cString(_ text: String) -> [CChar] { (bytes(text) + [0]).map { CChar(bitPattern: $0) } }

  private static func escape(_ byte: UInt8) -> Unicode.Scalar {
    // Bytes below 0x80 are characters of their own; those above it are the 128 escapes, which are no surrogates.
    Unicode.Scalar(firstEscape + UInt32(byte) - 0x80) ?? "\u{FFFD}"
  }

  private static func isEscape(_ scalar: Unicode.Scalar) -> Bool {
    (firstEscape...lastEscape).contains(scalar.value)
  }
}
