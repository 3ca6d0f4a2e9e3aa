import Timebase

/// `binascii`: binary data as text and back, and its checksum.
enum BinasciiModule: PythonModule {
  static let name = "binascii"
  static let aliases = ["ubinascii"]

  static func define(_ module: PythonModuleBuilder<Interpreter>) {
    module.function("hexlify", .required("data", .bytes), .optional("sep", .bytes, default: [])) {
      _, data, separator in
      var text: [UInt8] = []
      for (index, byte) in data.enumerated() {
        if index > 0, let first = separator.first { text.append(first) }
        text.append(hexadecimalDigits[Int(byte >> 4)])
        text.append(hexadecimalDigits[Int(byte & 15)])
      }
      return text
    }
    module.function("unhexlify", .required("data", .bytes)) { _, text in
      if text.count % 2 != 0 { throw PythonError.value("non-hex digit") }
      var data: [UInt8] = []
      for index in stride(from: 0, to: text.count, by: 2) {
        guard let upper = hexadecimalValue(text[index]), let lower = hexadecimalValue(text[index + 1])
        else { throw PythonError.value("non-hex digit") }
        data.append(upper << 4 | lower)
      }
      return data
    }
    module.function("b2a_base64", .leading("data", .value), .optional("newline", .bool, default: true)) {
      call, data, endsLine in
      // The board looks at the option first.
      base64(try call.vm.bytes(data)) + (endsLine ? [UInt8(ascii: "\n")] : [])
    }
    module.function("a2b_base64", .required("data", .bytes)) { _, text in
      guard let data = decodedBase64(text) else { throw PythonError.value("incorrect padding") }
      return data
    }
    module.function("crc32", .required("data", .bytes), .optional("value", .bigInt, default: 0)) {
      call, data, start in
      // Nanoseconds; a Pyboard takes two look-ups in a table for a byte.
      try call.vm.passTime(Int64(data.count) * 60)
      var checksum = Checksum.CRC32(from: UInt32(truncatingIfNeeded: start))
      for byte in data { checksum.update(byte) }
      return Int(checksum.value)
    }
  }
}

private let hexadecimalDigits = Array("0123456789abcdef".utf8)
private let base64Digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

private func hexadecimalValue(_ byte: UInt8) -> UInt8? {
  Character(Unicode.Scalar(byte)).hexDigitValue.map(UInt8.init)
}

private func base64(_ data: [UInt8]) -> [UInt8] {
  var text: [UInt8] = []
  for start in stride(from: 0, to: data.count, by: 3) {
    let group = data[start..<min(start + 3, data.count)]
    var bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    bits <<= UInt32(8 * (3 - group.count))
    for position in 0..<4 {
      let digit = base64Digits[Int(bits >> UInt32(18 - 6 * position) & 0x3f)]
      text.append(position <= group.count ? digit : UInt8(ascii: "="))
    }
  }
  return text
}

/// Ignores characters that are no base-64 digits; nil if bits are left over.
private func decodedBase64(_ text: [UInt8]) -> [UInt8]? {
  var data: [UInt8] = []
  var bits: UInt32 = 0
  var bitCount = 0
  var hadPadding = false
  for byte in text {
    if byte == UInt8(ascii: "=") {
      if bitCount == 2 || bitCount == 4 && hadPadding { return data }
      hadPadding = true
    }
    guard let digit = base64Digits.firstIndex(of: byte) else { continue }
    hadPadding = false
    bits = bits << 6 | UInt32(digit)
    bitCount += 6
    if bitCount >= 8 {
      bitCount -= 8
      data.append(UInt8(truncatingIfNeeded: bits >> UInt32(bitCount)))
    }
  }
  return bitCount == 0 ? data : nil
}
