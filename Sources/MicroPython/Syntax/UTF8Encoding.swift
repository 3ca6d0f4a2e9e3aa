/// UTF-8 as MicroPython writes it: of any code up to U+10FFFF, surrogates among them.
enum UTF8Encoding {
  /// - Precondition: `code` is below 0x110000.
  static func bytes(of code: UInt32) -> [UInt8] {
    switch code {
    case 0..<0x80: [UInt8(code)]
    case 0x80..<0x800: [UInt8(0xc0 | code >> 6), UInt8(0x80 | code & 0x3f)]
    case 0x800..<0x1_0000:
      [UInt8(0xe0 | code >> 12), UInt8(0x80 | code >> 6 & 0x3f), UInt8(0x80 | code & 0x3f)]
    default:
      [
        UInt8(truncatingIfNeeded: 0xf0 | code >> 18), UInt8(0x80 | code >> 12 & 0x3f),
        UInt8(0x80 | code >> 6 & 0x3f), UInt8(0x80 | code & 0x3f),
      ]
    }
  }
}
