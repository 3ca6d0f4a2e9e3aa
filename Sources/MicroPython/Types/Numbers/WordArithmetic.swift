/// Arithmetic on words that belong to whoever calls, so that operands of one word need no array.
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
    let (longer, shorter) = a.count >= b.count ? (a, b) : (b, a)
    return result(longer.count + 1) { words in
      var carry: UInt = 0
      for index in 0..<longer.count {
        let (partial, first) = longer[index].addingReportingOverflow(
          index < shorter.count ? shorter[index] : 0)
        let (total, second) = partial.addingReportingOverflow(carry)
        words[index] = total
        carry = first || second ? 1 : 0
      }
      words[longer.count] = carry
    }
  }

  /// `a - b`; `a` must not be less.
  static func difference(_ a: Words, _ b: Words) -> BigUInt {
    result(a.count) { words in
      var borrow: UInt = 0
      for index in 0..<a.count {
        let (partial, first) = a[index].subtractingReportingOverflow(index < b.count ? b[index] : 0)
        let (total, second) = partial.subtractingReportingOverflow(borrow)
        words[index] = total
        borrow = first || second ? 1 : 0
      }
    }
  }

  static func product(_ a: Words, _ b: Words) -> BigUInt {
    if a.isEmpty || b.isEmpty { return BigUInt() }
    return result(a.count + b.count) { words in
      words.initialize(repeating: 0)
      for (start, factor) in a.enumerated() where factor != 0 {
        var carry: UInt = 0
        for index in 0..<b.count {
          // At most (2^64 - 1)^2 + 2 (2^64 - 1), which two words hold.
          let (high, low) = factor.multipliedFullWidth(by: b[index])
          let (partial, first) = low.addingReportingOverflow(words[start &+ index])
          let (total, second) = partial.addingReportingOverflow(carry)
          words[start &+ index] = total
          carry = high &+ (first ? 1 : 0) &+ (second ? 1 : 0)
        }
        words[start + b.count] = carry
      }
    }
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

  /// Knuth's algorithm D; `b` must not be zero.
  static func quotientAndRemainder(_ a: Words, _ b: Words) -> (quotient: BigUInt, remainder: BigUInt) {
    if isLess(a, b) { return (BigUInt(), BigUInt(words: Array(a))) }
    if b.count == 1 {
      var quotient = BigUInt(words: Array(a))
      let remainder = quotient.divide(byWord: b[0])
      return (quotient, BigUInt(remainder))
    }
    // The divisor's highest bit must be set for the estimates to be off by two at most.
    let shift = b[b.count - 1].leadingZeroBitCount
    let divisor = shiftLeft(b, by: shift).words
    var rest = shiftLeft(a, by: shift).words
    while rest.count <= a.count { rest.append(0) }
    let n = divisor.count
    var quotient = [UInt](repeating: 0, count: rest.count - n)
    divisor.withUnsafeBufferPointer { divisor in
      rest.withUnsafeMutableBufferPointer { rest in
        for position in quotient.indices.reversed() {
          let digit = estimate(rest, position, divisor)
          quotient[position] = subtract(digit, times: divisor, from: rest, at: position)
        }
      }
    }
    return (
      BigUInt(words: quotient),
      BigUInt(words: rest).withWords { shiftRight($0, by: shift) }
    )
  }

  private static func estimate(
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
  private static func subtract(
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
