/// Checksums that are continued byte by byte.
package enum Checksum {
  /// CRC-32 as in zip files.
  package struct CRC32 {
    private var state: UInt32

    /// - Parameter start: the checksum of the bytes before.
    package init(from start: UInt32 = 0) { state = ~start }

    package var value: UInt32 { ~state }

    package mutating func update(_ byte: UInt8) {
      state ^= UInt32(byte)
      for _ in 0..<8 { state = state & 1 == 0 ? state >> 1 : state >> 1 ^ 0xedb8_8320 }
    }
  }

  /// Adler-32 as in zlib streams.
  package struct Adler32 {
    private var low: UInt32 = 1
    private var high: UInt32 = 0

    package init() {}

    package var value: UInt32 { high << 16 | low }

    package mutating func update(_ byte: UInt8) {
      low = (low + UInt32(byte)) % 65521
      high = (high + low) % 65521
    }
  }
}
