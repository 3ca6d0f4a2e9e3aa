/// How one item of `struct` (and of `uctypes`) lies in memory: its type code with MicroPython's meaning on a 32-bit
/// board, and its byte order.
struct Typecode {
  enum Encoding {
    case signed, unsigned, half, single, double
    /// The address of an object, or of text that ends with a zero.
    case object, text
  }
  let encoding: Encoding
  /// Bytes.
  let size: Int
  let isBigEndian: Bool

  /// - Parameter code: as in `struct` formats.
  /// - Returns: nil for a code that `struct` does not know.
  init?(code: UInt8, isBigEndian: Bool) {
    self.isBigEndian = isBigEndian
    switch code {
    case UInt8(ascii: "b"): (encoding, size) = (.signed, 1)
    case UInt8(ascii: "B"): (encoding, size) = (.unsigned, 1)
    case UInt8(ascii: "h"): (encoding, size) = (.signed, 2)
    case UInt8(ascii: "H"): (encoding, size) = (.unsigned, 2)
    case UInt8(ascii: "i"), UInt8(ascii: "l"): (encoding, size) = (.signed, 4)
    case UInt8(ascii: "I"), UInt8(ascii: "L"), UInt8(ascii: "P"): (encoding, size) = (.unsigned, 4)
    case UInt8(ascii: "O"): (encoding, size) = (.object, 4)
    case UInt8(ascii: "S"): (encoding, size) = (.text, 4)
    case UInt8(ascii: "q"): (encoding, size) = (.signed, 8)
    case UInt8(ascii: "Q"): (encoding, size) = (.unsigned, 8)
    case UInt8(ascii: "e"): (encoding, size) = (.half, 2)
    case UInt8(ascii: "f"): (encoding, size) = (.single, 4)
    case UInt8(ascii: "d"): (encoding, size) = (.double, 8)
    default: return nil
    }
  }

  init(_ encoding: Encoding, size: Int, isBigEndian: Bool) {
    self.encoding = encoding
    self.size = size
    self.isBigEndian = isBigEndian
  }

  /// The value of `size` bytes from `offset`, which the caller has checked.
  func load(from bytes: UnsafeRawBufferPointer, at offset: Int, in vm: Interpreter) throws(Raised) -> Value {
    var bits: UInt64 = 0
    for index in 0..<size {
      bits = bits << 8 | UInt64(bytes[offset + (isBigEndian ? index : size - 1 - index)])
    }
    switch encoding {
    case .signed:
      let shift = UInt64(64 - 8 * size)
      return vm.heap.int(Int(Int64(bitPattern: bits << shift) >> shift))
    case .unsigned: return bits > UInt64(Int.max) ? vm.heap.int(BigInt(bits)) : vm.heap.int(Int(bits))
    case .half: return vm.heap.float(Typecode.double(half: UInt16(truncatingIfNeeded: bits)))
    case .single: return vm.heap.float(Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits))))
    case .double: return vm.heap.float(Double(bitPattern: bits))
    case .object: return try vm.object(atBoardWord: UInt32(truncatingIfNeeded: bits))
    case .text: return try vm.heap.string(vm.memory.text(at: Int(bits), vm))
    }
  }

  /// Stores a number; integers that do not fit lose their upper bits.
  func store(_ value: Value, to bytes: UnsafeMutableRawBufferPointer, at offset: Int, in vm: Interpreter)
    throws(Raised)
  {
    let bits: UInt64
    switch encoding {
    case .object: bits = UInt64(try vm.boardWord(of: value))
    case .signed, .unsigned, .text:
      bits =
        value.isSmallInt
        ? UInt64(bitPattern: Int64(value.smallInt)) : UInt64(truncatingIfNeeded: try vm.bigInt(value))
    case .half: bits = UInt64(Typecode.half(Float(try vm.double(value))))
    case .single: bits = UInt64(Float(try vm.double(value)).bitPattern)
    case .double: bits = try vm.double(value).bitPattern
    }
    for index in 0..<size {
      bytes[offset + (isBigEndian ? size - 1 - index : index)] = UInt8(
        truncatingIfNeeded: bits >> (8 * index))
    }
  }

  // Swift has no Float16 on every host, so half precision is taken apart by hand.

  private static func double(half: UInt16) -> Double {
    let sign: Double = half & 0x8000 == 0 ? 1 : -1
    let exponent = Int(half >> 10 & 0x1f)
    let fraction = Double(half & 0x3ff)
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 0x1f: return fraction == 0 ? sign * .infinity : .nan
    default: return sign * (1024 + fraction) * Double(sign: .plus, exponent: exponent - 25, significand: 1)
    }
  }

  /// A Pyboard's compiler has no type for it either, and MicroPython's own conversion is not IEEE 754's: halves are rounded up and their
  /// carry is lost where the exponent is odd, what is less than 2^-14 loses its leading one or is rounded twice, and numbers from
  /// 65536 to 2^49 are not infinite, but have an exponent that reaches into the sign.
  private static func half(_ float: Float) -> UInt16 {
    let bits = float.bitPattern
    let sign = bits >> 16 & 0x8000
    var fraction = bits >> 13 & 0x3ff + bits >> 12 & 1
    let exponent = Int(bits >> 23 & 0xff) - 112
    switch exponent {
    case 143: return UInt16(sign | 0x7c00 | fraction)
    case -112: return UInt16(sign | fraction)
    case ..<(-11): return UInt16(sign)
    case ..<0:
      fraction = (fraction | 0x400) >> UInt32(-exponent)
      return UInt16(sign | fraction >> 1 + fraction & 1)
    case 64...: return UInt16(sign | 0x7c00)
    default: return UInt16(truncatingIfNeeded: sign | UInt32(exponent) << 10 | fraction)
    }
  }
}
