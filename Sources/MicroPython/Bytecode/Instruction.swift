/// One instruction in one 64-bit word: opcode (bits 0–7), cost (8–15), A (16–31), B (32–47), C (48–63).
///
/// The cost is what the instruction, and those before it that charge nothing themselves, take on the board, in units
/// of `costUnit`; it is filled in from the board's cost table when the code is loaded (`CostTable.charging`), so the
/// VM charges time without a look-up.
struct Instruction: Hashable, Sendable {
  /// Nanoseconds that one unit of cost stands for.
  static let costUnit = 128

  var word: UInt64

  init(_ opcode: Opcode, a: Int = 0, b: Int = 0, c: Int = 0) {
    word =
      UInt64(opcode.rawValue) | UInt64(UInt16(truncatingIfNeeded: a)) << 16
      | UInt64(UInt16(truncatingIfNeeded: b)) << 32 | UInt64(UInt16(truncatingIfNeeded: c)) << 48
  }

  init(_ opcode: Opcode, a: Int = 0, jump: Int) {
    word =
      UInt64(opcode.rawValue) | UInt64(UInt16(truncatingIfNeeded: a)) << 16
      | UInt64(UInt32(truncatingIfNeeded: jump)) << 32
  }

  /// Invariant: every word is made from an `Opcode`, so its low byte is a case of the dense enum.
  @inline(__always) var opcode: Opcode {
    unsafeBitCast(UInt8(truncatingIfNeeded: word), to: Opcode.self)
  }
  @inline(__always) var a: Int { Int(UInt16(truncatingIfNeeded: word &>> 16)) }
  @inline(__always) var b: Int { Int(UInt16(truncatingIfNeeded: word &>> 32)) }
  @inline(__always) var c: Int { Int(word &>> 48) }
  @inline(__always) var signedB: Int { Int(Int16(truncatingIfNeeded: word &>> 32)) }
  @inline(__always) var signedC: Int { Int(Int64(bitPattern: word) &>> 48) }
  /// The signed 32-bit operand made of B and C.
  @inline(__always) var signedBC: Int { Int(Int64(bitPattern: word) &>> 32) }
  /// Nanoseconds of board time: bits 8–15 times `costUnit`, by one shift and one mask.
  @inline(__always) var nanoseconds: Int64 { Int64(truncatingIfNeeded: (word &>> 1) & 0x7f80) }

  func replacing(opcode: Opcode) -> Instruction {
    var copy = self
    copy.word = (word & ~0xff) | UInt64(opcode.rawValue)
    return copy
  }

  func costing(_ units: UInt8) -> Instruction {
    var copy = self
    copy.word = (word & ~0xff00) | UInt64(units) << 8
    return copy
  }
}
