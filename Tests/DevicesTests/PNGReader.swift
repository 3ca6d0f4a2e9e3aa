/// Reads the PNG files that this project writes: fixed Huffman codes, no filters (RFC 1951, 3.2.5 and 3.2.6).
struct PNGReader {
  let width: Int
  let height: Int
  private let rows: [UInt8]

  init?(_ bytes: [UInt8]) {
    guard bytes.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] else { return nil }
    func number(_ place: Int) -> Int { bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
    width = number(16)
    height = number(20)
    // Signature, header with its check sum; then the picture.
    let data = Array(bytes[(33 + 8)..<(33 + 8 + number(33))])
    guard let rows = Self.inflate(Array(data.dropFirst(2).dropLast(4))) else { return nil }
    self.rows = rows
    guard rows.count == height * (width * 3 + 1) else { return nil }
  }

  subscript(x: Int, y: Int) -> UInt32 {
    let place = y * (width * 3 + 1) + 1 + x * 3
    return UInt32(rows[place]) << 16 | UInt32(rows[place + 1]) << 8 | UInt32(rows[place + 2])
  }

  private static func inflate(_ data: [UInt8]) -> [UInt8]? {
    var place = 0
    var output: [UInt8] = []
    func bit() -> Int {
      defer { place += 1 }
      return place / 8 < data.count ? Int(data[place / 8] >> UInt8(place % 8) & 1) : 0
    }
    func bits(_ count: Int) -> Int { (0..<count).reduce(0) { $0 | bit() << $1 } }
    func code(_ count: Int, _ start: Int = 0) -> Int {
      (0..<count).reduce(start) { code, _ in code << 1 | bit() }
    }
    guard bits(3) == 0b011 else { return nil }
    while place / 8 < data.count {
      let seven = code(7)
      var symbol: Int
      if seven < 0x18 {
        symbol = 256 + seven
      } else {
        let eight = code(1, seven)
        if (0x30...0xBF).contains(eight) {
          symbol = eight - 0x30
        } else if (0xC0...0xC7).contains(eight) {
          symbol = 280 + eight - 0xC0
        } else {
          symbol = 144 + code(1, eight) - 0x190
        }
      }
      if symbol < 256 {
        output.append(UInt8(symbol))
        continue
      }
      if symbol == 256 { return output }
      symbol -= 257
      var length = 258
      if symbol < 28 {
        let extra = max(0, symbol / 4 - 1)
        length = 3 + (symbol < 8 ? symbol : (4 + symbol % 4) << extra) + bits(extra)
      }
      let distanceCode = code(5)
      let extra = max(0, distanceCode / 2 - 1)
      let distance = 1 + (distanceCode < 4 ? distanceCode : (2 + distanceCode % 2) << extra) + bits(extra)
      guard distance <= output.count else { return nil }
      for _ in 0..<length { output.append(output[output.count - distance]) }
    }
    return nil
  }
}
