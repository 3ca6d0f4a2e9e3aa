/// Judges the text that the lexer took for a number (underscores already removed).
enum NumberLiteral {
  /// A decimal, `0x`, `0o` or `0b` integer; nil if a digit does not belong to the base. `0777` is no number,
  /// but `00` is.
  static func integer(_ text: [UInt8]) -> Constant? {
    let radix = radix(of: text)
    if radix == 0 { return text.allSatisfy { $0 == UInt8(ascii: "0") } ? .int(0) : nil }
    let digits = text[(radix == 10 ? 0 : 2)...]
    // The standard library's parsers would take a sign.
    guard !digits.isEmpty, digits.allSatisfy({ isDigit($0) || isLetter($0) }) else { return nil }
    let string = String(decoding: digits, as: UTF8.self)
    if let value = Int(string, radix: radix) { return .int(value) }
    return BigInt(string, radix: radix).map(Constant.bigInt)
  }

  /// The base that a literal's prefix asks for; 0 for a leading zero, after which only zeros may follow.
  static func radix(of text: [UInt8]) -> Int {
    guard text.count > 1, text[0] == UInt8(ascii: "0") else { return 10 }
    switch text[1] | 0x20 {
    case UInt8(ascii: "x"): return 16
    case UInt8(ascii: "o"): return 8
    case UInt8(ascii: "b"): return 2
    default: return 0
    }
  }

  /// A float, or with a final `j` the imaginary part of a complex number; nil if the text is no number.
  /// - Parameter single: reads it in single precision, with a board's rounding.
  static func floatOrImaginary(_ text: [UInt8], single: Bool = false) -> Constant? {
    var index = 0
    func digits() -> ArraySlice<UInt8> {
      let start = index
      while index < text.count, isDigit(text[index]) { index += 1 }
      return text[start..<index]
    }
    let integral = digits()
    var mantissa = Array(integral.isEmpty ? [UInt8(ascii: "0")] : integral)
    if index < text.count, text[index] == UInt8(ascii: ".") {
      index += 1
      let fraction = digits()
      if !fraction.isEmpty { mantissa += [UInt8(ascii: ".")] + fraction }
    }
    if index < text.count, text[index] | 0x20 == UInt8(ascii: "e") {
      index += 1
      var sign = UInt8(ascii: "+")
      if index < text.count, text[index] == UInt8(ascii: "+") || text[index] == UInt8(ascii: "-") {
        sign = text[index]
        index += 1
      }
      guard index < text.count else { return nil }
      let exponent = digits()
      mantissa += [UInt8(ascii: "e"), sign] + (exponent.isEmpty ? [UInt8(ascii: "0")] : exponent)
    }
    let number =
      single
      ? FloatParser.single(mantissa[...]).map(Double.init) : Double(String(decoding: mantissa, as: UTF8.self))
    guard let value = number else { return nil }
    if index == text.count { return .float(value) }
    guard text[index] | 0x20 == UInt8(ascii: "j"), index + 1 == text.count else { return nil }
    return .imaginary(value)
  }
}
