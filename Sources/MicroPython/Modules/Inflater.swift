/// Decompresses a DEFLATE stream (RFC 1951), byte by byte as it is asked to.
///
/// `nextByte` gives the compressed bytes; its errors pass through.
struct Inflater<Failure: Error> {
  enum Problem: Error {
    case corrupted
    case source(Failure)
  }

  private let nextByte: () throws(Failure) -> UInt8
  private var bits: UInt32 = 0
  private var bitCount = 0
  private var window: [UInt8]
  private var windowPosition = 0
  private var windowFill = 0

  private enum State {
    case betweenBlocks
    case stored(remaining: Int)
    case compressed(literals: HuffmanCode, distances: HuffmanCode)
    case copying(length: Int, distance: Int, literals: HuffmanCode, distances: HuffmanCode)
    case ended
  }
  private var state = State.betweenBlocks
  private var isLastBlock = false

  /// - Parameter windowSize: how far back copies may reach, in bytes.
  init(windowSize: Int, nextByte: @escaping () throws(Failure) -> UInt8) {
    self.nextByte = nextByte
    window = [UInt8](repeating: 0, count: windowSize)
  }

  /// The next decompressed byte, or nil at the end.
  mutating func next() throws(Problem) -> UInt8? {
    while true {
      switch state {
      case .ended: return nil
      case .betweenBlocks:
        if isLastBlock {
          state = .ended
        } else {
          try readBlockHeader()
        }
      case .stored(0): state = .betweenBlocks
      case .stored(let remaining):
        state = .stored(remaining: remaining - 1)
        return emit(UInt8(try read(8)))
      case .compressed(let literals, let distances):
        let symbol = try decode(literals)
        if symbol < 256 { return emit(UInt8(symbol)) }
        if symbol == 256 {
          state = .betweenBlocks
        } else {
          let (length, distance) = try readCopy(symbol, distances)
          state = .copying(length: length, distance: distance, literals: literals, distances: distances)
        }
      case .copying(0, _, let literals, let distances):
        state = .compressed(literals: literals, distances: distances)
      case .copying(let length, let distance, let literals, let distances):
        state = .copying(length: length - 1, distance: distance, literals: literals, distances: distances)
        return emit(window[(windowPosition + window.count - distance) % window.count])
      }
    }
  }

  /// Bytes that follow the compressed data, such as a checksum: the next whole byte.
  mutating func nextTrailingByte() throws(Problem) -> UInt8 {
    _ = try read(bitCount % 8)
    return UInt8(try read(8))
  }

  private mutating func emit(_ byte: UInt8) -> UInt8 {
    window[windowPosition] = byte
    windowPosition = (windowPosition + 1) % window.count
    windowFill = min(windowFill + 1, window.count)
    return byte
  }

  private mutating func read(_ count: Int) throws(Problem) -> Int {
    while bitCount < count {
      do throws(Failure) { bits |= UInt32(try nextByte()) << UInt32(bitCount) } catch { throw .source(error) }
      bitCount += 8
    }
    let value = bits & ((1 << UInt32(count)) - 1)
    bits >>= UInt32(count)
    bitCount -= count
    return Int(value)
  }

  private mutating func readBlockHeader() throws(Problem) {
    isLastBlock = try read(1) == 1
    switch try read(2) {
    case 0:
      _ = try read(bitCount % 8)
      let length = try read(16)
      guard try read(16) == ~length & 0xffff else { throw .corrupted }
      state = .stored(remaining: length)
    case 1:
      let lengths = (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 }
      state = .compressed(
        literals: HuffmanCode(lengths: lengths),
        distances: HuffmanCode(lengths: Array(repeating: 5, count: 30)))
    case 2: try readDynamicCodes()
    default: throw .corrupted
    }
  }

  private mutating func readDynamicCodes() throws(Problem) {
    let literalCount = try read(5) + 257
    let distanceCount = try read(5) + 1
    let lengthCount = try read(4) + 4
    let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    var codeLengths = [Int](repeating: 0, count: 19)
    for index in 0..<lengthCount { codeLengths[order[index]] = try read(3) }
    let code = HuffmanCode(lengths: codeLengths)
    var lengths: [Int] = []
    while lengths.count < literalCount + distanceCount {
      let symbol = try decode(code)
      switch symbol {
      case 16:
        guard let last = lengths.last else { throw .corrupted }
        lengths += Array(repeating: last, count: try read(2) + 3)
      case 17: lengths += Array(repeating: 0, count: try read(3) + 3)
      case 18: lengths += Array(repeating: 0, count: try read(7) + 11)
      default: lengths.append(symbol)
      }
    }
    guard lengths.count == literalCount + distanceCount else { throw .corrupted }
    state = .compressed(
      literals: HuffmanCode(lengths: Array(lengths[..<literalCount])),
      distances: HuffmanCode(lengths: Array(lengths[literalCount...])))
  }

  private mutating func decode(_ code: HuffmanCode) throws(Problem) -> Int {
    var value = 0
    var first = 0
    var index = 0
    for length in 1...15 {
      value |= try read(1)
      let count = code.counts[length]
      if value - first < count { return code.symbols[index + value - first] }
      index += count
      first = (first + count) << 1
      value <<= 1
    }
    throw .corrupted
  }

  private mutating func readCopy(_ symbol: Int, _ distances: HuffmanCode) throws(Problem) -> (Int, Int) {
    let lengthIndex = symbol - 257
    guard lengthIndex < 29 else { throw .corrupted }
    let length =
      lengthIndex == 28
      ? 258
      : lengthIndex < 8
        ? lengthIndex + 3
        : ((4 + lengthIndex % 4) << (lengthIndex / 4 - 1)) + 3 + (try read(lengthIndex / 4 - 1))
    let distanceIndex = try decode(distances)
    guard distanceIndex < 30 else { throw .corrupted }
    let distance =
      distanceIndex < 4
      ? distanceIndex + 1
      : ((2 + distanceIndex % 2) << (distanceIndex / 2 - 1)) + 1 + (try read(distanceIndex / 2 - 1))
    guard distance <= windowFill else { throw .corrupted }
    return (length, distance)
  }
}

/// A canonical Huffman code: how many codes of each length there are, and the symbols in order of their codes.
struct HuffmanCode {
  fileprivate var counts = [Int](repeating: 0, count: 16)
  fileprivate var symbols: [Int] = []

  /// - Parameter lengths: of each symbol's code, 0 for unused symbols, at most 15.
  init(lengths: [Int]) {
    for length in 1...15 {
      for (symbol, symbolLength) in lengths.enumerated() where symbolLength == length {
        counts[length] += 1
        symbols.append(symbol)
      }
    }
  }
}
