/// A natural number of any size: words of 64 bits, the lowest first, the highest not zero (none at all for zero).
package struct BigUInt: Hashable, Sendable {
  package private(set) var words: [UInt]

  package init() { words = [] }
  package init(_ word: UInt) { words = word == 0 ? [] : [word] }
  package init(words: [UInt]) {
    self.words = words
    while self.words.last == 0 { self.words.removeLast() }
  }

  package var isZero: Bool { words.isEmpty }
  package var isOdd: Bool { (words.first ?? 0) & 1 != 0 }
  /// The number of bits up to the highest one that is set.
  package var bitWidth: Int { words.count * UInt.bitWidth - (words.last?.leadingZeroBitCount ?? 0) }

  /// Digits of base 2 to 36 without sign; nil for anything else.
  package init?(_ digits: some StringProtocol, radix: Int) {
    guard !digits.isEmpty else { return nil }
    var result = BigUInt()
    // As many digits as a word holds are taken at once.
    var chunk: UInt = 0
    var scale: UInt = 1
    for character in digits {
      guard let digit = character.hexOrLetterValue, digit < radix else { return nil }
      if scale.multipliedFullWidth(by: UInt(radix)).high != 0 {
        result = BigUInt.fused(result, times: scale, plus: chunk)
        chunk = 0
        scale = 1
      }
      chunk = chunk * UInt(radix) + UInt(digit)
      scale *= UInt(radix)
    }
    self = BigUInt.fused(result, times: scale, plus: chunk)
  }

  /// The digits in a base of 2 to 36.
  package func text(radix: Int, uppercase: Bool = false) -> String {
    var unit = UInt(radix)
    var digitsPerWord = 1
    while unit.multipliedFullWidth(by: UInt(radix)).high == 0 {
      unit *= UInt(radix)
      digitsPerWord += 1
    }
    var groups: [String] = []
    var rest = self
    while rest.words.count > 1 || (rest.words.first ?? 0) >= unit {
      let remainder = rest.divide(byWord: unit)
      let digits = String(remainder, radix: radix, uppercase: uppercase)
      groups.append(String(repeating: "0", count: digitsPerWord - digits.utf8.count) + digits)
    }
    groups.append(String(rest.words.first ?? 0, radix: radix, uppercase: uppercase))
    return groups.reversed().joined()
  }

  /// The product with a word, and a word added to that.
  static func fused(_ number: BigUInt, times factor: UInt, plus addend: UInt) -> BigUInt {
    var words: [UInt] = []
    words.reserveCapacity(number.words.count + 1)
    var carry = addend
    for word in number.words {
      let (high, low) = word.multipliedFullWidth(by: factor)
      let (sum, overflow) = low.addingReportingOverflow(carry)
      words.append(sum)
      carry = high &+ (overflow ? 1 : 0)
    }
    if carry != 0 { words.append(carry) }
    return BigUInt(words: words)
  }

  /// Divides in place and returns the remainder.
  mutating func divide(byWord divisor: UInt) -> UInt {
    var remainder: UInt = 0
    for index in words.indices.reversed() {
      (words[index], remainder) = divisor.dividingFullWidth((remainder, words[index]))
    }
    while words.last == 0 { words.removeLast() }
    return remainder
  }
}

extension Character {
  fileprivate var hexOrLetterValue: Int? {
    guard let byte = asciiValue else { return nil }
    return ASCII.digitValue(byte)
  }
}

extension BigUInt {
  func withWords<Result>(_ body: (UnsafeBufferPointer<UInt>) -> Result) -> Result {
    words.withUnsafeBufferPointer(body)
  }
}
