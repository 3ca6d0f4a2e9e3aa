/// How one field of a format is laid out: what `%` formatting and `str.format` have in common. Behaves as MicroPython's
/// `py/mpprint.c`.
struct NumberFormat {
  enum Alignment { case left, right, center, afterSign }

  var alignment = Alignment.right
  var fill = UInt8(ascii: " ")
  /// In bytes; no padding when it is smaller than the text.
  var width = 0
  /// Digits after the point or significant digits of floats, least number of digits of integers.
  var precision: Int?
  /// `+` or a space before numbers that are not negative.
  var plusSign: UInt8?
  /// `0x`, `0o` or `0b` before the digits.
  var showsPrefix = false
  /// `,` or `_` between groups of digits.
  var separator: UInt8?

  // MARK: Text

  /// Writes `text` padded to the width.
  func write(_ text: some Collection<UInt8>, to output: inout TextOutput) {
    write(text, width: width, to: &output)
  }

  private func write(_ text: some Collection<UInt8>, width: Int, to output: inout TextOutput) {
    var (width, missing) = (width, width - text.count)
    let groups = fill == UInt8(ascii: "0") ? separator : nil
    let period = groups == UInt8(ascii: "_") ? 5 : 4
    // Zeros in groups never start with a separator.
    if groups != nil, width % period == 0 {
      width += 1
      missing += 1
    }
    guard missing > 0 else {
      output.write(text)
      return
    }
    /// The separator stands where a whole number of periods is left up to the end of the field, counted from the start of the
    /// padding, wherever that stands.
    func pad(_ count: Int) {
      for index in 0..<count {
        let isSeparator = groups != nil && (width - index) % period == 0
        output.bytes.append(isSeparator ? groups ?? fill : fill)
      }
    }
    let left =
      switch alignment {
      case .left: 0
      case .center: missing / 2
      case .right, .afterSign: missing
      }
    pad(left)
    output.write(text)
    pad(missing - left)
  }

  // MARK: Integers

  /// Writes an integer in base 2, 8, 10 or 16.
  func write(
    _ vm: Interpreter, integer: IntegerArithmetic.Operand, base: Int, isUppercase: Bool = false,
    to output: inout TextOutput
  ) throws(Raised) {
    var format = self
    var minimumDigits = precision ?? -1
    if alignment != .left && alignment != .center && fill == UInt8(ascii: "0") {
      format.width = max(width, minimumDigits)
      minimumDigits = 0
    }
    var prefix: [UInt8] = []
    if !integer.isNegative, let plusSign { prefix.append(plusSign) }
    if showsPrefix { prefix += basePrefix(base, isUppercase: isUppercase) }
    let digits = try IntegerText.digits(
      vm, integer, base: base, isUppercase: isUppercase, separator: separator)
    let minus: [UInt8] = integer.isNegative ? [UInt8(ascii: "-")] : []

    if minimumDigits > 1 {
      format.writeZeroPadded(digits, sign: minus + prefix, minimumDigits: minimumDigits, to: &output)
    } else if alignment == .afterSign {
      output.write(minus + prefix)
      format.write(digits, width: format.width - minus.count - prefix.count, to: &output)
    } else {
      format.write(minus + prefix + digits, width: format.width, to: &output)
    }
  }

  /// An explicit precision pads the digits with zeros, the width then pads the whole with spaces.
  private func writeZeroPadded(
    _ digits: [UInt8], sign: [UInt8], minimumDigits: Int, to output: inout TextOutput
  ) {
    let spaces = max(0, width - max(digits.count, minimumDigits) - sign.count)
    let padding = repeatElement(UInt8(ascii: " "), count: spaces)
    if alignment != .left { output.write(padding) }
    output.write(sign)
    output.write(repeatElement(UInt8(ascii: "0"), count: max(0, minimumDigits - digits.count)))
    output.write(digits)
    if alignment == .left { output.write(padding) }
  }

  private func basePrefix(_ base: Int, isUppercase: Bool) -> [UInt8] {
    switch base {
    case 2: Array((isUppercase ? "0B" : "0b").utf8)
    case 8: Array("0o".utf8)
    case 16: Array((isUppercase ? "0X" : "0x").utf8)
    default: []
    }
  }

  // MARK: Floats

  /// Writes a float in one of the notations `e`, `f`, `g` (capitals too), followed by `suffix`.
  func write(
    float: Double, conversion: UInt8, single: Bool, suffix: [UInt8] = [], to output: inout TextOutput
  ) {
    let notation: FloatText.Notation =
      switch conversion | 0x20 {
      case UInt8(ascii: "f"): .fixed
      case UInt8(ascii: "g"): .general
      default: .exponent
      }
    let text =
      FloatText(
        notation: notation, isUppercase: conversion & 0x20 == 0, precision: precision, plusSign: plusSign,
        isSinglePrecision: single
      ).format(float) + suffix
    if alignment == .afterSign, let first = text.first, first < UInt8(ascii: "0") {
      output.bytes.append(first)
      write(text.dropFirst(), width: width - 1, to: &output)
    } else {
      write(text, width: width, to: &output)
    }
  }
}
