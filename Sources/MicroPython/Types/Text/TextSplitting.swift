/// `split`, `rsplit`, `splitlines`, `partition` and `rpartition` of `str`, `bytes` and `bytearray`.
enum TextSplitting {
  static func split(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let receiver = try CharacterData(receiver: arguments[0], vm)
    let limit = arguments.count > 2 ? try vm.int(arguments[2]) : -1
    let separator = arguments.optional(1)
    if separator.isUnbound || separator.isNone { return try splitAtSpace(vm, receiver, limit: limit) }

    guard CharacterData(separator)?.kind != .bytearray else {
      throw CharacterData.implicitConversion(vm, separator)
    }
    let needle = try receiver.matching(separator, vm).contents
    if needle.isEmpty { throw emptySeparator(vm) }
    let contents = receiver.contents
    var remaining = limit
    var parts: [Value] = []
    var start = 0
    while remaining != 0, let found = receiver.find(needle, in: start..<contents.count) {
      parts.append(try receiver.make(contents[start..<found], vm))
      start = found + needle.count
      remaining -= 1
    }
    parts.append(try receiver.make(contents[start...], vm))
    return vm.heap.list(parts)
  }

  private static func splitAtSpace(
    _ vm: Interpreter, _ receiver: CharacterData, limit: Int
  ) throws(Raised) -> Value {
    var remaining = limit
    var parts: [Value] = []
    var rest = receiver.contents[...].drop(while: ASCII.isSpace)
    while !rest.isEmpty && remaining != 0 {
      let word = rest.prefix { !ASCII.isSpace($0) }
      parts.append(try receiver.make(word, vm))
      rest = rest[word.endIndex...].drop(while: ASCII.isSpace)
      remaining -= 1
    }
    if !rest.isEmpty { parts.append(try receiver.make(rest, vm)) }
    return vm.heap.list(parts)
  }

  static func rsplit(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let limit = arguments.count > 2 ? try vm.int(arguments[2]) : -1
    // Without a limit it does not matter from which end one splits.
    if limit < 0 { return try split(vm, arguments) }
    let receiver = try CharacterData(receiver: arguments[0], vm)
    if arguments[1].isNone { throw vm.error(.notImplementedError, "rsplit(None,n)") }
    guard let separator = CharacterData(arguments[1]), separator.kind != .bytearray else {
      throw CharacterData.implicitConversion(vm, arguments[1])
    }
    if separator.contents.isEmpty { throw emptySeparator(vm) }
    let contents = receiver.contents
    var remaining = limit
    var parts: [Value] = []
    var end = contents.count
    while remaining > 0, let found = receiver.find(separator.contents, in: 0..<end, backwards: true) {
      parts.append(try receiver.make(contents[(found + separator.contents.count)..<end], vm))
      end = found
      remaining -= 1
    }
    parts.append(try receiver.make(contents[..<end], vm))
    return vm.heap.list(parts.reversed())
  }

  static func splitlines(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let options = try vm.parse(arguments.dropFirst(), positional: ["keepends"], required: 0)
    let keepsEnds = options[0].isUnbound ? false : try vm.isTrue(options[0])
    let receiver = try CharacterData(receiver: arguments[0], vm)
    let contents = receiver.contents
    var parts: [Value] = []
    var start = 0
    while start < contents.count {
      var end = start
      while end < contents.count && contents[end] != UInt8(ascii: "\n") && contents[end] != UInt8(ascii: "\r")
      {
        end += 1
      }
      var next = min(end + 1, contents.count)
      if end < contents.count && contents[end] == UInt8(ascii: "\r") && next < contents.count
        && contents[next] == UInt8(ascii: "\n")
      {
        next += 1
      }
      parts.append(try receiver.make(contents[start..<(keepsEnds ? next : end)], vm))
      start = next
    }
    return vm.heap.list(parts)
  }

  static func partition(
    _ vm: Interpreter, _ arguments: Arguments, backwards: Bool
  ) throws(Raised) -> Value {
    let receiver = try CharacterData(receiver: arguments[0], vm)
    let separator = try receiver.matching(arguments[1], vm)
    if separator.contents.isEmpty { throw emptySeparator(vm) }
    let contents = receiver.contents
    let whole = 0..<contents.count
    guard let found = receiver.find(separator.contents, in: whole, backwards: backwards) else {
      let empty = receiver.makeEmpty(vm)
      return vm.heap.tuple(backwards ? [empty, empty, arguments[0]] : [arguments[0], empty, empty])
    }
    let middle =
      separator.kind == receiver.kind ? arguments[1] : try receiver.make(separator.contents, vm)
    return vm.heap.tuple([
      try receiver.make(contents[..<found], vm), middle,
      try receiver.make(contents[(found + separator.contents.count)...], vm),
    ])
  }

  private static func emptySeparator(_ vm: Interpreter) -> Raised { vm.error(.valueError, "empty separator") }
}
