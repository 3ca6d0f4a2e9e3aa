/// The arithmetic itself: results go where the caller says. Leading zero words of a result are not taken off.
///
/// Invariant: callers give room for as many words as each function says, apart from the operands.
extension WordArithmetic {
  /// `a + b`, one word more than the longer of them.
  static func add(_ a: Words, _ b: Words, into words: UnsafeMutablePointer<UInt>) {
    let (longer, shorter) = a.count >= b.count ? (a, b) : (b, a)
    var carry: UInt = 0
    for index in 0..<shorter.count {
      let (partial, first) = longer[index].addingReportingOverflow(shorter[index])
      let (total, second) = partial.addingReportingOverflow(carry)
      words[index] = total
      carry = (first ? 1 : 0) | (second ? 1 : 0)
    }
    for index in shorter.count..<longer.count {
      let (total, overflow) = longer[index].addingReportingOverflow(carry)
      words[index] = total
      carry = overflow ? 1 : 0
    }
    words[longer.count] = carry
  }

  /// `a - b`, as many words as `a`, which must not be less.
  static func subtract(_ a: Words, _ b: Words, into words: UnsafeMutablePointer<UInt>) {
    var borrow: UInt = 0
    for index in 0..<b.count {
      let (partial, first) = a[index].subtractingReportingOverflow(b[index])
      let (total, second) = partial.subtractingReportingOverflow(borrow)
      words[index] = total
      borrow = (first ? 1 : 0) | (second ? 1 : 0)
    }
    for index in b.count..<a.count {
      let (total, overflow) = a[index].subtractingReportingOverflow(borrow)
      words[index] = total
      borrow = overflow ? 1 : 0
    }
  }

  /// `a * b`, as many words as both have.
  static func multiply(_ a: Words, _ b: Words, into words: UnsafeMutablePointer<UInt>) {
    // The longer loop inside.
    let (inner, outer) = a.count >= b.count ? (a, b) : (b, a)
    words.update(repeating: 0, count: inner.count + outer.count)
    for start in 0..<outer.count {
      let factor = outer[start]
      let row = words + start
      var carry: UInt = 0
      for index in 0..<inner.count {
        // At most (2^64 - 1)^2 + 2 (2^64 - 1), which two words hold.
        let (high, low) = factor.multipliedFullWidth(by: inner[index])
        let (partial, first) = low.addingReportingOverflow(row[index])
        let (total, second) = partial.addingReportingOverflow(carry)
        row[index] = total
        carry = high &+ (first ? 1 : 0) &+ (second ? 1 : 0)
      }
      row[inner.count] = carry
    }
  }

  /// `a << bits` with fewer bits than a word has, as many words as `a`.
  /// - Returns: the word that would come next.
  private static func shift(_ a: Words, left bits: Int, into words: UnsafeMutablePointer<UInt>) -> UInt {
    var carry: UInt = 0
    for index in 0..<a.count {
      words[index] = a[index] &<< UInt(bits) | carry
      carry = bits == 0 ? 0 : a[index] &>> UInt(UInt.bitWidth - bits)
    }
    return carry
  }

  /// `a / b`, as many words as `a` has more than `b`, and one; `a` must not be less than `b`, `b` not zero. Knuth's
  /// algorithm D.
  ///
  /// - Parameter workspace: room for the words of both and one more. It begins with the remainder, shifted left until the
  ///   highest bit of `b` would be set.
  /// - Returns: whether there is a remainder.
  static func divide(
    _ a: Words, _ b: Words, into quotient: UnsafeMutablePointer<UInt>, workspace: UnsafeMutablePointer<UInt>
  ) -> Bool {
    if b.count == 1 {
      var remainder: UInt = 0
      for index in a.indices.reversed() {
        (quotient[index], remainder) = b[0].dividingFullWidth((remainder, a[index]))
      }
      workspace[0] = remainder &<< UInt(b[0].leadingZeroBitCount)
      return remainder != 0
    }
    let n = b.count
    // The divisor's highest bit must be set for the estimates to be off by two at most.
    let bits = b[n - 1].leadingZeroBitCount
    let rest = UnsafeMutableBufferPointer(start: workspace, count: a.count + 1)
    rest[a.count] = shift(a, left: bits, into: workspace)
    let shifted = workspace + a.count + 1
    // Its highest word keeps its bits.
    _ = shift(b, left: bits, into: shifted)
    let divisor = Words(start: shifted, count: n)
    for position in (0...(a.count - n)).reversed() {
      let digit = estimate(rest, position, divisor)
      quotient[position] = digit == 0 ? 0 : subtract(digit, times: divisor, from: rest, at: position)
    }
    for index in 0..<n where rest[index] != 0 { return true }
    return false
  }
}
