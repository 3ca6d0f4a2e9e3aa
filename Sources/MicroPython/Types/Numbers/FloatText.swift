/// The decimal text of a float, with the digits that MicroPython's `py/formatfloat.c` finds.
///
/// The formatter tries a number of digits that is always exact enough, and more of them only while the text does not
/// read back as the same float. On a board (single precision) scaling is inexact, so there it also searches the
/// mantissas nearby.
struct FloatText {
  enum Notation { case exponent, fixed, general }

  var notation: Notation
  var isUppercase = false
  /// Digits after the point, or significant digits for `general`; nil for 6.
  var precision: Int?
  /// Shown before a number that is not negative.
  var plusSign: UInt8?
  var isSinglePrecision: Bool

  /// Returns the format of `repr`, without the `.0` of whole numbers.
  static func representation(single: Bool) -> FloatText {
    FloatText(notation: .general, precision: nil, isSinglePrecision: single, isRepresentation: true)
  }

  init(
    notation: Notation, isUppercase: Bool = false, precision: Int?, plusSign: UInt8? = nil,
    isSinglePrecision: Bool, isRepresentation: Bool = false
  ) {
    self.notation = notation
    self.isUppercase = isUppercase
    self.precision = precision
    self.plusSign = plusSign
    self.isSinglePrecision = isSinglePrecision
    self.isRepresentation = isRepresentation
  }

  private var isRepresentation: Bool
  private var safeDigits: Int { isSinglePrecision ? 6 : 16 }
  private var mostDigits: Int { isSinglePrecision ? 9 : 19 }
  /// Room that an exponent takes: `+9e+99` or `+9e+199`.
  private var exponentRoom: Int { isSinglePrecision ? 7 : 8 }

  func format(_ value: Double) -> [UInt8] {
    let isNegative = value.sign == .minus && !value.isNaN
    var sign: [UInt8] = []
    if isNegative { sign = [UInt8(ascii: "-")] } else if let plusSign { sign = [plusSign] }
    if value.isInfinite { return sign + Array((isUppercase ? "INF" : "inf").utf8) }
    if value.isNaN { return sign + Array((isUppercase ? "NAN" : "nan").utf8) }
    // MicroPython's buffer, which limits how many digits one can ask for.
    return sign + digits(of: value.magnitude, room: 33 - sign.count)
  }

  // MARK: Layout

  /// The layout of a mantissa's digits.
  private struct Layout {
    var digitCount: Int
    /// `0.000` before the first digit.
    var leadingText: [UInt8] = []
    /// The point stands after this digit (0 for the first one); nil when `leadingText` has it.
    var point: Int? = 0
    var trailingZeros: Int
    /// The mantissa is the number times this power of ten.
    var scale = 0
    var exponent: Int
    var notation: Notation
    /// General notation uses an exponent from here on.
    var exponentLimit: Int
  }

  private func digits(of number: Double, room: Int) -> [UInt8] {
    var notation = notation
    var precision = min(self.precision ?? 6, 1000)
    var exponentLimit = min(precision, room - 3)
    if isRepresentation {
      precision = mostDigits
      exponentLimit = 16
    }
    let exponent = number == 0 ? 0 : decimalExponent(of: number)
    if notation == .fixed && exponent > 0 && exponent + precision + 2 > room {
      notation = .general
      precision += 1
    }

    var digitLimit = precision
    var leadingZeros = 0
    if notation == .fixed {
      digitLimit = min(digitLimit, room - 3)
      if exponent >= 0 {
        digitLimit += exponent + 1
      } else if digitLimit > 2 && exponent < -2 {
        leadingZeros = min(-exponent, digitLimit) - 2
        digitLimit -= leadingZeros
      } else {
        digitLimit += 1
      }
    } else if notation == .exponent || digitLimit == 0 {
      digitLimit += 1
    }
    var trailingZeros = max(0, digitLimit - mostDigits)
    digitLimit -= trailingZeros
    let overhead = notation == .fixed ? 3 : exponentRoom
    trailingZeros = max(0, min(trailingZeros, room - digitLimit - overhead))

    func layout(_ count: Int) -> Layout {
      var layout = Layout(
        digitCount: count, trailingZeros: trailingZeros + digitLimit - count, exponent: exponent,
        notation: notation, exponentLimit: exponentLimit)
      if number == 0 { return layout }
      if notation != .fixed {
        layout.scale = count - exponent - 1
      } else if exponent >= 0 {
        layout.scale = count - 1 - exponent
        layout.point = exponent
      } else if leadingZeros > 0 {
        layout.leadingText = FloatText.zeros(leadingZeros)
        layout.scale = count + leadingZeros
        layout.point = nil
      } else {
        layout.scale = count - 1
      }
      return layout
    }

    var count = min(safeDigits, digitLimit)
    while true {
      let (text, isExact) =
        isSinglePrecision
        ? searchSingle(Float(number), layout(count)) : tryDouble(number, layout(count))
      if isExact || count >= digitLimit { return text }
      count += 1
    }
  }

  private static func zeros(_ count: Int) -> [UInt8] {
    Array("0.".utf8) + [UInt8](repeating: UInt8(ascii: "0"), count: max(0, count))
  }

  /// The largest power of ten that is not above `number`.
  private func decimalExponent(of number: Double) -> Int {
    let powerOfTen: (Int) -> Double =
      isSinglePrecision
      ? { Double(SinglePrecisionScale.multiply(1, byTenToThe: $0)) }
      : { Double("1e\($0)") ?? .infinity }
    var exponent = Int(Double(number.exponent) * 0.3010299956639812)
    while number < powerOfTen(exponent) { exponent -= 1 }
    while number >= powerOfTen(exponent + 1) { exponent += 1 }
    return exponent
  }

