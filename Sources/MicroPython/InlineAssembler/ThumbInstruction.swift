/// Inline assembler: one table of instructions (`ThumbTable`), from which assembling, decoding, executing and timing follow.
///
/// Sources: MicroPython's "Inline assembler for Thumb2 architectures" for the source language, the ARMv7-M
/// Architecture Reference Manual for encodings and results, the Cortex-M4 Technical Reference Manual (3.3.1)
/// for cycles.
struct ThumbInstruction: Sendable {
  typealias Execution = @Sendable (ThumbProcessor, ThumbOperands) throws(Raised) -> Void

  /// The name that firmware writes; nil for an instruction that only `data()` can bring.
  let name: String?
  let operands: [ThumbOperand]
  let encoding: ThumbEncoding
  /// The least that a processor has to have.
  let architecture: ThumbArchitecture
  /// Cycles when no branch is taken.
  let cycles: Int
  /// Whether it is there for the flags, which it sets in an IT block too.
  let isComparison: Bool
  let execute: Execution

  /// - Parameter encoding: bits from the highest, 16 or 32 of them: `0`, `1`, and a letter for each bit of an operand's field.
  init(
    _ name: String?, _ operands: [ThumbOperand], _ encoding: String,
    architecture: ThumbArchitecture = .armv7em, cycles: Int = 1, isComparison: Bool = false,
    _ execute: @escaping Execution
  ) {
    self.name = name
    self.operands = operands
    self.encoding = ThumbEncoding(encoding)
    self.architecture = architecture
    self.cycles = cycles
    self.isComparison = isComparison
    self.execute = execute
  }
}

/// A processor's instructions, from fewer to more.
package enum ThumbArchitecture: Int, Sendable, Comparable {
  /// Cortex-M0+ (RP2040).
  case armv6m
  /// Cortex-M4 with its single-precision floating-point unit (STM32F4).
  case armv7em

  package static func < (left: ThumbArchitecture, right: ThumbArchitecture) -> Bool {
    left.rawValue < right.rawValue
  }
}

/// The operands of one decoded instruction, in the order in which they are written. An address takes two.
struct ThumbOperands: Sendable {
  var a: UInt32 = 0
  var b: UInt32 = 0
  var c: UInt32 = 0
  var d: UInt32 = 0

  init(_ values: [UInt32]) {
    if values.count > 0 { a = values[0] }
    if values.count > 1 { b = values[1] }
    if values.count > 2 { c = values[2] }
    if values.count > 3 { d = values[3] }
  }
}

/// How an operand is written, its range, and which field of the encoding has it.
enum ThumbOperand: Sendable {
  /// A core register up to `r(most)`.
  case register(Character, most: Int)
  /// A core register that the encoding has twice.
  case doubledRegister(Character)
  /// A register of the floating-point unit. Its number's lowest bit lies apart from the others, before or behind them.
  case float(Character, isLowestFirst: Bool = true)
  /// An integer all of whose bits are in `mask`; the field has it shifted to the right.
  case integer(Character, mask: UInt32, shift: UInt32 = 0)
  /// An integer of 16 bits in the pieces that MOVW and MOVT have it in.
  case halfword(Character)
  /// `[register, integer]`
  case address(base: Character, most: Int, offset: Character, mask: UInt32, shift: UInt32)
  /// `{r0, r1, …}`, which a 16-bit encoding has eight bits of and one for LR or PC.
  case registers(Character)
  /// The distance of a label from PC.
  case label(Character, ThumbBranchReach)
  /// `eq`, `ne` …, as an operand of its own (`it`).
  case condition(Character)
  /// `IPSR`, `BASEPRI`
  case specialRegister(Character)
  /// Always this word; it has no field.
  case word(String)
  /// `APSR_nzcv`, which is register 15 in the field, or a core register.
  case flagsOrRegister(Character)
  /// Anything at all, without a meaning (the `i` of `cpsid(i)`).
  case ignored
}

/// How far a branch goes, and how its encoding has the distance.
enum ThumbBranchReach: Sendable {
  /// 8 bits of halfwords: a conditional branch of 16 bits.
  case narrowConditional
  /// 11 bits of halfwords.
  case narrow
  /// 20 bits of halfwords, in the pieces of encoding T3.
  case wideConditional
  /// 24 bits of halfwords, in the pieces of BL.
  case link

  /// Whether MicroPython takes the distance.
  func reaches(_ distance: Int) -> Bool {
    switch self {
    case .narrowConditional: (-256..<256).contains(distance)
    case .narrow: (-2048..<2048).contains(distance)
    case .wideConditional: true
    case .link: (-(1 << 22)..<(1 << 22)).contains(distance)
    }
  }

  /// The field for a distance in bytes.
  func field(of distance: Int) -> UInt32 {
    let halfwords = UInt32(bitPattern: Int32(truncatingIfNeeded: distance >> 1))
    switch self {
    case .narrowConditional: return halfwords & 0xff
    case .narrow: return halfwords & 0x7ff
    case .wideConditional:
      // S:J2:J1:imm6:imm11, written as S imm6 J1 J2 imm11.
      let (sign, j2, j1) = (halfwords >> 19 & 1, halfwords >> 18 & 1, halfwords >> 17 & 1)
      return sign << 19 | (halfwords >> 11 & 0x3f) << 13 | j1 << 12 | j2 << 11 | halfwords & 0x7ff
    case .link:
      // S:I1:I2:imm10:imm11 with J = NOT(I XOR S), written as S imm10 J1 J2 imm11.
      let (sign, i1, i2) = (halfwords >> 23 & 1, halfwords >> 22 & 1, halfwords >> 21 & 1)
      let (j1, j2) = (i1 ^ sign ^ 1, i2 ^ sign ^ 1)
      return sign << 23 | (halfwords >> 11 & 0x3ff) << 13 | j1 << 12 | j2 << 11 | halfwords & 0x7ff
    }
  }

