/// An integer of any size: MicroPython's integers beyond 63 bits.
package struct BigInt: Hashable, Sendable {
  package enum Sign: Sendable { case plus, minus }

  /// Never `minus` for zero.
  package let sign: Sign
  package let magnitude: BigUInt

  package init(sign: Sign = .plus, magnitude: BigUInt) {
    self.sign = magnitude.isZero ? .plus : sign
    self.magnitude = magnitude
  }

  package init(_ integer: Int) {
    self.init(sign: integer < 0 ? .minus : .plus, magnitude: BigUInt(integer.magnitude))
  }

  package init(_ integer: UInt64) { self.init(magnitude: BigUInt(UInt(integer))) }

  /// The integer part of a finite number.
  package init(_ double: Double) {
    let whole = double.magnitude.rounded(.towardZero)
    guard whole >= 1 else {
      self.init(0)
      return
    }
    // whole = significand × 2^shift with an integer significand
    let shift = Int(whole.exponent) - Double.significandBitCount
    let significand = BigUInt(UInt(whole.significand * 0x1p52))
    let magnitude = significand.withWords {
      shift >= 0 ? WordArithmetic.shiftLeft($0, by: shift) : WordArithmetic.shiftRight($0, by: -shift)
    }
    self.init(sign: double < 0 ? .minus : .plus, magnitude: magnitude)
  }

  /// Digits of base 2 to 36, perhaps after a minus sign; nil for anything else.
  package init?(_ text: String, radix: Int = 10) {
    let isNegative = text.hasPrefix("-")
    guard let magnitude = BigUInt(isNegative ? text.dropFirst() : text[...], radix: radix) else { return nil }
    self.init(sign: isNegative ? .minus : .plus, magnitude: magnitude)
  }

  package var isZero: Bool { magnitude.isZero }
  package var isNegative: Bool { sign == .minus }

  /// The lowest word in two's complement.
  var lowWord: UInt {
    let low = magnitude.words.first ?? 0
    return isNegative ? 0 &- low : low
  }
}

extension BigInt: CustomStringConvertible {
  package var description: String { (isNegative ? "-" : "") + magnitude.text(radix: 10) }
}

extension Int {
  package init?(exactly integer: BigInt) {
    guard integer.magnitude.words.count <= 1 else { return nil }
    let word = integer.magnitude.words.first ?? 0
    if integer.isNegative {
      guard word <= Int.min.magnitude else { return nil }
      self = Int(bitPattern: 0 &- word)
    } else {
      guard word <= Int.max.magnitude else { return nil }
      self = Int(bitPattern: word)
    }
  }
}

extension FixedWidthInteger {
  /// The lowest bits in two's complement.
  package init(truncatingIfNeeded integer: BigInt) { self.init(truncatingIfNeeded: integer.lowWord) }
}

// MARK: Arithmetic

/// A number that is looked at where it is, be it a machine word or a `BigInt`.
struct IntegerView {
  let isNegative: Bool
  let words: UnsafeBufferPointer<UInt>
}

extension BigInt {
  func withView<Result>(_ body: (IntegerView) -> Result) -> Result {
    magnitude.withWords { body(IntegerView(isNegative: isNegative, words: $0)) }
  }

  static func + (a: BigInt, b: BigInt) -> BigInt { a.withView { a in b.withView { sum(a, $0) } } }
  static func - (a: BigInt, b: BigInt) -> BigInt { a.withView { a in b.withView { difference(a, $0) } } }
  static func * (a: BigInt, b: BigInt) -> BigInt { a.withView { a in b.withView { product(a, $0) } } }
  static prefix func - (a: BigInt) -> BigInt {
    BigInt(sign: a.isNegative ? .plus : .minus, magnitude: a.magnitude)
  }

  static func sum(_ a: IntegerView, _ b: IntegerView) -> BigInt {
    sum(a, b.words, isNegative: b.isNegative)
  }

  static func difference(_ a: IntegerView, _ b: IntegerView) -> BigInt {
    sum(a, b.words, isNegative: !b.isNegative)
  }

  private static func sum(
    _ a: IntegerView, _ b: UnsafeBufferPointer<UInt>, isNegative: Bool
  ) -> BigInt {
    if a.isNegative == isNegative {
      return BigInt(sign: isNegative ? .minus : .plus, magnitude: WordArithmetic.sum(a.words, b))
    }
    if WordArithmetic.isLess(a.words, b) {
      return BigInt(
        sign: isNegative ? .minus : .plus, magnitude: WordArithmetic.difference(b, a.words))
    }
    return BigInt(sign: a.isNegative ? .minus : .plus, magnitude: WordArithmetic.difference(a.words, b))
  }

  static func product(_ a: IntegerView, _ b: IntegerView) -> BigInt {
    BigInt(
      sign: a.isNegative == b.isNegative ? .plus : .minus,
      magnitude: WordArithmetic.product(a.words, b.words))
  }

  /// Division that rounds down; the remainder has the divisor's sign. The divisor must not be zero.
  static func floorDivision(_ a: IntegerView, _ b: IntegerView) -> (quotient: BigInt, remainder: BigInt) {
    let (quotient, remainder) = WordArithmetic.quotientAndRemainder(a.words, b.words)
    let hasSameSign = a.isNegative == b.isNegative
    if hasSameSign || remainder.isZero {
      return (
        BigInt(sign: hasSameSign ? .plus : .minus, magnitude: quotient),
        BigInt(sign: b.isNegative ? .minus : .plus, magnitude: remainder)
      )
    }
    return (
      BigInt(sign: .minus, magnitude: BigUInt.fused(quotient, times: 1, plus: 1)),
      BigInt(
        sign: b.isNegative ? .minus : .plus,
        magnitude: remainder.withWords { WordArithmetic.difference(b.words, $0) })
    )
  }

