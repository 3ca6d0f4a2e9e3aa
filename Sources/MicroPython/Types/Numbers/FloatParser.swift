/// Reads decimal numbers as MicroPython's `py/parsenum.c` does.
enum FloatParser {
  /// A whole number text (`float("…")`), or nil when it is not one. ASCII white space around it is allowed.
  static func number(_ text: [UInt8], single: Bool) -> Double? {
    var scanner = Scanner(text)
    scanner.skipWhiteSpace()
    guard let (value, _) = scanner.signedNumber(single: single, allowsImaginary: false) else { return nil }
    scanner.skipWhiteSpace()
    return scanner.isAtEnd ? value : nil
  }

  /// `complex("…")`: a real number, an imaginary one, or a real one followed by an imaginary one.
  static func complex(_ text: [UInt8], single: Bool) -> (real: Double, imaginary: Double)? {
    var scanner = Scanner(text)
    scanner.skipWhiteSpace()
    guard let first = scanner.signedNumber(single: single, allowsImaginary: true) else { return nil }
    scanner.skipWhiteSpace()
    if scanner.isAtEnd { return first.isImaginary ? (0, first.value) : (first.value, 0) }
    guard !first.isImaginary, let second = scanner.signedNumber(single: single, allowsImaginary: true),
      second.isImaginary
    else { return nil }
    scanner.skipWhiteSpace()
    return scanner.isAtEnd ? (first.value, second.value) : nil
  }

  /// An unsigned decimal number in the board's single precision, with the inexact scaling of a board; nil when the
  /// text goes on after it.
  static func single(_ text: ArraySlice<UInt8>) -> Float? {
    var scanner = Scanner(Array(text))
    guard let decimal = scanner.decimal(mantissaLimit: 0x1999_9998), scanner.isAtEnd else { return nil }
    return single(decimal)
  }

  private static func single(_ decimal: Decimal) -> Float {
    SinglePrecisionScale.multiply(Float(decimal.mantissa), byTenToThe: decimal.exponent)
  }

  /// mantissa × 10^exponent
  private struct Decimal {
    var mantissa: UInt64 = 0
    var exponent = 0
  }

  private struct Scanner {
    let text: [UInt8]
    var position = 0

    init(_ text: [UInt8]) { self.text = text }

    var isAtEnd: Bool { position == text.count }
    var current: UInt8? { position < text.count ? text[position] : nil }

    mutating func skipWhiteSpace() {
      while let byte = current, ASCII.isSpace(byte) { position += 1 }
    }

    mutating func skip(_ word: String) -> Bool {
      let letters = Array(word.utf8)
      guard position + letters.count <= text.count else { return false }
      for (offset, letter) in letters.enumerated() where text[position + offset] | 0x20 != letter {
        return false
      }
      position += letters.count
      return true
    }

    mutating func sign() -> Bool {
      if current == UInt8(ascii: "-") {
        position += 1
        return true
      }
      if current == UInt8(ascii: "+") { position += 1 }
      return false
    }

    /// [sign] (inf | infinity | nan | decimal) [j]
    mutating func signedNumber(single: Bool, allowsImaginary: Bool) -> (value: Double, isImaginary: Bool)? {
      let isNegative = sign()
      let start = position
      var value: Double
      if skip("inf") {
        _ = skip("inity")
        value = .infinity
      } else if skip("nan") {
        value = .nan
      } else if single {
        guard let decimal = decimal(mantissaLimit: 0x1999_9998) else { return nil }
        value = Double(FloatParser.single(decimal))
      } else {
        guard decimal(mantissaLimit: 0x1999_9999_9999_9998) != nil else { return nil }
        let digits = text[start..<position].filter { $0 != UInt8(ascii: "_") }
        // Also takes a text without digits, as MicroPython does; it stands for 0.
        value = FloatParser.correctlyRounded(digits)
      }
      var isImaginary = false
      if allowsImaginary, let byte = current, byte | 0x20 == UInt8(ascii: "j") {
        if position == start { value = 1 }
        position += 1
        isImaginary = true
      }
      guard position > start else { return nil }
      return (isNegative ? -value : value, isImaginary)
    }

    /// digits [. digits] [e [sign] digits], underscores between them allowed. Digits that `mantissaLimit` leaves no
    /// room for count as zeros. Nil for an exponent that is cut off.
    mutating func decimal(mantissaLimit: UInt64) -> Decimal? {
      enum Part { case integer, fraction }
      var part = Part.integer
      var decimal = Decimal()
      var pendingZeros = (integer: 0, fraction: 0)
      func accept(_ digit: UInt64, _ part: Part) {
        if decimal.mantissa < mantissaLimit {
          decimal.mantissa = decimal.mantissa * 10 + digit
          if part == .fraction { decimal.exponent -= 1 }
        } else if part == .integer {
          decimal.exponent += 1
        }
      }
      while let byte = current {
        if ASCII.isDigit(byte) {
          let digit = UInt64(byte - UInt8(ascii: "0"))
          if digit == 0 || decimal.mantissa >= mantissaLimit {
            if part == .integer { pendingZeros.integer += 1 } else { pendingZeros.fraction += 1 }
          } else {
            for _ in 0..<pendingZeros.integer { accept(0, .integer) }
            for _ in 0..<pendingZeros.fraction { accept(0, .fraction) }
            pendingZeros = (0, 0)
            accept(digit, part)
          }
        } else if byte == UInt8(ascii: ".") && part == .integer {
          part = .fraction
        } else if byte | 0x20 == UInt8(ascii: "e") {
          position += 1
          guard let exponent = exponent() else { return nil }
          decimal.exponent += exponent + pendingZeros.integer
          return decimal
        } else if byte != UInt8(ascii: "_") {
          break
        }
        position += 1
      }
      decimal.exponent += pendingZeros.integer
      return decimal
    }

    /// Parses the digits after an `e`; huge exponents are cut down to ones that still mean infinity or zero.
    private mutating func exponent() -> Int? {
      let isNegative = sign()
      if isAtEnd { return nil }
      var value = 0
      while let byte = current, ASCII.isDigit(byte) || byte == UInt8(ascii: "_") {
        if byte != UInt8(ascii: "_") && value < 100_000_000 {
          value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        position += 1
      }
      return isNegative ? -value : value
    }
  }

  /// A decimal text that may lack digits before the point, after it, or after the `e`.
  private static func correctlyRounded(_ text: [UInt8]) -> Double {
    var text = text
    if let last = text.last, last == UInt8(ascii: "e") || last == UInt8(ascii: "E") { text.removeLast() }
    if text.first == UInt8(ascii: ".") { text.insert(UInt8(ascii: "0"), at: 0) }
    if let point = text.firstIndex(of: UInt8(ascii: ".")),
      point + 1 == text.count || !ASCII.isDigit(text[point + 1])
    {
      text.insert(UInt8(ascii: "0"), at: point + 1)
    }
    return Double(String(decoding: text, as: UTF8.self)) ?? 0
  }
}
