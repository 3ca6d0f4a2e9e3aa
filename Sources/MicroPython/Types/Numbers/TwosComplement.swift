import BigInt

/// Bit operations on big integers of either sign, as if they had infinitely many sign bits.
///
/// A negative number n is the complement of -1 - n. (The BigInt package's own operators are wrong for some negative
/// operands: `-(1 << 64) & -1` gives 0, and shifting right does not round down.)
enum TwosComplement {
  static func and(_ a: BigInt, _ b: BigInt) -> BigInt {
    switch (a.sign, b.sign) {
    case (.plus, .plus): number(a.magnitude & b.magnitude)
    case (.plus, .minus): number(without(a.magnitude, complement(b)))
    case (.minus, .plus): number(without(b.magnitude, complement(a)))
    case (.minus, .minus): complemented(complement(a) | complement(b))
    }
  }

  static func or(_ a: BigInt, _ b: BigInt) -> BigInt {
    switch (a.sign, b.sign) {
    case (.plus, .plus): number(a.magnitude | b.magnitude)
    case (.plus, .minus): complemented(without(complement(b), a.magnitude))
    case (.minus, .plus): complemented(without(complement(a), b.magnitude))
    case (.minus, .minus): complemented(complement(a) & complement(b))
    }
  }

  static func xor(_ a: BigInt, _ b: BigInt) -> BigInt {
    let bits = complementIfNegative(a) ^ complementIfNegative(b)
    return a.sign == b.sign ? number(bits) : complemented(bits)
  }

  /// Rounds down, so that -1 stays -1.
  static func shiftRight(_ a: BigInt, by count: Int) -> BigInt {
    a.sign == .plus ? number(a.magnitude >> count) : complemented(complement(a) >> count)
  }

  /// `~n` of a negative n.
  private static func complement(_ negative: BigInt) -> BigUInt { negative.magnitude - 1 }
  private static func complementIfNegative(_ a: BigInt) -> BigUInt {
    a.sign == .minus ? complement(a) : a.magnitude
  }
  private static func complemented(_ bits: BigUInt) -> BigInt { BigInt(sign: .minus, magnitude: bits + 1) }
  private static func number(_ bits: BigUInt) -> BigInt { BigInt(sign: .plus, magnitude: bits) }
  private static func without(_ bits: BigUInt, _ removed: BigUInt) -> BigUInt { bits ^ (bits & removed) }
}
