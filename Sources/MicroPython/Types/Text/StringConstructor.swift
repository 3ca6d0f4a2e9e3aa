/// `str(…)`, `bytes(…)`, `encode` and `decode`.
enum StringConstructor {
  private enum Encoding { case utf8, ascii }

  static func makeString(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    if arguments.keywordCount > 0 { throw keywordsNotImplemented(vm) }
    try vm.require(arguments, 0...3)
    switch arguments.count {
    case 0: return vm.heap.string("")
    case 1:
      vm.heap.noteRequest()
      if let string = StringHandle(arguments[0]) { return vm.heap.string(copying: string) }
      return vm.heap.string(try vm.text(of: arguments[0], .str))
    default:
      let bytes = Array(try vm.buffer(arguments[0], writable: false).bytes)
      return try decode(vm, bytes, encoding: arguments[1], errors: arguments.optional(2))
    }
  }

  static func decode(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let bytes = Array(try vm.buffer(arguments[0], writable: false).bytes)
    return try decode(vm, bytes, encoding: arguments.optional(1), errors: arguments.optional(2))
  }

  private static func decode(
    _ vm: Interpreter, _ bytes: [UInt8], encoding name: Value, errors: Value
  ) throws(Raised) -> Value {
    let encoding = try encoding(vm, name)
    let isValid = encoding == .utf8 ? UTF8Text.isValid(bytes) : bytes.allSatisfy { $0 < 0x80 }
    if isValid { return vm.heap.string(bytes) }
    let handler = errors.isUnbound || errors.isNone ? "" : try vm.string(errors)
    guard handler == "ignore" || handler == "replace" else { throw vm.error(.unicodeError, arguments: []) }
    return vm.heap.string(repaired(bytes, encoding, replaces: handler == "replace"))
  }

  /// Returns `bytes` with invalid bytes left out, or replaced by U+FFFD.
  private static func repaired(_ bytes: [UInt8], _ encoding: Encoding, replaces: Bool) -> [UInt8] {
    var result: [UInt8] = []
    var position = 0
    while position < bytes.count {
      let byte = bytes[position]
      var end = position + 1
      var isValid = byte < 0x80
      if encoding == .utf8 && (0xc0..<0xf8).contains(byte) {
        let length = UTF8Text.length(ofLead: byte)
        while end < bytes.count && end - position < length && UTF8Text.isContinuation(bytes[end]) { end += 1 }
        isValid = end - position == length
      }
      if isValid {
        result += bytes[position..<end]
      } else if replaces {
        result += UTF8Text.encode(0xfffd)
      }
      position = end
    }
    return result
  }

  static func encode(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    guard let string = StringHandle(arguments[0]) else {
      throw CharacterData.implicitConversion(vm, arguments[0])
    }
    return try encode(vm, string, encoding: arguments.optional(1))
  }

  private static func encode(
    _ vm: Interpreter, _ string: StringHandle, encoding name: Value
  ) throws(Raised) -> Value {
    let encoding = try encoding(vm, name)
    if encoding == .ascii && !string.isASCII { throw vm.error(.unicodeError, arguments: []) }
    return vm.heap.bytes(string.utf8)
  }

  private static func encoding(_ vm: Interpreter, _ name: Value) throws(Raised) -> Encoding {
    if name.isUnbound { return .utf8 }
    guard let string = StringHandle(name) else { throw CharacterData.implicitConversion(vm, name) }
    // MicroPython 1.29 knows the names in lower case only; older firmware, the demos among it, was never checked.
    switch string.text.lowercased() {
    case "utf-8", "utf8": return .utf8
    case "ascii": return .ascii
    default: throw vm.error(.lookupError, "unknown encoding: \(string.text)")
    }
  }

  static func makeBytes(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    if arguments.keywordCount > 0 { throw keywordsNotImplemented(vm) }
    if arguments.count == 0 { return vm.heap.bytes(EmptyCollection()) }
    let source = vm.native(of: arguments[0])
    if BytesHandle(source) != nil { return source }
    if let string = StringHandle(source) {
      guard (2...3).contains(arguments.count) else {
        throw vm.error(.typeError, "string argument without an encoding")
      }
      return try encode(vm, string, encoding: arguments[1])
    }
    if arguments.count > 1 { throw vm.error(.typeError, "wrong number of arguments") }
    // The board takes a larger integer for something to iterate over.
    if source.isSmallInt, Value.fitsBoardWord(source.bits) {
      let count = source.smallInt
      if count < 0 { throw vm.error(.valueError, arguments: []) }
      try vm.requireMemory(count, itemSize: 1)
      return vm.heap.bytes([UInt8](repeating: 0, count: count))
    }
    if let contents = ByteView.contents(of: source, vm) { return vm.heap.bytes(contents) }
    var bytes: [UInt8] = []
    try vm.forEach(arguments[0]) { item throws(Raised) in
      try vm.requireMemory(bytes.count + 1, itemSize: 1)
      bytes.append(try byte(vm, item))
    }
    return vm.heap.bytes(bytes)
  }

  /// An integer as one item of a `bytes`.
  static func byte(_ vm: Interpreter, _ value: Value) throws(Raised) -> UInt8 {
    guard let byte = UInt8(exactly: try vm.int(value)) else {
      throw vm.error(.valueError, "bytes value out of range")
    }
    return byte
  }

  private static func keywordsNotImplemented(_ vm: Interpreter) -> Raised {
    vm.error(
      .notImplementedError, "keyword argument(s) not implemented - use normal args instead")
  }
}
