/// Arithmetic on words that the caller owns, so that operands of one word need no array.
///
/// Results have their leading zero words taken off.
enum WordArithmetic {
  typealias Words = UnsafeBufferPointer<UInt>

  static func isLess(_ a: Words, _ b: Words) -> Bool {
    if a.count != b.count { return a.count < b.count }
    var index = a.count
    while index > 0 {
      index -= 1
      if a[index] != b[index] { return a[index] < b[index] }
    }
    return false
  }

  private static func result(
    _ capacity: Int, _ body: (UnsafeMutableBufferPointer<UInt>) -> Void
  ) -> BigUInt {
    BigUInt(
      words: [UInt](unsafeUninitializedCapacity: capacity) { buffer, count in
        // Invariant: `body` initialises all words.
        body(UnsafeMutableBufferPointer(rebasing: buffer[..<capacity]))
        count = capacity
        while count > 0 && buffer[count - 1] == 0 { count -= 1 }
      })
  }

  static func sum(_ a: Words, _ b: Words) -> BigUInt {
    result(max(a.count, b.count) + 1) { add(a, b, into: $0.baseAddress.unsafelyUnwrapped) }
  }

  /// `a - b`; `a` must not be less.
  static func difference(_ a: Words, _ b: Words) -> BigUInt {
    if a.isEmpty { return BigUInt() }
    return result(a.count) { subtract(a, b, into: $0.baseAddress.unsafelyUnwrapped) }
  }

  static func product(_ a: Words, _ b: Words) -> BigUInt {
    if a.isEmpty || b.isEmpty { return BigUInt() }
    return result(a.count + b.count) { multiply(a, b, into: $0.baseAddress.unsafelyUnwrapped) }
  }

  static func shiftLeft(_ a: Words, by count: Int) -> BigUInt {
    if a.isEmpty { return BigUInt() }
    let (words, bits) = count.quotientAndRemainder(dividingBy: UInt.bitWidth)
    return result(a.count + words + 1) { output in
      for index in 0..<words { output[index] = 0 }
      var carry: UInt = 0
      for index in 0..<a.count {
        output[words + index] = a[index] << UInt(bits) | carry
        carry = bits == 0 ? 0 : a[index] >> UInt(UInt.bitWidth - bits)
      }
      output[words + a.count] = carry
    }
  }

  static func shiftRight(_ a: Words, by count: Int) -> BigUInt {
    let (words, bits) = count.quotientAndRemainder(dividingBy: UInt.bitWidth)
    if words >= a.count { return BigUInt() }
    return result(a.count - words) { output in
      for index in 0..<output.count {
        let high = words + index + 1 < a.count ? a[words + index + 1] : 0
        output[index] =
          a[words + index] >> UInt(bits) | (bits == 0 ? 0 : high << UInt(UInt.bitWidth - bits))
      }
    }
  }

  /// `b` must not be zero.
  static func quotientAndRemainder(_ a: Words, _ b: Words) -> (quotient: BigUInt, remainder: BigUInt) {
    if isLess(a, b) { return (BigUInt(), BigUInt(words: Array(a))) }
    if b.count == 1 {
      var quotient = BigUInt(words: Array(a))
      let remainder = quotient.divide(byWord: b[0])
      return (quotient, BigUInt(remainder))
    }
    // The workspace begins with the remainder, shifted as the divisor had to be.
    let shift = b[b.count - 1].leadingZeroBitCount
    var remainder = BigUInt()
    let quotient = result(a.count - b.count + 1) { quotient in
      withUnsafeTemporaryAllocation(of: UInt.self, capacity: a.count + 1 + b.count) { workspace in
        let start = workspace.baseAddress.unsafelyUnwrapped
        _ = divide(a, b, into: quotient.baseAddress.unsafelyUnwrapped, workspace: start)
        remainder = shiftRight(trimmed(Words(start: start, count: b.count)), by: shift)
      }
    }
    return (quotient, remainder)
  }

  private static func trimmed(_ words: Words) -> Words {
    var count = words.count
    while count > 0 && words[count - 1] == 0 { count -= 1 }
    return Words(rebasing: words[..<count])
  }

  static func estimate(
    _ rest: UnsafeMutableBufferPointer<UInt>, _ position: Int, _ divisor: Words
  ) -> UInt {
    let n = divisor.count
    let top = divisor[n - 1]
    let high = rest[position + n]
    let next = rest[position + n - 1]
    if high >= top { return .max }
    var (digit, remainder) = top.dividingFullWidth((high, next))
    while true {
      let (productHigh, productLow) = digit.multipliedFullWidth(by: divisor[n - 2])
      let third = rest[position + n - 2]
      guard productHigh > remainder || (productHigh == remainder && productLow > third) else { return digit }
      digit -= 1
      let (sum, overflow) = remainder.addingReportingOverflow(top)
      if overflow { return digit }
      remainder = sum
    }
  }

  /// Subtracts a multiple of the divisor; one too many times is put back.
  static func subtract(
    _ digit: UInt, times divisor: Words, from rest: UnsafeMutableBufferPointer<UInt>, at position: Int
  ) -> UInt {
    let n = divisor.count
    var carry: UInt = 0
    for index in 0..<n {
      let (high, low) = digit.multipliedFullWidth(by: divisor[index])
      let (product, overflow) = low.addingReportingOverflow(carry)
      let (difference, borrow) = rest[position + index].subtractingReportingOverflow(product)
      rest[position + index] = difference
      carry = high &+ (overflow ? 1 : 0) &+ (borrow ? 1 : 0)
    }
    let (difference, borrow) = rest[position + n].subtractingReportingOverflow(carry)
    rest[position + n] = difference
    guard borrow else { return digit }
    var digit = digit
    while true {
      digit -= 1
      var back: UInt = 0
      for index in 0..<n {
        let (partial, first) = rest[position + index].addingReportingOverflow(divisor[index])
        let (total, second) = partial.addingReportingOverflow(back)
        rest[position + index] = total
        back = first || second ? 1 : 0
      }
      let (total, overflow) = rest[position + n].addingReportingOverflow(back)
      rest[position + n] = total
      if overflow { return digit }
    }
  }
}
