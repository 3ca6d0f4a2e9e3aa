/// Reads and writes integers in bases 2 to 36.
enum IntegerText {
  /// `int(text, base)`; base 0 goes by the prefix. ASCII white space around the number and underscores in it are
  /// allowed.
  static func parse(_ vm: Interpreter, _ text: [UInt8], base requestedBase: Int) throws(Raised) -> Value {
    if requestedBase != 0 && requestedBase < 2 || requestedBase > 36 {
      throw vm.error(.valueError, "int() arg 2 must be >= 2 and <= 36")
    }
    var position = 0
    func skipSpace() { while position < text.count, ASCII.isSpace(text[position]) { position += 1 } }
    skipSpace()
    var isNegative = false
    if position < text.count, text[position] == UInt8(ascii: "-") || text[position] == UInt8(ascii: "+") {
      isNegative = text[position] == UInt8(ascii: "-")
      position += 1
    }
    let base = skipPrefix(text, &position, base: requestedBase)
    let start = position
    var small = 0
    var hasOverflowed = false
    while position < text.count {
      let byte = text[position]
      if byte != UInt8(ascii: "_") {
        guard let digit = ASCII.digitValue(byte), digit < base else { break }
        if !hasOverflowed {
          let (product, overflow) = small.multipliedReportingOverflow(by: base)
          let (sum, carry) = product.addingReportingOverflow(digit)
          hasOverflowed = overflow || carry
          small = sum
        }
      }
      position += 1
    }
    let end = position
    skipSpace()
    guard end > start, position == text.count else {
      throw vm.error(.valueError, "invalid syntax for integer with base \(base == 1 ? 0 : base)")
    }
    if !hasOverflowed { return vm.heap.int(isNegative ? -small : small) }
    // A digit of base 10 has between three and four bits.
    let bits = (end - start) * (Int.bitWidth - base.leadingZeroBitCount)
    try vm.requireInteger(bits: bits)
    try vm.passTime(wordSteps: BigInt.textSteps(wordCount: bits / UInt.bitWidth))
    let digits = text[start..<end].filter { $0 != UInt8(ascii: "_") }
    let magnitude = BigUInt(String(decoding: digits, as: UTF8.self), radix: base)
    return vm.heap.int(BigInt(sign: isNegative ? .minus : .plus, magnitude: magnitude ?? BigUInt()))
  }

  /// Passes over `0x`, `0o` or `0b`. Base 0 without a prefix is 10; a leading zero then only allows more zeros,
  /// which base 1 stands for.
  private static func skipPrefix(_ text: [UInt8], _ position: inout Int, base: Int) -> Int {
    guard position + 1 < text.count, text[position] == UInt8(ascii: "0") else { return base == 0 ? 10 : base }
    let found =
      switch text[position + 1] | 0x20 {
      case UInt8(ascii: "x"): 16
      case UInt8(ascii: "o"): 8
      case UInt8(ascii: "b"): 2
      default: 0
      }
    if found != 0 && (base == 0 || base == found) {
      position += 2
      return found
    }
    return base == 0 ? 1 : base
  }

  /// The digits of a magnitude, with `separator` between groups (three digits in base 10, four in others). Passes the time
  /// that many digits take.
  static func digits(
    _ vm: Interpreter, _ operand: IntegerArithmetic.Operand, base: Int = 10, isUppercase: Bool = false,
    separator: UInt8? = nil
  ) throws(Raised) -> [UInt8] {
    try vm.passTime(wordSteps: BigInt.textSteps(wordCount: operand.wordCount))
    let text =
      switch operand {
      case .small(let integer): String(integer.magnitude, radix: base, uppercase: isUppercase)
      case .big(let integer): integer.magnitude.text(radix: base, uppercase: isUppercase)
      }
    let plain = Array(text.utf8)
    guard let separator else { return plain }
    let group = base == 10 ? 3 : 4
    var grouped: [UInt8] = []
    for (index, digit) in plain.enumerated() {
      if index > 0 && (plain.count - index) % group == 0 { grouped.append(separator) }
      grouped.append(digit)
    }
    return grouped
  }
}
