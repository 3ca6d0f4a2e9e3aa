import Testing

@testable import MicroPython

@Suite struct InflaterTests {
  private struct OutOfData: Error {}

  private func inflate(_ compressed: [UInt8]) throws -> [UInt8] {
    var position = 0
    var inflater = Inflater(windowSize: 512) { () throws(OutOfData) -> UInt8 in
      guard position < compressed.count else { throw OutOfData() }
      position += 1
      return compressed[position - 1]
    }
    var data: [UInt8] = []
    while let byte = try inflater.next() { data.append(byte) }
    return data
  }

  @Test func storedFixedAndDynamicBlocks() throws {
    #expect(try inflate([0x01, 0x03, 0x00, 0xfc, 0xff, 0x61, 0x62, 0x63]) == Array("abc".utf8))
    #expect(try inflate([0x4b, 0x4c, 0x4c, 0x4a, 0x4a, 0x84, 0x62, 0x00]) == Array("aabbaabbaabb".utf8))
    let dynamic: [UInt8] = [
      0x95, 0x8c, 0xc1, 0x11, 0x00, 0x30, 0x08, 0xc2, 0x66, 0x25, 0x1e, 0xfb, 0xaf, 0x50, 0xc4,
      0x09, 0x9a, 0x17, 0x12, 0x4e, 0xec, 0x39, 0x90, 0x00, 0x87, 0xb1, 0x93, 0x14, 0xce, 0x6d,
      0xa7, 0xaa, 0x5e, 0x55, 0x19, 0x70, 0x6a, 0x13, 0xdf, 0x5f, 0x1e,
    ]
    // Runs of 0 to 4 equal letters, chosen by squares.
    let text = (0..<60).flatMap { Array(repeating: UInt8(97 + $0 * $0 % 7), count: $0 % 5) }
    #expect(try inflate(dynamic) == text)
  }

  @Test func damageIsFound() {
    #expect(throws: (any Error).self) { try inflate([0x07]) }
    #expect(throws: (any Error).self) { try inflate([0x4b, 0x4c]) }
    #expect(throws: (any Error).self) { try inflate([0x4b, 0x04, 0xff, 0xff]) }
    #expect(throws: (any Error).self) { try inflate([0x01, 0x03, 0x00, 0xfd, 0xff, 0x61]) }
  }
}
