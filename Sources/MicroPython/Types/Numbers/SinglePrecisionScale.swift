/// Multiplication by a power of ten in the board's single precision, the way `mp_decimal_exp` of
/// MicroPython's `py/parsenum.c` does it there: first by 2ⁿ through the exponent bits, then by 5ⁿ. It is
/// slightly inexact, which shows in numbers that a board prints and parses.
enum SinglePrecisionScale {
  static func multiply(_ number: Float, byTenToThe power: Int) -> Float {
    if power == 0 || number == 0 { return number }
    // The exponent field wraps: the power of five then forces the result to infinity or zero.
    let field = UInt32(truncatingIfNeeded: Int((number.bitPattern >> 23) & 0xff) + power) & 0xff
    let shifted = Float(bitPattern: (number.bitPattern & ~(0xff << 23)) | field << 23)
    if power < 0 && power >= -largestExactPowerOfFive { return shifted / powerOfFive(-power) }
    return shifted * powerOfFive(power)
  }

  /// 5¹⁰ has 24 bits.
  private static let largestExactPowerOfFive = 10

  private static func powerOfFive(_ power: Int) -> Float {
    // Beyond 5^±60 a single-precision float has no room anyway.
    var result = 1.0
    for _ in 0..<min(abs(power), 80) { result *= 5 }
    return Float(power < 0 ? 1 / result : result)
  }
}
