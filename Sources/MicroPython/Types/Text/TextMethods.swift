/// Methods that `str`, `bytes` and `bytearray` share. `arguments[0]` is the receiver.
enum TextMethods {
  static func install(in builder: TypeBuilder) {
    let type = ReceiverChecking(builder: builder)
    type.method("find", 1...3) { vm, arguments throws(Raised) in
      try position(vm, arguments, backwards: false) ?? Value(smallInt: -1)
    }
    type.method("rfind", 1...3) { vm, arguments throws(Raised) in
      try position(vm, arguments, backwards: true) ?? Value(smallInt: -1)
    }
    type.method("index", 1...3) { vm, arguments throws(Raised) in
      if let found = try position(vm, arguments, backwards: false) { return found }
      throw vm.error(.valueError, "substring not found")
    }
    type.method("rindex", 1...3) { vm, arguments throws(Raised) in
      if let found = try position(vm, arguments, backwards: true) { return found }
      throw vm.error(.valueError, "substring not found")
    }
    type.method("count", 1...3, count)
    type.method("startswith", 1...3) { vm, arguments throws(Raised) in
      try hasAffix(vm, arguments, atEnd: false)
    }
    type.method("endswith", 1...3) { vm, arguments throws(Raised) in try hasAffix(vm, arguments, atEnd: true)
    }
    type.method("join", 1...1, join)
    type.method("split", 0...2, TextSplitting.split)
    type.method("rsplit", 0...2, TextSplitting.rsplit)
    type.method("splitlines", 0...1, keywords: true, TextSplitting.splitlines)
    type.method("partition", 1...1) { vm, arguments throws(Raised) in
      try TextSplitting.partition(vm, arguments, backwards: false)
    }
    type.method("rpartition", 1...1) { vm, arguments throws(Raised) in
      try TextSplitting.partition(vm, arguments, backwards: true)
    }
    type.method("strip", 0...1) { vm, arguments throws(Raised) in try strip(vm, arguments, [.start, .end]) }
    type.method("lstrip", 0...1) { vm, arguments throws(Raised) in try strip(vm, arguments, .start) }
    type.method("rstrip", 0...1) { vm, arguments throws(Raised) in try strip(vm, arguments, .end) }
    type.method("replace", 2...3, replace)
    type.method("center", 1...1, center)
    type.method("format", 0...Int.max, keywords: true, format)
    installCharacterClasses(in: type)
  }

  /// Defines methods that refuse receivers of another type, as `str.upper(b"a")` does.
  private struct ReceiverChecking {
    let builder: TypeBuilder

    func method(
      _ name: String, _ count: ClosedRange<Int>, keywords: Bool = false, _ body: @escaping NativeBody
    ) {
      let type = builder.type
      let upperBound = count.upperBound == Int.max || keywords ? Int.max : count.upperBound + 1
      let allowed = (count.lowerBound + 1)...upperBound
      // The receiver is looked at before the number of arguments.
      builder.method(name, 0...Int.max, keywords: keywords) { vm, arguments throws(Raised) in
        if vm.type(of: arguments[0]) != type { throw vm.wrongReceiver() }
        if !allowed.contains(arguments.count) { try vm.require(arguments, allowed) }
        return try body(vm, arguments)
      }
    }
  }

  private static func installCharacterClasses(in type: ReceiverChecking) {
    type.method("lower", 0...0) { vm, arguments throws(Raised) in try map(vm, arguments, ASCII.lowercased) }
    type.method("upper", 0...0) { vm, arguments throws(Raised) in try map(vm, arguments, ASCII.uppercased) }
    type.method("isspace", 0...0) { vm, arguments throws(Raised) in try all(vm, arguments, ASCII.isSpace) }
    type.method("isalpha", 0...0) { vm, arguments throws(Raised) in try all(vm, arguments, ASCII.isLetter) }
    type.method("isdigit", 0...0) { vm, arguments throws(Raised) in try all(vm, arguments, ASCII.isDigit) }
    type.method("isupper", 0...0) { vm, arguments throws(Raised) in
      try allLetters(vm, arguments, ASCII.isUppercase)
    }
    type.method("islower", 0...0) { vm, arguments throws(Raised) in
      try allLetters(vm, arguments, ASCII.isLowercase)
    }
  }

  /// `hex` and `fromhex` of `bytes` and `bytearray`.
  static func installHex(in type: TypeBuilder) {
    type.method("hex", 0...1, hex)
    type.classMethod("fromhex", 1...1, fromHex)
  }

  // MARK: Searching

