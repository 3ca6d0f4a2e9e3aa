/// `json`
enum JSONModule: PythonModule {
  static let name = "json"
  static let aliases = ["ujson"]

  static func define(_ module: PythonModuleBuilder<Interpreter>) {
    module.function("dumps", .leading("obj", .value), .keyword("separators", .value, default: .none)) {
      call, value, separators in
      var writer = try JSONWriter(separators: separators, call.vm)
      try writer.write(value)
      return call.vm.heap.string(writer.output.bytes)
    }
    module.function(
      "dump", .leading("obj", .value), .leading("stream", .stream),
      .keyword("separators", .value, default: .none)
    ) { call, value, stream, separators in
      var writer = try JSONWriter(separators: separators, call.vm)
      try writer.write(value)
      try call.vm.streamWrite(stream, writer.output.bytes)
    }
    module.function("load", .required("stream", .value)) { call, source in
      var reader = JSONReader(try call.vm.stream(source), call.vm)
      return try reader.readDocument()
    }
    module.function("loads", .required("str", .bytes)) { call, text in
      var reader = JSONReader(MemoryStream(text, isText: false), call.vm)
      return try reader.readDocument()
    }
  }
}

/// Prints values as JSON.
struct JSONWriter {
  private let vm: Interpreter
  private var itemSeparator: [UInt8] = Array(", ".utf8)
  private var keySeparator: [UInt8] = Array(": ".utf8)
  private(set) var output = TextOutput()
  private var depth = 0

  /// Deeper structures, such as lists that contain themselves, are refused as on the board.
  private static let depthLimit = 100

  /// - Parameter separators: None, or the pair (between items, after keys).
  init(separators: Value, _ vm: Interpreter) throws(Raised) {
    self.vm = vm
    if separators.isNone { return }
    let pair = try vm.collect(separators)
    guard pair.count == 2 else {
      throw vm.error(.valueError, "requested length 2 but object has length \(pair.count)")
    }
    itemSeparator = try vm.bytes(pair[0])
    keySeparator = try vm.bytes(pair[1])
  }

  mutating func write(_ value: Value) throws(Raised) {
    // A list that stands in another many times is written as often, which may have no end in any time that counts.
    try vm.passTime(vm.costs.iteration)
    try vm.requireText(output.bytes.count)
    let plain = vm.hasTextOfItsOwn(value) ? value : vm.native(of: value)
    if let dict = DictHandle(plain) {
      try nested { (writer: inout JSONWriter) throws(Raised) in try writer.write(dict) }
    } else if let list = ListHandle(plain) {
      let items = Array(list.items)
      try nested { (writer: inout JSONWriter) throws(Raised) in try writer.write(items) }
    } else if let tuple = TupleHandle(plain) {
      let items = Array(tuple.items)
      try nested { (writer: inout JSONWriter) throws(Raised) in try writer.write(items) }
    } else {
      try vm.print(value, .json, into: &output)
    }
  }

  private mutating func nested(_ body: (inout JSONWriter) throws(Raised) -> Void) throws(Raised) {
    depth += 1
    guard depth <= JSONWriter.depthLimit else {
      throw vm.error(.runtimeError, "maximum recursion depth exceeded")
    }
    try body(&self)
    depth -= 1
  }

  private mutating func write(_ items: [Value]) throws(Raised) {
    output.write("[")
    for (index, item) in items.enumerated() {
      if index > 0 { output.write(itemSeparator) }
      try write(item)
    }
    output.write("]")
  }

  private mutating func write(_ dict: DictHandle) throws(Raised) {
    output.write("{")
    for (index, entry) in dict.entries.enumerated() {
      if index > 0 { output.write(itemSeparator) }
      // Keys that are no strings become some.
      let isString = StringHandle(entry.key) != nil || BytesHandle(entry.key) != nil
      if !isString { output.write("\"") }
      try write(entry.key)
      if !isString { output.write("\"") }
      output.write(keySeparator)
      try write(entry.value)
    }
    output.write("}")
  }
}

/// Reads one JSON document from a stream, byte by byte. Like MicroPython it is lenient: commas and colons count as
/// space, and either bracket closes what is open.
struct JSONReader {
  private let stream: any NativeStream
  private let vm: Interpreter
  /// Nanoseconds; a Pyboard calls a function of the stream for each byte.
  private static let byteCost: Int64 = 50

  /// The byte after the ones that were taken; 0 at the end.
  private var current: UInt8 = 0

  init(_ stream: any NativeStream, _ vm: Interpreter) {
    self.stream = stream
    self.vm = vm
  }

