/// One entry of littlefs's log: a tag and the bytes that belong to it (littlefs SPEC.md, "Metadata tags").
struct LittlefsRecord {
  /// The 11 bits of a tag that say what it is about.
  enum Kind {
    static let file: UInt16 = 0x001
    static let directory: UInt16 = 0x002
    static let superblock: UInt16 = 0x0ff
    static let directoryPair: UInt16 = 0x200
    static let inlineData: UInt16 = 0x201
    static let blockChain: UInt16 = 0x202
    static let attribute: UInt16 = 0x300
    static let create: UInt16 = 0x401
    static let delete: UInt16 = 0x4ff
    static let commitChecksum: UInt16 = 0x500
    static let nextChecksum: UInt16 = 0x5ff
    /// The next directory's metadata.
    static let softTail: UInt16 = 0x600
    /// The rest of this directory.
    static let hardTail: UInt16 = 0x601
    static let moveState: UInt16 = 0x7ff
  }

  /// Stands in a tag that belongs to no entry.
  static let noIdentifier = 0x3ff
  /// Stands for the length of something that is removed.
  private static let removed = 0x3ff

  var kind: UInt16
  var identifier: Int
  /// Nil for an attribute that is removed.
  var data: [UInt8]?

  init(_ kind: UInt16, _ identifier: Int = noIdentifier, _ data: [UInt8]? = []) {
    self.kind = kind
    self.identifier = identifier
    self.data = data
  }

  /// The tag as a number, before it is combined with the tag before it.
  var tag: UInt32 {
    UInt32(kind) << 20 | UInt32(identifier) << 10 | UInt32(data?.count ?? Self.removed)
  }
  /// Bytes that it takes.
  var size: Int { 4 + (data?.count ?? 0) }

  // MARK: Tags that were read

  static func kind(of tag: UInt32) -> UInt16 { UInt16(tag >> 20 & 0x7ff) }
  static func identifier(of tag: UInt32) -> Int { Int(tag >> 10 & 0x3ff) }
  /// Whether the next commit was not written yet.
  static func isInvalid(_ tag: UInt32) -> Bool { tag >> 31 != 0 }
  static func isRemoval(_ tag: UInt32) -> Bool { tag & 0x3ff == 0x3ff }
  /// Bytes behind the tag.
  static func length(of tag: UInt32) -> Int { isRemoval(tag) ? 0 : Int(tag & 0x3ff) }
  static func isCommitChecksum(_ tag: UInt32) -> Bool { kind(of: tag) & 0x780 == Kind.commitChecksum }
}

/// The two blocks that hold one log; whichever has the later revision counts.
struct LittlefsPair: Equatable {
  /// The end of a list.
  static let none = LittlefsPair(first: 0xffff_ffff, second: 0xffff_ffff)
  static let superblocks = LittlefsPair(first: 0, second: 1)

  var first: Int
  var second: Int

  init(first: Int, second: Int) {
    self.first = first
    self.second = second
  }

  /// - Parameter bytes: 8 of them.
  init?(_ bytes: [UInt8]) {
    guard bytes.count == 8 else { return nil }
    first = LittlefsNumber.read(bytes[0..<4])
    second = LittlefsNumber.read(bytes[4..<8])
  }

  var bytes: [UInt8] { LittlefsNumber.bytes(first) + LittlefsNumber.bytes(second) }
  var swapped: LittlefsPair { LittlefsPair(first: second, second: first) }
  /// One of the blocks is no block.
  var isNone: Bool { first == Self.none.first || second == Self.none.first }

  /// Which block is the later one does not matter.
  static func == (left: LittlefsPair, right: LittlefsPair) -> Bool {
    left.first == right.first && left.second == right.second
      || left.first == right.second && left.second == right.first
  }
}

/// Numbers of 32 bits as littlefs stores them: the lowest byte first.
enum LittlefsNumber {
  static func read(_ bytes: some BidirectionalCollection<UInt8>) -> Int {
    bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
  }
  static func bytes(_ number: Int, count: Int = 4) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }
}