  private static func range(
    _ vm: Interpreter, _ receiver: CharacterData, _ arguments: Arguments, from first: Int
  ) throws(Raised) -> (start: Int, end: Int) {
    let start = try StringIndexing.bound(vm, arguments.optional(first), in: receiver, default: 0)
    let end = try StringIndexing.bound(
      vm, arguments.optional(first + 1), in: receiver, default: receiver.contents.count)
    return (start, end)
  }

  private static func position(
    _ vm: Interpreter, _ arguments: Arguments, backwards: Bool
  ) throws(Raised) -> Value? {
    let receiver = try CharacterData(receiver: arguments[0], vm)
    var needle = arguments[1]
    if receiver.kind != .str, IntegerArithmetic.operand(needle) != nil {
      needle = vm.heap.bytes([try StringConstructor.byte(vm, needle)])
    }
    let wanted = try receiver.matching(needle, vm)
    let (start, end) = try range(vm, receiver, arguments, from: 2)
    guard start <= end, let found = receiver.find(wanted.contents, in: start..<end, backwards: backwards)
    else { return nil }
    if receiver.kind != .str { return vm.heap.int(found) }
    return vm.heap.int(UTF8Text.characterCount(receiver.contents[..<found]))
  }

  private static func count(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let receiver = try CharacterData(receiver: arguments[0], vm)
    let needle = try receiver.matching(arguments[1], vm).contents
    let (start, end) = try range(vm, receiver, arguments, from: 2)
    if needle.isEmpty {
      // Each gap between characters counts.
      return vm.heap.int(UTF8Text.characterCount(receiver.contents[start..<max(start, end)]) + 1)
    }
    var occurrences = 0
    var position = start
    while position <= end, let found = receiver.find(needle, in: position..<end) {
      occurrences += 1
      position = found + needle.count
    }
    return vm.heap.int(occurrences)
  }

  private static func hasAffix(
    _ vm: Interpreter, _ arguments: Arguments, atEnd: Bool
  ) throws(Raised) -> Value {
    let receiver = try CharacterData(receiver: arguments[0], vm)
    let (start, end) = try range(vm, receiver, arguments, from: 2)
    let length = max(0, end - start)
    let candidates = TupleHandle(arguments[1]).map { Array($0.items) } ?? [arguments[1]]
    for (index, candidate) in candidates.enumerated() {
      try vm.passTime(atItem: index)
      guard let affix = CharacterData(candidate), affix.kind != .bytearray else {
        throw CharacterData.implicitConversion(vm, candidate)
      }
      let count = affix.contents.count
      if count <= length && receiver.matches(affix.contents, at: atEnd ? start + length - count : start) {
        return .true
      }
    }
    return .false
  }

  // MARK: Making new strings

  private static func join(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let receiver = try CharacterData(receiver: arguments[0], vm)
    let separator = Array(receiver.contents)
    var joined: [UInt8] = []
    var isFirst = true
    for item in try vm.collect(arguments[1]) {
      guard let part = CharacterData(item), (part.kind == .str) == (receiver.kind == .str) else {
        throw vm.error(
          .typeError, "join expects a list of str/bytes objects consistent with self object")
      }
      try vm.requireMemory(joined.count + separator.count + part.contents.count, itemSize: 1)
      if !isFirst { joined += separator }
      joined += part.contents
      isFirst = false
    }
    vm.heap.noteRequest()
    return switch receiver.kind {
    case .str: vm.heap.string(joined)
    case .bytes: vm.heap.bytes(joined)
    case .bytearray: vm.heap.bytearray(joined)
    }
  }

  private struct Side: OptionSet {
    var rawValue: UInt8
    static let start = Side(rawValue: 1)
    static let end = Side(rawValue: 2)
  }

  private static func strip(
    _ vm: Interpreter, _ arguments: Arguments, _ sides: Side
  ) throws(Raised) -> Value {
    let receiver = try CharacterData(receiver: arguments[0], vm)
    var unwanted: ByteSet?
    if arguments.count > 1 {
      unwanted = ByteSet()
      unwanted?.insert(contentsOf: try receiver.matching(arguments[1], vm).contents)
    }
    func isUnwanted(_ byte: UInt8) -> Bool { unwanted?.contains(byte) ?? ASCII.isSpace(byte) }
    var rest = receiver.contents[...]
    if sides.contains(.start) { rest = rest.drop(while: isUnwanted) }
    if sides.contains(.end) {
      while let last = rest.last, isUnwanted(last) { rest.removeLast() }
    }
    if rest.isEmpty { return receiver.makeEmpty(vm) }
    return rest.count == receiver.contents.count ? arguments[0] : try receiver.make(rest, vm)
  }

