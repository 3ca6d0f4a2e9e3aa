import Timebase

/// Writes pictures as PNG files (W3C, Portable Network Graphics, second edition): 8 bits a colour, no filters.
///
/// Compressed as far as pictures of displays need: points that repeat the one before, and rows that repeat the one above
/// (RFC 1951, fixed Huffman codes).
public enum PNG {
  /// The first bytes of every PNG file.
  public static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  static func bytes(of picture: Picture) -> [UInt8] {
    var rows: [UInt8] = []
    rows.reserveCapacity(picture.height * (picture.width * 3 + 1))
    for y in 0..<picture.height {
      // No filter.
      rows.append(0)
      for x in 0..<picture.width {
        let colour = picture[x, y]
        rows += [UInt8(colour >> 16 & 0xFF), UInt8(colour >> 8 & 0xFF), UInt8(colour & 0xFF)]
      }
    }
    // 8 bits of red, green and blue; no interlacing.
    let header = bigEndian(UInt32(picture.width)) + bigEndian(UInt32(picture.height)) + [8, 2, 0, 0, 0]
    return signature + chunk("IHDR", header)
      + chunk("IDAT", Deflate.zlib(rows, distances: [3, picture.width * 3 + 1])) + chunk("IEND", [])
  }

  private static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(type.utf8) + data
    var checksum = Checksum.CRC32()
    for byte in body { checksum.update(byte) }
    return bigEndian(UInt32(data.count)) + body + bigEndian(checksum.value)
  }

  static func bigEndian(_ number: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(number >> $0 & 0xFF) }
  }
}

/// Compresses bytes that repeat what stood at one of a few distances before (RFC 1950 and 1951).
struct Deflate {
  private var bytes: [UInt8] = [0x78, 0x01]
  private var pending: UInt32 = 0
  private var pendingCount = 0

  private static let longest = 258
  /// The largest distance that there is a code for.
  private static let window = 32768

  /// - Parameter distances: distances at which repetitions are looked for.
  static func zlib(_ data: [UInt8], distances: [Int]) -> [UInt8] {
    var deflate = Deflate()
    // The last block, with fixed codes.
    deflate.put(0b011, count: 3)
    var place = 0
    while place < data.count {
      let matches = distances.filter { $0 <= min(place, window) }.map { distance in
        (length: length(of: data, at: place, distance), distance: distance)
      }
      if let best = matches.max(by: { $0.length < $1.length }), best.length >= 3 {
        deflate.repeat(best.length, distance: best.distance)
        place += best.length
      } else {
        deflate.putSymbol(Int(data[place]))
        place += 1
      }
    }
    deflate.putSymbol(256)
    if deflate.pendingCount > 0 { deflate.put(0, count: 8 - deflate.pendingCount) }
    var checksum = Checksum.Adler32()
    for byte in data { checksum.update(byte) }
    return deflate.bytes + PNG.bigEndian(checksum.value)
  }

  private static func length(of data: [UInt8], at place: Int, _ distance: Int) -> Int {
    var length = 0
    while length < longest, place + length < data.count,
      data[place + length] == data[place + length - distance]
    {
      length += 1
    }
    return length
  }

  /// Bits from the lowest on.
  private mutating func put(_ bits: Int, count: Int) {
    pending |= UInt32(bits) << UInt32(pendingCount)
    pendingCount += count
    while pendingCount >= 8 {
      bytes.append(UInt8(pending & 0xFF))
      pending >>= 8
      pendingCount -= 8
    }
  }

  /// A Huffman code, from its highest bit on.
  private mutating func putCode(_ code: Int, count: Int) {
    for place in (0..<count).reversed() { put(code >> place & 1, count: 1) }
  }

  /// RFC 1951, 3.2.6.
  private mutating func putSymbol(_ symbol: Int) {
    switch symbol {
    case 0...143: putCode(0x30 + symbol, count: 8)
    case 144...255: putCode(0x190 + symbol - 144, count: 9)
    case 256...279: putCode(symbol - 256, count: 7)
    default: putCode(0xC0 + symbol - 280, count: 8)
    }
  }

  /// RFC 1951, 3.2.5.
  private mutating func `repeat`(_ length: Int, distance: Int) {
    if length == Self.longest {
      putSymbol(285)
    } else {
      let (symbol, extra, base) = Self.code(length - 3, perPower: 4)
      putSymbol(257 + symbol)
      put(length - 3 - base, count: extra)
    }
    let (symbol, extra, base) = Self.code(distance - 1, perPower: 2)
    putCode(symbol, count: 5)
    put(distance - 1 - base, count: extra)
  }

  /// Codes stand for ranges, so many of them for each power of two.
  /// - Returns: the code, its extra bits, and where its range begins.
  private static func code(_ number: Int, perPower: Int) -> (code: Int, extra: Int, base: Int) {
    guard number >= 2 * perPower else { return (number, 0, number) }
    let power = Int.bitWidth - 1 - number.leadingZeroBitCount
    let extra = power - (perPower == 4 ? 2 : 1)
    let step = number >> extra & (perPower - 1)
    return (perPower * (extra + 1) + step, extra, (perPower + step) << extra)
  }
}

extension Picture {
  /// The bytes of a PNG file.
  public var png: [UInt8] { PNG.bytes(of: self) }
}