  private mutating func advance() throws(Raised) {
    var byte: UInt8 = 0
    let result = try withUnsafeMutableBytes(of: &byte) { (buffer) throws(Raised) in
      try stream.read(into: buffer, vm)
    }
    switch result {
    case .done(let count):
      current = count == 0 ? 0 : byte
      try vm.passTime(JSONReader.byteCost)
    case .failed(let errno): throw vm.osError(errno)
    }
  }

  private func syntaxError() -> Raised { vm.error(.valueError, "syntax error in JSON") }

  /// The lists and dicts that are open, the innermost last, with the key that waits for its value.
  private struct Open {
    var container: Value
    var key: Value?
  }

  mutating func readDocument() throws(Raised) -> Value {
    var open: [Open] = []
    try advance()
    var document = Value.unbound
    while document.isUnbound {
      let byte = current
      if byte == 0 { throw syntaxError() }
      try advance()
      var value: Value
      switch byte {
      case UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: " "), 0x09, 0x0a, 0x0d: continue
      case UInt8(ascii: "n"): value = try literal("ull", .none)
      case UInt8(ascii: "f"): value = try literal("alse", .false)
      case UInt8(ascii: "t"): value = try literal("rue", .true)
      case UInt8(ascii: "\""): value = try vm.string(ofUTF8: try string())
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): value = try number(from: byte)
      case UInt8(ascii: "["): value = vm.heap.list().value
      case UInt8(ascii: "{"): value = vm.heap.dict().value
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        guard let closed = open.popLast() else { throw syntaxError() }
        if open.isEmpty { document = closed.container }
        continue
      default: throw syntaxError()
      }
      let isContainer = byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{")
      if open.isEmpty, !isContainer { document = value }
      if !open.isEmpty { try add(value, isContainer: isContainer, to: &open[open.count - 1]) }
      if isContainer { open.append(Open(container: value)) }
    }
    while current == 0x20 || 0x09...0x0d ~= current { try advance() }
    guard current == 0 else { throw syntaxError() }
    return document
  }

  private func add(_ value: Value, isContainer: Bool, to open: inout Open) throws(Raised) {
    if let list = ListHandle(open.container) {
      list.append(value, in: vm.heap)
    } else if let dict = DictHandle(open.container) {
      if let key = open.key {
        try vm.dictSet(dict, key, value)
        open.key = nil
      } else {
        if isContainer { throw syntaxError() }
        open.key = value
      }
    }
  }

  private mutating func literal(_ rest: StaticString, _ value: Value) throws(Raised) -> Value {
    for byte in UnsafeBufferPointer(start: rest.utf8Start, count: rest.utf8CodeUnitCount) {
      guard current == byte else { throw syntaxError() }
      try advance()
    }
    return value
  }

  private mutating func string() throws(Raised) -> [UInt8] {
    var text: [UInt8] = []
    while current != UInt8(ascii: "\"") {
      if current == 0 { throw syntaxError() }
      if current == UInt8(ascii: "\\") {
        try advance()
        switch current {
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0c)
        case UInt8(ascii: "n"): text.append(0x0a)
        case UInt8(ascii: "r"): text.append(0x0d)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): try appendUnicodeEscape(to: &text)
        case 0: throw syntaxError()
        default: text.append(current)
        }
      } else {
        text.append(current)
      }
      try advance()
    }
    try advance()
    return text
  }

  private mutating func appendUnicodeEscape(to text: inout [UInt8]) throws(Raised) {
    var code: UInt32 = 0
    for _ in 0..<4 {
      try advance()
      guard let digit = Character(Unicode.Scalar(current)).hexDigitValue else { throw syntaxError() }
      code = code << 4 | UInt32(digit)
    }
    text.append(contentsOf: UTF8Encoding.bytes(of: code))
  }

  private mutating func number(from first: UInt8) throws(Raised) -> Value {
    var text = [first]
    var isFloat = false
    reading: while true {
      switch current {
      case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): isFloat = true
      case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): break
      default: break reading
      }
      text.append(current)
      try advance()
    }
    let isNegative = first == UInt8(ascii: "-")
    let digits = isNegative ? Array(text.dropFirst()) : text
    if isFloat {
      guard let value = FloatParser.number(digits, single: vm.heap.hasSingleFloats) else {
        throw vm.error(.valueError, "invalid syntax for number")
      }
      return vm.heap.float(isNegative ? -value : value)
    }
    let bits = digits.count * 4
    try vm.requireInteger(bits: bits)
    try vm.passTime(wordSteps: BigInt.textSteps(wordCount: bits / UInt.bitWidth))
    guard digits.allSatisfy(isDigit), let value = BigInt(String(decoding: text, as: UTF8.self), radix: 10)
    else {
      throw vm.error(.valueError, "invalid syntax for integer with base 10")
    }
    return vm.heap.int(value)
  }
}
