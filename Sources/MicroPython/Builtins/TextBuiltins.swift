/// Built-in functions on characters and printed forms.
enum TextBuiltins {
  static func install(in vm: Interpreter) {
    vm.addBuiltinFunction("chr", 1...1, character)
    vm.addBuiltinFunction("ord", 1...1, ordinal)
    vm.addBuiltinFunction("print", 0...Int.max, keywords: true, print)
    vm.addBuiltinFunction("repr", 1...1) { (vm, arguments) throws(Raised) in
      vm.heap.string(try vm.text(of: arguments[0], .repr))
    }
    vm.addBuiltinFunction("__repl_print__", 1...1) { (vm, arguments) throws(Raised) in
      try vm.printExpression(arguments[0])
      return .none
    }
  }

  private static func character(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let code = try vm.int(arguments[0])
    guard (0..<0x110000).contains(code) else {
      throw vm.error(.valueError, "char not in range(0x110000)")
    }
    if code < 0x80 {
      return withUnsafePointer(to: UInt8(code)) { vm.heap.string(UnsafeBufferPointer(start: $0, count: 1)) }
    }
    // Single characters are names on the board.
    return vm.heap.intern(utf8(of: code))
  }

  /// Surrogates have an encoding here, which Swift's scalars have not.
  private static func utf8(of code: Int) -> [UInt8] {
    func continuation(_ shift: Int) -> UInt8 { UInt8(0x80 | (code >> shift) & 0x3f) }
    return switch code {
    case ..<0x80: [UInt8(code)]
    case ..<0x800: [UInt8(0xc0 | code >> 6), continuation(0)]
    case ..<0x10000: [UInt8(0xe0 | code >> 12), continuation(6), continuation(0)]
    default: [UInt8(0xf0 | code >> 18), continuation(12), continuation(6), continuation(0)]
    }
  }

  private static func ordinal(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let value = vm.native(of: arguments[0])
    let count: Int
    if let string = StringHandle(value) {
      count = string.characterCount
      if count == 1 { return Value(smallInt: code(of: string.utf8)) }
    } else if let bytes = BytesHandle(value) {
      count = bytes.count
      if count == 1 { return Value(smallInt: Int(bytes.contents[0])) }
    } else {
      throw vm.error(.typeError, "can't convert '\(vm.type(of: value).name)' object to str implicitly")
    }
    throw vm.error(.typeError, "ord() expected a character, but string of length \(count) found")
  }

  /// The code of the one character of `utf8`.
  private static func code(of utf8: UnsafeBufferPointer<UInt8>) -> Int {
    let first = Int(utf8[0])
    guard first >= 0x80 else { return first }
    // Each continuation byte takes one bit of the first byte and adds six.
    var code = first & (0x7f >> utf8.count)
    for byte in utf8.dropFirst() { code = code << 6 | Int(byte & 0x3f) }
    return code
  }

  // MARK: print

  private static func print(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    var separator: [UInt8] = [UInt8(ascii: " ")]
    var end: [UInt8] = [UInt8(ascii: "\n")]
    var file = Value.unbound
    for index in 0..<arguments.keywordCount {
      let (name, value) = arguments.keyword(at: index)
      switch name.text {
      case _ where (0..<index).contains { arguments.keyword(at: $0).name.value == name.value }:
        throw vm.error(.typeError, "extra keyword arguments given")
      case "sep": separator = try text(value, vm)
      case "end": end = try text(value, vm)
      case "file": file = value
      default: throw vm.error(.typeError, "extra keyword arguments given")
      }
    }
    if !file.isUnbound {
      return try print(arguments, separator, end, to: file, vm)
    }
    var output = TextOutput()
    for index in 0..<arguments.count {
      if index > 0 { output.write(separator) }
      try vm.print(arguments[index], .str, into: &output)
    }
    output.write(end)
    vm.write(output.bytes)
    return .none
  }

  private static func text(_ value: Value, _ vm: Interpreter) throws(Raised) -> [UInt8] {
    guard let string = StringHandle(value) else {
      throw vm.error(.typeError, "can't convert '\(vm.type(of: value).name)' object to str implicitly")
    }
    return string.bytes
  }

  /// Writes to a stream, piece by piece as a stream written in firmware sees it on the board.
  private static func print(
    _ arguments: Arguments, _ separator: [UInt8], _ end: [UInt8], to file: Value, _ vm: Interpreter
  ) throws(Raised) -> Value {
    let stream = try vm.stream(file)
    func put(_ bytes: [UInt8]) throws(Raised) {
      if !bytes.isEmpty { try vm.streamWrite(stream, bytes) }
    }
    for index in 0..<arguments.count {
      if index > 0 { try put(separator) }
      try put(try vm.text(of: arguments[index], .str))
    }
    try put(end)
    return .none
  }
}
