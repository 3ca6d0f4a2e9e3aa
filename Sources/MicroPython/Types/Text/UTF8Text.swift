/// UTF-8 as MicroPython keeps strings in it; surrogates written as escapes are allowed.
enum UTF8Text {
  static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xc0 == 0x80 }

  static func characterCount(_ bytes: some Collection<UInt8>) -> Int {
    bytes.reduce(into: 0) { count, byte in if !isContinuation(byte) { count += 1 } }
  }

  /// Bytes of the character that starts with `lead`.
  static func length(ofLead lead: UInt8) -> Int {
    lead < 0x80 ? 1 : max(1, (~lead).leadingZeroBitCount)
  }

  static func encode(_ codePoint: Int) -> [UInt8] {
    func continuation(_ shift: Int) -> UInt8 { UInt8(0x80 | codePoint >> shift & 0x3f) }
    return switch codePoint {
    case ..<0x80: [UInt8(codePoint)]
    case ..<0x800: [UInt8(0xc0 | codePoint >> 6), continuation(0)]
    case ..<0x10000: [UInt8(0xe0 | codePoint >> 12), continuation(6), continuation(0)]
    default: [UInt8(0xf0 | codePoint >> 18 & 0x07), continuation(12), continuation(6), continuation(0)]
    }
  }

  /// The code point of the character at `index`.
  static func decode(_ bytes: some RandomAccessCollection<UInt8>) -> Int {
    guard let lead = bytes.first else { return 0 }
    if lead < 0x80 { return Int(lead) }
    let mask = 0x7f >> length(ofLead: lead)
    return bytes.dropFirst().reduce(Int(lead) & mask) { $0 << 6 | Int($1 & 0x3f) }
  }

  /// Whether lead and continuation bytes go together; the encoded characters are not looked at.
  static func isValid(_ bytes: some Collection<UInt8>) -> Bool {
    var expected = 0
    for byte in bytes {
      if expected > 0 {
        guard isContinuation(byte) else { return false }
        expected -= 1
      } else if byte >= 0xc0 {
        guard byte < 0xf8 else { return false }
        expected = length(ofLead: byte) - 1
      } else if byte >= 0x80 {
        return false
      }
    }
    return expected == 0
  }
}
