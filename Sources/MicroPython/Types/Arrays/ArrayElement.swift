/// Type codes of arrays.
enum ArrayElement {
  /// Bytes of an item, nil for an unknown code. Values take two words of the board here.
  static func size(of typeCode: UInt8) -> Int? {
    switch Unicode.Scalar(typeCode) {
    case "b", "B": 1
    case "h", "H": 2
    case "i", "I", "l", "L", "P", "S", "f": 4
    case "q", "Q", "d", "O": 8
    default: nil
    }
  }

  /// The low 64 bits of an integer in two's complement.
  static func lowBits(_ vm: Interpreter, _ value: Value) throws(Raised) -> Int {
    switch try NumberConversion.operand(vm, value) {
    case .small(let integer): integer
    case .big(let integer): Int(truncatingIfNeeded: integer)
    }
  }
}