  /// The distance in bytes, as a word.
  func distance(of field: UInt32) -> UInt32 {
    func extended(_ halfwords: UInt32, _ bits: UInt32) -> UInt32 {
      UInt32(bitPattern: Int32(bitPattern: halfwords << (32 - bits)) >> Int32(31 - bits))
    }
    switch self {
    case .narrowConditional: return extended(field, 8)
    case .narrow: return extended(field, 11)
    case .wideConditional:
      let (sign, j1, j2) = (field >> 19 & 1, field >> 12 & 1, field >> 11 & 1)
      return extended(
        sign << 19 | j2 << 18 | j1 << 17 | (field >> 13 & 0x3f) << 11 | field & 0x7ff, 20)
    case .link:
      let (sign, j1, j2) = (field >> 23 & 1, field >> 12 & 1, field >> 11 & 1)
      return extended(
        sign << 23 | (j1 ^ sign ^ 1) << 22 | (j2 ^ sign ^ 1) << 21 | (field >> 13 & 0x3ff) << 11
          | field & 0x7ff, 24)
    }
  }
}

/// The conditions of branches and IT blocks.
enum ThumbCondition {
  /// In the order of their numbers.
  static let names = ["eq", "ne", "cs", "cc", "mi", "pl", "vs", "vc", "hi", "ls", "ge", "lt", "gt", "le"]
}

/// The bits of an instruction: those that are fixed and where each operand's are.
struct ThumbEncoding: Sendable {
  let isWide: Bool
  let mask: UInt32
  let value: UInt32
  /// For each letter the places of its bits, the field's highest first.
  private let fields: [Character: [UInt32]]

  init(_ text: String) {
    let bits = text.filter { $0 != " " }
    precondition(bits.count == 16 || bits.count == 32, "the table's encodings have 16 or 32 bits: \(text)")
    isWide = bits.count == 32
    var (mask, value): (UInt32, UInt32) = (0, 0)
    var fields: [Character: [UInt32]] = [:]
    for (index, bit) in bits.enumerated() {
      let place = UInt32(bits.count - 1 - index)
      switch bit {
      case "0", "1":
        mask |= 1 << place
        if bit == "1" { value |= 1 << place }
      default: fields[bit, default: []].append(place)
      }
    }
    self.mask = mask
    self.value = value
    self.fields = fields
  }

  var byteCount: Int { isWide ? 4 : 2 }

  func matches(_ word: UInt32, isWide: Bool) -> Bool { isWide == self.isWide && word & mask == value }

  func field(_ letter: Character, of word: UInt32) -> UInt32 {
    (fields[letter] ?? []).reduce(0) { $0 << 1 | word >> $1 & 1 }
  }

  func setting(_ letter: Character, to field: UInt32, in word: UInt32) -> UInt32 {
    var word = word
    for (index, place) in (fields[letter] ?? []).reversed().enumerated() where field >> index & 1 == 1 {
      word |= 1 << place
    }
    return word
  }

  /// The bytes of an instruction of this form, the first halfword first.
  func bytes(of word: UInt32) -> [UInt8] {
    let halves = isWide ? [word >> 16, word & 0xffff] : [word]
    return halves.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8 & 0xff)] }
  }
}

extension ThumbOperand {
  /// Returns the processor's operands for a field of `word`.
  func values(_ encoding: ThumbEncoding, _ word: UInt32) -> [UInt32] {
    switch self {
    case .register(let letter, _), .condition(let letter), .specialRegister(let letter),
      .flagsOrRegister(let letter):
      return [encoding.field(letter, of: word)]
    case .doubledRegister(let letter): return [encoding.field(letter, of: word) & 0xf]
    case .float(let letter, let isLowestFirst):
      let field = encoding.field(letter, of: word)
      return [isLowestFirst ? (field & 0xf) << 1 | field >> 4 : field]
    case .integer(let letter, _, let shift): return [encoding.field(letter, of: word) << shift]
    case .halfword(let letter):
      // i imm4 imm3 imm8 to imm4:i:imm3:imm8
      let field = encoding.field(letter, of: word)
      return [(field >> 11 & 0xf) << 12 | (field >> 15 & 1) << 11 | field & 0x7ff]
    case .address(let base, _, let offset, _, let shift):
      return [encoding.field(base, of: word), encoding.field(offset, of: word) << shift]
    case .registers(let letter):
      let list = encoding.field(letter, of: word)
      if encoding.isWide { return [list] }
      // The ninth bit is LR where registers are pushed, PC where they are popped.
      let extra: UInt32 = word >> 11 & 1 == 0 ? 1 << 14 : 1 << 15
      return [list & 0xff | (list >> 8 & 1 == 1 ? extra : 0)]
    case .label(let letter, let reach): return [reach.distance(of: encoding.field(letter, of: word))]
    case .word, .ignored: return []
    }
  }
}
