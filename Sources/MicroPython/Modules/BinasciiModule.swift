import Timebase

/// `binascii`: binary data as text and back, and its checksum.
extension Interpreter {
  func addBinasciiModule() {
    addModule("binascii") { module in
      module.function("hexlify", 1...2) { vm, args throws(Raised) in
        let data = try vm.bytes(args[0])
        let separator = args.count > 1 ? try vm.bytes(args[1]) : []
        var text: [UInt8] = []
        for (index, byte) in data.enumerated() {
          if index > 0, let first = separator.first { text.append(first) }
          text.append(hexadecimalDigits[Int(byte >> 4)])
          text.append(hexadecimalDigits[Int(byte & 15)])
        }
        return vm.heap.bytes(text)
      }
      module.function("unhexlify", 1...1) { vm, args throws(Raised) in
        let text = try vm.bytes(args[0])
        if text.count % 2 != 0 { throw vm.error(.valueError, "non-hex digit") }
        var data: [UInt8] = []
        for index in stride(from: 0, to: text.count, by: 2) {
          guard let upper = hexadecimalValue(text[index]), let lower = hexadecimalValue(text[index + 1])
          else {
            throw vm.error(.valueError, "non-hex digit")
          }
          data.append(upper << 4 | lower)
        }
        return vm.heap.bytes(data)
      }
      module.function("b2a_base64", 1...Int.max, keywords: true) { vm, args throws(Raised) in
        let newline = try vm.parse(args.dropFirst(), positional: ["newline"], required: 0)[0]
        var text = base64(try vm.bytes(args[0]))
        if newline.isUnbound ? true : try vm.isTrue(newline) { text.append(UInt8(ascii: "\n")) }
        return vm.heap.bytes(text)
      }
      module.function("a2b_base64", 1...1) { vm, args throws(Raised) in
        guard let data = decodedBase64(try vm.bytes(args[0])) else {
          throw vm.error(.valueError, "incorrect padding")
        }
        return vm.heap.bytes(data)
      }
      module.function("crc32", 1...2) { vm, args throws(Raised) in
        let start = args.count > 1 ? UInt32(truncatingIfNeeded: try vm.bigInt(args[1])) : 0
        var checksum = Checksum.CRC32(from: start)
        for byte in try vm.bytes(args[0]) { checksum.update(byte) }
        return vm.heap.int(Int(checksum.value))
      }
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