  // MARK: Digits

  private func tryDouble(_ number: Double, _ layout: Layout) -> (text: [UInt8], isExact: Bool) {
    let mantissa = DoublePrecisionScale.scaledInteger(number, byTenToThe: layout.scale)
    let text = render(mantissa, layout)
    return (text, Double(String(decoding: text, as: UTF8.self)) == number)
  }

  private func searchSingle(_ number: Float, _ layout: Layout) -> (text: [UInt8], isExact: Bool) {
    var scale = layout.scale
    var factor: UInt32 = 1
    if layout.digitCount > safeDigits && scale > 1 {
      // The last digits come from an integer multiplication: a float has no room for them.
      (factor, scale) = layout.digitCount > safeDigits + 1 && scale > 2 ? (100, scale - 2) : (10, scale - 1)
    }
    let scaled = SinglePrecisionScale.multiply(number, byTenToThe: scale) + 0.5
    var mantissa = factor &* (scaled < 0x1p32 ? UInt32(scaled) : .max)
    func difference(_ text: [UInt8]) -> Float { (FloatParser.single(text[...]) ?? 0) - number }

    var text = render(UInt64(mantissa), layout)
    var error = difference(text)
    if error == 0 { return (text, true) }
    var best = (mantissa: mantissa, error: error)
    var step: UInt32 = 1
    if layout.digitCount > safeDigits { step <<= UInt32(3 * (layout.digitCount - safeDigits)) }
    for _ in 0..<(3 + 3 * (mostDigits - safeDigits)) {
      mantissa = error < 0 ? mantissa &+ step : mantissa &- min(step, mantissa)
      text = render(UInt64(mantissa), layout)
      error = difference(text)
      if error == 0 { return (text, true) }
      if error.magnitude < best.error.magnitude
        || error.magnitude == best.error.magnitude && mantissa.isMultiple(of: 10)
      {
        best = (mantissa, error)
      }
      if step > 1 {
        step >>= 1
      } else {
        return (mantissa == best.mantissa ? text : render(UInt64(best.mantissa), layout), false)
      }
    }
    return (text, true)
  }

  private func render(_ mantissa: UInt64, _ layout: Layout) -> [UInt8] {
    var mantissa = mantissa
    var layout = layout
    let capacity = (0..<layout.digitCount).reduce(into: UInt64(1)) { power, _ in power &*= 10 }
    if mantissa != 0 && mantissa >= capacity {
      // Rounding made one digit more.
      if layout.notation == .fixed {
        layout.digitCount += 1
        layout.point = layout.point.map { $0 + 1 }
      } else {
        mantissa /= 10
        layout.exponent += 1
      }
    }
    if layout.notation == .general { expandExponent(&layout, &mantissa) }

    var text = layout.leadingText
    var hasPoint = layout.point == nil
    var reversed: [UInt8] = []
    for _ in 0..<layout.digitCount {
      reversed.append(UInt8(ascii: "0") + UInt8(mantissa % 10))
      mantissa /= 10
    }
    for (index, digit) in reversed.reversed().enumerated() {
      text.append(digit)
      if let point = layout.point, index == point, index + 1 < layout.digitCount {
        text.append(UInt8(ascii: "."))
        hasPoint = true
      }
    }
    if layout.trailingZeros > 0 {
      for index in layout.digitCount..<(layout.digitCount + layout.trailingZeros) {
        if let point = layout.point, index == point + 1 {
          text.append(UInt8(ascii: "."))
          hasPoint = true
        }
        text.append(UInt8(ascii: "0"))
      }
    }
    if layout.notation == .general && hasPoint {
      while text.last == UInt8(ascii: "0") { text.removeLast() }
      if text.last == UInt8(ascii: ".") { text.removeLast() }
    }
    if layout.notation == .exponent || layout.notation == .general && layout.exponent != 0 {
      appendExponent(layout.exponent, to: &text)
    }
    return text
  }

  /// General notation writes small exponents as zeros.
  private func expandExponent(_ layout: inout Layout, _ mantissa: inout UInt64) {
    if layout.exponent > 0 && layout.exponent < layout.exponentLimit {
      let point = (layout.point ?? 0) + layout.exponent
      layout.point = point
      if point >= layout.digitCount { layout.trailingZeros = point - (layout.digitCount - 1) }
      layout.exponent = 0
    } else if layout.exponent < 0 && layout.exponent >= -4 {
      layout.leadingText = FloatText.zeros(-layout.exponent - 1)
      while layout.exponent < 0 && mantissa % 10 == 0 {
        mantissa /= 10
        layout.digitCount -= 1
        layout.exponent += 1
      }
      layout.point = nil
      layout.exponent = 0
    }
  }

  private func appendExponent(_ exponent: Int, to text: inout [UInt8]) {
    text.append(UInt8(ascii: isUppercase ? "E" : "e"))
    text.append(UInt8(ascii: exponent < 0 ? "-" : "+"))
    let magnitude = abs(exponent)
    if magnitude >= 100 { text.append(UInt8(ascii: "0") + UInt8(magnitude / 100)) }
    text.append(UInt8(ascii: "0") + UInt8(magnitude / 10 % 10))
    text.append(UInt8(ascii: "0") + UInt8(magnitude % 10))
  }
}
