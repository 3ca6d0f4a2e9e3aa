/// A name as a FAT directory stores it: in eight and three capitals, and in full when that would lose something.
struct FatName {
  /// The name in UTF-16.
  let full: [UInt16]
  /// Eleven bytes, filled up with spaces.
  private(set) var short: [UInt8]
  /// Whether the short form stands for the whole name: no character is lost or cut off.
  let isShortExact: Bool
  let needsFull: Bool
  /// Flags for the halves of the short name that are lower case.
  let caseFlags: UInt8

  private static let smallBody: UInt8 = 0x08
  private static let smallExtension: UInt8 = 0x10

  /// - Returns: nil for a text that cannot be a name.
  init?(_ text: String) {
    var name = Array(text.utf16)
    while let last = name.last, last == UInt16(ascii: ".") || last == UInt16(ascii: " ") { name.removeLast() }
    guard !name.isEmpty, name.count <= 255,
      !name.contains(where: { $0 < 0x20 || $0 == 0x7f || Self.forbidden.contains($0) })
    else { return nil }
    full = name
    let start = name.firstIndex { $0 != UInt16(ascii: ".") && $0 != UInt16(ascii: " ") } ?? 0
    let dot = name.lastIndex(of: UInt16(ascii: ".")).flatMap { $0 > start ? $0 : nil }
    var body = Half(name[start..<(dot ?? name.count)], limit: 8)
    var ending = Half(name[(dot.map { $0 + 1 } ?? name.count)...], limit: 3)
    isShortExact = start == 0 && !body.isLossy && !ending.isLossy
    needsFull =
      !isShortExact || body.hasBothCases || ending.hasBothCases || body.isWide || ending.isWide
    caseFlags =
      needsFull
      ? 0 : (body.hasSmall ? Self.smallBody : 0) | (ending.hasSmall ? Self.smallExtension : 0)
    body.fill()
    ending.fill()
    short = body.bytes + ending.bytes
    if short[0] == 0xe5 { short[0] = 0x05 }
  }

  /// The special entries `.` and `..`.
  init(dots count: Int) {
    full = []
    short = Array(repeating: UInt8(ascii: "."), count: count)
    short += Array(repeating: UInt8(ascii: " "), count: 11 - count)
    (isShortExact, needsFull, caseFlags) = (true, false, 0)
  }

  /// `"*:<>?|` and the separators of a path's parts.
  private static let forbidden = Set("\"*:<>?|/\\".utf16)

  private struct Half {
    private(set) var bytes: [UInt8] = []
    private let limit: Int
    private(set) var isLossy = false
    private(set) var isWide = false
    private(set) var hasSmall = false
    private var hasCapital = false
    var hasBothCases: Bool { hasSmall && hasCapital }

    init(_ units: ArraySlice<UInt16>, limit: Int) {
      self.limit = limit
      for unit in units {
        guard let byte = UInt8(exactly: unit), byte < 0x80 else {
          isWide = true
          append(UInt8(ascii: "_"), isExact: false)
          continue
        }
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "."): isLossy = true
        case UInt8(ascii: "a")...UInt8(ascii: "z"):
          hasSmall = true
          append(byte - 0x20, isExact: true)
        case UInt8(ascii: "A")...UInt8(ascii: "Z"):
          hasCapital = true
          append(byte, isExact: true)
        default:
          let isAllowed = !Array("+,;=[]".utf8).contains(byte)
          append(isAllowed ? byte : UInt8(ascii: "_"), isExact: isAllowed)
        }
      }
    }

    private mutating func append(_ byte: UInt8, isExact: Bool) {
      if !isExact || bytes.count == limit { isLossy = true }
      if bytes.count < limit { bytes.append(byte) }
    }

    mutating func fill() {
      bytes += Array(repeating: UInt8(ascii: " "), count: limit - bytes.count)
    }
  }

  /// Puts a number at the end of the short name, for one that is taken: `LONGNA~1`. Behind the fifth it is made of the whole name, so
  /// that many names that begin alike find one soon.
  mutating func number(_ number: Int) {
    var sum = UInt32(number)
    if number > 5 {
      for unit in full {
        for bit in 0..<16 {
          sum = sum << 1 + UInt32(unit >> UInt16(bit) & 1)
          if sum & 0x1_0000 != 0 { sum ^= 0x1_1021 }
        }
      }
    }
    let tail = Array("~\(String(sum, radix: 16, uppercase: true))".utf8)
    let length = min(short[..<8].firstIndex(of: UInt8(ascii: " ")) ?? 8, 8 - tail.count)
    let body = short[..<length] + tail
    short.replaceSubrange(0..<8, with: body + Array(repeating: UInt8(ascii: " "), count: 8 - body.count))
  }

  // MARK: Reading

  /// The name that the short form stands for.
  static func text(short: ArraySlice<UInt8>, caseFlags: UInt8) -> String {
    var bytes = Array(short)
    if bytes[0] == 0x05 { bytes[0] = 0xe5 }
    func part(_ range: Range<Int>, _ flag: UInt8) -> String {
      let half = bytes[range].prefix { $0 != UInt8(ascii: " ") }
      let text = String(decoding: half, as: UTF8.self)
      return caseFlags & flag != 0 ? text.lowercased() : text
    }
    let ending = part(8..<11, smallExtension)
    return part(0..<8, smallBody) + (ending.isEmpty ? "" : "." + ending)
  }

  /// Whether the name means the entry that has these names: upper and lower case are the same.
  func matches(full other: [UInt16]?, short otherShort: ArraySlice<UInt8>) -> Bool {
    if let other, other.map(Self.capital) == full.map(Self.capital) { return true }
    return isShortExact && Array(otherShort) == short
  }

  private static func capital(_ unit: UInt16) -> UInt16 {
    (UInt16(ascii: "a")...UInt16(ascii: "z")).contains(unit) ? unit - 0x20 : unit
  }

  /// Returns the checksum that ties the entries of the full name to the short one.
  static func checksum(_ short: some Sequence<UInt8>) -> UInt8 {
    short.reduce(0) { ($0 &>> 1 | $0 &<< 7) &+ $1 }
  }
}

extension UInt16 {
  fileprivate init(ascii scalar: Unicode.Scalar) { self = UInt16(UInt8(ascii: scalar)) }
}
