/// A file or directory, as its directory has it.
struct FatEntry {
  static let size = 32
  static let readOnly: UInt8 = 0x01
  static let directory: UInt8 = 0x10
  static let archive: UInt8 = 0x20
  static let volumeLabel: UInt8 = 0x08
  /// Attributes of an entry that holds a part of a full name.
  static let namePart: UInt8 = 0x0f

  /// The place of its 32 bytes.
  struct Place: Equatable {
    var sector: Int
    var offset: Int
  }

  let place: Place
  /// The entries of its directory that it takes: the parts of the full name, then itself.
  let slots: ClosedRange<Int>
  let name: String
  var bytes: [UInt8]

  var attributes: UInt8 { bytes[11] }
  var isDirectory: Bool { attributes & Self.directory != 0 }
  var isReadOnly: Bool { attributes & Self.readOnly != 0 }
  /// The upper half is zero on volumes with narrower numbers.
  var cluster: Int { word(26) | word(20) << 16 }
  var size: Int { word(28) | word(30) << 16 }
  var modified: FatTime { FatTime(date: word(24), time: word(22)) }

  private func word(_ offset: Int) -> Int { Int(bytes[offset]) | Int(bytes[offset + 1]) << 8 }

  mutating func set(cluster: Int, size: Int) {
    Self.set(&bytes, cluster: cluster)
    Self.set(&bytes, 28, size, count: 4)
  }

  static func set(_ bytes: inout [UInt8], cluster: Int) {
    set(&bytes, 26, cluster, count: 2)
    set(&bytes, 20, cluster >> 16, count: 2)
  }

  mutating func set(modified time: FatTime) {
    Self.set(&bytes, 22, time.time, count: 2)
    Self.set(&bytes, 24, time.date, count: 2)
  }

  /// The bytes of a new entry.
  static func bytes(_ name: FatName, attributes: UInt8, cluster: Int, time: FatTime) -> [UInt8] {
    var bytes = name.short + [attributes, name.caseFlags] + Array(repeating: 0, count: 19)
    set(&bytes, 14, time.time, count: 2)
    set(&bytes, 16, time.date, count: 2)
    set(&bytes, 22, time.time, count: 2)
    set(&bytes, 24, time.date, count: 2)
    set(&bytes, cluster: cluster)
    return bytes
  }

  private static func set(_ bytes: inout [UInt8], _ offset: Int, _ number: Int, count: Int) {
    for index in 0..<count { bytes[offset + index] = UInt8(truncatingIfNeeded: number >> (8 * index)) }
  }

  // MARK: Parts of full names

  /// Offsets of a part's 13 characters.
  private static let characterOffsets = [1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30]
  static let charactersPerPart = characterOffsets.count
  private static let lastPart: UInt8 = 0x40

  /// - Parameter number: 1 for the part with the beginning of the name.
  static func part(_ number: Int, of name: FatName) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: size)
    let start = (number - 1) * charactersPerPart
    let isLast = start + charactersPerPart >= name.full.count
    bytes[0] = UInt8(number) | (isLast ? lastPart : 0)
    bytes[11] = namePart
    bytes[13] = FatName.checksum(name.short)
    for (index, offset) in characterOffsets.enumerated() {
      let position = start + index
      let unit: UInt16 =
        position < name.full.count ? name.full[position] : position == name.full.count ? 0 : 0xffff
      set(&bytes, offset, Int(unit), count: 2)
    }
    return bytes
  }

  /// Gathers the parts of a full name, which come before the entry itself, the end of the name first.
  struct NameParts {
    private var units: [UInt16] = []
    private var missing = 0
    private var checksum: UInt8 = 0
    private(set) var firstSlot = 0

    mutating func add(_ bytes: [UInt8], slot: Int) {
      let number = Int(bytes[0] & 0x3f)
      if bytes[0] & FatEntry.lastPart != 0 {
        self = NameParts()
        (missing, checksum, firstSlot) = (number, bytes[13], slot)
      }
      guard number == missing, number > 0, bytes[13] == checksum else {
        self = NameParts()
        return
      }
      missing -= 1
      let part = FatEntry.characterOffsets.map { UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8 }
      units = part.prefix { $0 != 0 } + units
    }

    /// The full name of the entry that has this short one, if the parts are its.
    func name(for short: ArraySlice<UInt8>) -> [UInt16]? {
      !units.isEmpty && missing == 0 && checksum == FatName.checksum(short) ? units : nil
    }
  }
}