  private static func replace(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let receiver = try CharacterData(receiver: arguments[0], vm)
    var remaining = arguments.count > 3 ? try vm.int(arguments[3]) : -1
    if remaining == 0 { return arguments[0] }
    let old = try receiver.matching(arguments[1], vm).contents
    let new = try receiver.matching(arguments[2], vm).contents
    let contents = receiver.contents
    if old.count > contents.count { return arguments[0] }
    var result: [UInt8] = []
    var copied = 0
    var hasReplaced = false
    if old.isEmpty {
      result += new
      remaining -= 1
      hasReplaced = true
    }
    while remaining != 0 && copied < contents.count,
      let found = receiver.find(old, in: copied..<contents.count)
    {
      // An empty string is found before every byte; the byte itself is kept.
      let end = old.isEmpty ? found + 1 : found
      try vm.requireMemory(result.count + end - copied + new.count, itemSize: 1)
      result += contents[copied..<end]
      result += new
      copied = end + old.count
      remaining -= 1
      hasReplaced = true
    }
    if !hasReplaced { return arguments[0] }
    vm.heap.noteRequest()
    result += contents[copied...]
    return try receiver.make(result, vm)
  }

  private static func center(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let receiver = try CharacterData(receiver: arguments[0], vm)
    let (width, count) = (try vm.int(arguments[1]), UTF8Text.characterCount(receiver.contents))
    // The board takes a negative width for one of nearly 4 GiB.
    if width < 0 { try vm.requireMemory(Int(UInt32(truncatingIfNeeded: width + 1)), itemSize: 1) }
    if width <= count { return arguments[0] }
    try vm.requireMemory(width, itemSize: 1)
    let padding = width - count
    let left = [UInt8](repeating: UInt8(ascii: " "), count: padding / 2)
    let right = [UInt8](repeating: UInt8(ascii: " "), count: padding - padding / 2)
    return try receiver.make(left + Array(receiver.contents) + right, vm)
  }

  private static func format(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let receiver = try CharacterData(receiver: arguments[0], vm)
    var format = FormatMethod(vm: vm, arguments: arguments.dropFirst())
    let text = try format.format(Array(receiver.contents)[...])
    return receiver.kind == .str ? vm.heap.string(text) : try receiver.make(text, vm)
  }

  // MARK: Character classes

  private static func map(
    _ vm: Interpreter, _ arguments: Arguments, _ transform: (UInt8) -> UInt8
  ) throws(Raised) -> Value {
    let receiver = try CharacterData(receiver: arguments[0], vm)
    vm.heap.noteRequest()
    return try receiver.make(receiver.contents.map(transform), vm)
  }

  private static func all(
    _ vm: Interpreter, _ arguments: Arguments, _ isMember: (UInt8) -> Bool
  ) throws(Raised) -> Value {
    let contents = try CharacterData(receiver: arguments[0], vm).contents
    return Value(!contents.isEmpty && contents.allSatisfy(isMember))
  }

  private static func allLetters(
    _ vm: Interpreter, _ arguments: Arguments, _ isMember: (UInt8) -> Bool
  ) throws(Raised) -> Value {
    let letters = try CharacterData(receiver: arguments[0], vm).contents.filter(ASCII.isLetter)
    return Value(!letters.isEmpty && letters.allSatisfy(isMember))
  }

  // MARK: Hexadecimal

  /// `hex([separator])` of anything with the buffer protocol.
  static func hex(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let view = try vm.buffer(arguments[0], writable: false)
    var separator: UInt8?
    if arguments.count > 1 && view.byteCount > 0 {
      guard let text = CharacterData(arguments[1]), text.kind != .bytearray else {
        throw CharacterData.implicitConversion(vm, arguments[1])
      }
      separator = text.contents.first ?? 0
    }
    var digits: [UInt8] = []
    for (index, byte) in view.bytes.enumerated() {
      if index > 0, let separator { digits.append(separator) }
      digits += [ASCII.hexDigit(byte >> 4), ASCII.hexDigit(byte & 15)]
    }
    return vm.heap.string(digits)
  }

  private static func fromHex(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    var digits = Array(try vm.buffer(arguments[1], writable: false).bytes)[...]
    var bytes: [UInt8] = []
    while let first = digits.popFirst() {
      if ASCII.isSpace(first) { continue }
      guard let high = ASCII.hexDigitValue(first), let second = digits.popFirst(),
        let low = ASCII.hexDigitValue(second)
      else { throw vm.error(.valueError, "non-hex digit") }
      bytes.append(high << 4 | low)
    }
    let isBytearray = TypeHandle(arguments[0])?.info.isSubclass(of: vm.heap.types.bytearray) ?? false
    return isBytearray ? vm.heap.bytearray(bytes) : vm.heap.bytes(bytes)
  }
}