  /// Division that rounds down; the remainder has the divisor's sign. The divisor must not be zero.
  func floorDivision(by divisor: BigInt) -> (quotient: BigInt, remainder: BigInt) {
    withView { a in divisor.withView { BigInt.floorDivision(a, $0) } }
  }

  static func isLess(_ a: IntegerView, _ b: IntegerView) -> Bool {
    if a.isNegative != b.isNegative { return a.isNegative }
    return a.isNegative
      ? WordArithmetic.isLess(b.words, a.words) : WordArithmetic.isLess(a.words, b.words)
  }

  func power(_ exponent: Int) -> BigInt {
    var result = BigInt(1)
    var factor = self
    var remaining = exponent
    while remaining > 0 {
      if remaining & 1 != 0 { result = result * factor }
      remaining >>= 1
      if remaining > 0 { factor = factor * factor }
    }
    return result
  }

  /// Words of the largest integer: products, quotients and digits of such take the host a fraction of a second, which
  /// nothing interrupts. A board's memory holds a twentieth of it, that of a Raspberry Pi more.
  static let longest = 1 << 14

  /// Nanoseconds that a step takes: the product of two words, the sum of two.
  static let wordCost: Int64 = 50

  /// Steps that the price of an instruction includes: numbers of up to 256 bits.
  static let includedSteps = 16

  /// Steps that the digits of a number of so many words take, in either direction: each group of digits is a division or a
  /// product by a word, which takes as long as four others.
  static func textSteps(wordCount: Int) -> Int { 2 * wordCount * wordCount }

  /// The power's remainder, with the modulus's sign. The exponent must not be negative, the modulus not zero.
  /// - Parameter step: called before each bit of the exponent with the number of products of words that it
  ///   takes; ends the computation by throwing.
  func power(
    _ exponent: BigInt, modulus: BigInt, step: (_ products: Int) throws(Raised) -> Void
  ) throws(Raised) -> BigInt {
    let wordCount = modulus.magnitude.words.count
    var result = BigInt(1).floorDivision(by: modulus).remainder
    var factor = floorDivision(by: modulus).remainder
    for index in 0..<exponent.magnitude.bitWidth {
      try step(4 * wordCount * wordCount)
      if exponent.magnitude.words[index / UInt.bitWidth] >> UInt(index % UInt.bitWidth) & 1 != 0 {
        result = (result * factor).floorDivision(by: modulus).remainder
      }
      factor = (factor * factor).floorDivision(by: modulus).remainder
    }
    return result
  }
}

extension BigInt: ExpressibleByIntegerLiteral {
  package init(integerLiteral integer: Int) { self.init(integer) }
}

extension BigInt: Comparable {
  package static func < (a: BigInt, b: BigInt) -> Bool { a.withView { a in b.withView { isLess(a, $0) } } }
}

// MARK: Bits, as if there were infinitely many sign bits

extension BigInt {
  static func << (a: BigInt, count: Int) -> BigInt {
    BigInt(sign: a.sign, magnitude: a.magnitude.withWords { WordArithmetic.shiftLeft($0, by: count) })
  }

  /// Rounds down, so that -1 stays -1.
  static func >> (a: BigInt, count: Int) -> BigInt {
    let magnitude = a.magnitude.withWords { WordArithmetic.shiftRight($0, by: count) }
    guard a.isNegative else { return BigInt(magnitude: magnitude) }
    let hasLostBits = a.magnitude.hasBits(below: count)
    return BigInt(
      sign: .minus, magnitude: hasLostBits ? BigUInt.fused(magnitude, times: 1, plus: 1) : magnitude)
  }

  static func & (a: BigInt, b: BigInt) -> BigInt { bitwise(a, b, &) }
  static func | (a: BigInt, b: BigInt) -> BigInt { bitwise(a, b, |) }
  static func ^ (a: BigInt, b: BigInt) -> BigInt { bitwise(a, b, ^) }

  private static func bitwise(_ a: BigInt, _ b: BigInt, _ operation: (UInt, UInt) -> UInt) -> BigInt {
    // One word more than either has, for the sign.
    let count = max(a.magnitude.words.count, b.magnitude.words.count) + 1
    return BigInt(
      twosComplement: zip(a.twosComplement(wordCount: count), b.twosComplement(wordCount: count))
        .map(operation))
  }

  /// The lowest words in two's complement.
  func twosComplement(wordCount: Int) -> [UInt] {
    var carry = isNegative
    return (0..<wordCount).map { index in
      let word = index < magnitude.words.count ? magnitude.words[index] : 0
      guard isNegative else { return word }
      let (result, overflow) = (~word).addingReportingOverflow(carry ? 1 : 0)
      carry = overflow
      return result
    }
  }

  private init(twosComplement words: [UInt]) {
    guard let highest = words.last, highest >> (UInt.bitWidth - 1) != 0 else {
      self.init(magnitude: BigUInt(words: words))
      return
    }
    var carry = true
    let magnitude = words.map { word in
      let (result, overflow) = (~word).addingReportingOverflow(carry ? 1 : 0)
      carry = overflow
      return result
    }
    self.init(sign: .minus, magnitude: BigUInt(words: magnitude))
  }
}

extension BigUInt {
  /// Whether any of the lowest `count` bits is set.
  fileprivate func hasBits(below count: Int) -> Bool {
    guard let first = words.firstIndex(where: { $0 != 0 }) else { return false }
    return first * UInt.bitWidth + words[first].trailingZeroBitCount < count
  }
}
