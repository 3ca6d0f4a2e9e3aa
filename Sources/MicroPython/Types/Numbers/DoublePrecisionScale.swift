/// Exact conversions between doubles and decimal mantissas.
enum DoublePrecisionScale {
  /// `number` × 10^`power`, rounded half up to an integer. `number` is finite and not negative.
  static func scaledInteger(_ number: Double, byTenToThe power: Int) -> UInt64 {
    if number == 0 { return 0 }
    // number = significand × 2^exponent with an integer significand
    let exponent = Int(number.exponent) - Double.significandBitCount
    var numerator = BigInt(Int(number.significand * 0x1p52))
    var denominator = BigInt(1)
    if power >= 0 {
      numerator = numerator * BigInt(10).power(power)
    } else {
      denominator = BigInt(10).power(-power)
    }
    if exponent >= 0 { numerator = numerator << exponent } else { denominator = denominator << -exponent }
    let rounded = (numerator * 2 + denominator).floorDivision(by: denominator * 2).quotient
    return rounded.magnitude.words.count > 1 ? .max : UInt64(rounded.lowWord)
  }
}
