/// The constructor and the methods of `int`.
enum IntegerType {
  static func make(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    try vm.require(arguments, 0...2)
    if arguments.count == 0 { return vm.heap.int(0) }
    let argument = vm.native(of: arguments[0])
    if arguments.count == 2 {
      guard let text = CharacterData(argument), text.kind != .bytearray else {
        throw CharacterData.implicitConversion(vm, argument)
      }
      return try IntegerText.parse(vm, Array(text.contents), base: vm.int(arguments[1]))
    }
    if argument.float != nil, !arguments[0].isKind(.instance) {
      return try NumberConversion.integer(vm, truncating: argument)
    }
    if argument.isSmallInt || BigIntHandle(argument) != nil { return argument }
    if argument.isBool { return vm.heap.int(argument == .true ? 1 : 0) }
    if let convert = vm.type(of: argument).info.unary {
      let integer = try convert(vm, .integer, argument)
      if !integer.isUnbound { return integer }
    }
    if let text = ByteView.contents(of: argument, vm) { return try IntegerText.parse(vm, text, base: 10) }
    return vm.heap.int(try vm.bigInt(arguments[0]))
  }

  /// `int.from_bytes(bytes, byteorder="big")`; always unsigned, as in MicroPython.
  static func fromBytes(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    // A class method: the class comes first.
    var bytes = Array(try vm.buffer(arguments[1], writable: false).bytes)
    if arguments.count > 2, StringHandle(arguments[2])?.text == "little" { bytes.reverse() }
    if bytes.count < 8 { return vm.heap.int(bytes.reduce(0) { $0 << 8 | Int($1) }) }
    try vm.requireInteger(bits: bytes.count * 8)
    var words: [UInt] = []
    var end = bytes.count
    while end > 0 {
      let start = max(0, end - 8)
      words.append(bytes[start..<end].reduce(0) { $0 << 8 | UInt($1) })
      end = start
    }
    return vm.heap.int(BigInt(magnitude: BigUInt(words: words)))
  }

  /// `x.to_bytes(length=1, byteorder="big", *, signed=False)`
  static func toBytes(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    guard let receiver = IntegerArithmetic.operand(arguments[0]), !arguments[0].isBool else {
      throw vm.wrongReceiver()
    }
    let options = try vm.parse(
      arguments.dropFirst(), positional: ["length", "byteorder"], required: 0, keywordOnly: ["signed"])
    let length = options[0].isUnbound ? 1 : try vm.int(options[0])
    if length < 0 { throw vm.error(.valueError, arguments: []) }
    try vm.requireMemory(length, itemSize: 1)
    let isSigned = options[2].isUnbound ? false : try vm.isTrue(options[2])
    let integer = receiver.big
    if !isSigned && integer.sign == .minus {
      throw vm.error(.overflowError, "can't convert negative int to unsigned")
    }
    guard fits(integer, byteCount: length, isSigned: isSigned) else {
      throw vm.error(.overflowError, "value would overflow a \(length) byte buffer")
    }
    var bytes = twosComplement(integer, byteCount: length)
    if StringHandle(options[1])?.text != "little" { bytes.reverse() }
    return vm.heap.bytes(bytes)
  }

  private static func fits(_ integer: BigInt, byteCount: Int, isSigned: Bool) -> Bool {
    if integer.isZero { return true }
    if !isSigned { return integer.magnitude.bitWidth <= byteCount * 8 }
    // A negative number fits where its complement does.
    return (integer.isNegative ? -1 - integer : integer).magnitude.bitWidth < byteCount * 8
  }

  /// Least significant byte first.
  static func twosComplement(_ integer: BigInt, byteCount: Int) -> [UInt8] {
    let words = integer.twosComplement(wordCount: (byteCount + 7) / 8)
    return (0..<byteCount).map { UInt8(truncatingIfNeeded: words[$0 / 8] >> UInt($0 % 8 * 8)) }
  }
}
