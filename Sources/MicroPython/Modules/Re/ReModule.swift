/// `re`
extension Interpreter {
  func addReModule() {
    addModule("re") { [unowned self] module in
      let matchType = makeMatchType()
      let patternType = heap.type("re")
      let types = PatternTypes(pattern: patternType, match: matchType)
      patternType.info.print = { vm, value, _, output in
        output.write("<re \(String(vm.heap.boardAddress(of: value), radix: 16))>")
      }
      define(patternType) { builder in
        builder.method("match", 1...3) { vm, args throws(Raised) in
          try vm.matchPattern(args, types, anchored: true)
        }
        builder.method("search", 1...3) { vm, args throws(Raised) in
          try vm.matchPattern(args, types, anchored: false)
        }
        builder.method("split", 1...2) { vm, args throws(Raised) in try vm.splitByPattern(args, types) }
        builder.method("sub", 2...4) { vm, args throws(Raised) in try vm.substitute(args, types) }
      }
      module.function("compile", 1...2) { vm, args throws(Raised) in
        let pattern = try vm.pattern(args[0], types)
        return vm.heap.native(
          patternType, pattern, boardBytes: 64 + pattern.expression.instructions.count * Heap.boardWord * 2)
      }
      module.function("match", 2...4) { vm, args throws(Raised) in
        try vm.matchPattern(args, types, anchored: true)
      }
      module.function("search", 2...4) { vm, args throws(Raised) in
        try vm.matchPattern(args, types, anchored: false)
      }
      module.function("sub", 3...5) { vm, args throws(Raised) in try vm.substitute(args, types) }
    }
  }

  private func makeMatchType() -> TypeHandle {
    let type = heap.type("match")
    type.info.print = { vm, value, _, output in
      guard let match = NativeHandle(value)?.payload as? PatternMatch else { return }
      output.write("<match num=\(match.captures.count / 2)>")
    }
    define(type) { builder in
      builder.method("group", 1...1) { vm, args throws(Raised) in
        guard let match = NativeHandle(args[0])?.payload as? PatternMatch else { return .none }
        let number = try vm.int(args[1])
        guard number >= 0, number * 2 < match.captures.count else {
          throw vm.error(.indexError, arguments: [args[1]])
        }
        guard let range = match.range(of: number) else { return .none }
        return try match.slice(range, vm)
      }
    }
    return type
  }

  /// The pattern that is `value`, compiled or not.
  private func pattern(_ value: Value, _ types: PatternTypes) throws(Raised) -> CompiledPattern {
    if let compiled = NativeHandle(value)?.payload as? CompiledPattern { return compiled }
    let source = try Subject(value, self).bytes
    do throws(ReMatcher.Problem) {
      return CompiledPattern(try ReMatcher(source))
    } catch {
      throw self.error(
        .valueError, error == .unmatchedParenthesis ? "error in regex" : "regex too complex")
    }
  }

  private func search(
    _ pattern: CompiledPattern, _ subject: Subject, from start: Int, end: Int, anchored: Bool = false
  ) throws(Raised) -> ReMatcher.Captures? {
    // About a microsecond a step on the board.
    let interrupt: ReMatcher.Interrupt = { [self] () throws(Raised) in
      try passTime(Int64(ReMatcher.interruptSteps) * 1000)
    }
    do throws(ReMatcher.Failure) {
      let expression = pattern.expression
      return anchored
        ? try expression.match(subject.bytes, at: start, end: end, interrupt: interrupt)
        : try expression.search(subject.bytes, from: start, end: end, interrupt: interrupt)
    } catch {
      switch error {
      case .tooDeep: throw recursionError()
      case .interrupted(let raised): throw raised
      }
    }
  }

  private func matchPattern(_ args: Arguments, _ types: PatternTypes, anchored: Bool) throws(Raised) -> Value
  {
    let pattern = try pattern(args[0], types)
    let subject = try Subject(args[1], self)
    let length = subject.bytes.count
    var start = 0
    var end = length
    // Positions only count for compiled patterns.
    if args.count > 2, NativeHandle(args[0]) != nil {
      start = min(max(0, try int(args[2])), length)
      if args.count > 3 { end = min(max(start, try int(args[3])), length) }
    }
    guard let captures = try search(pattern, subject, from: start, end: end, anchored: anchored) else {
      return .none
    }
    return heap.native(
      types.match, PatternMatch(subject, captures), boardBytes: 12 + captures.count * Heap.boardWord)
  }

  private func splitByPattern(_ args: Arguments, _ types: PatternTypes) throws(Raised) -> Value {
    let pattern = try pattern(args[0], types)
    let subject = try Subject(args[1], self)
    var splitsLeft = args.count > 2 ? try int(args[2]) : 0
    let parts = heap.list()
    var start = 0
    while let captures = try search(pattern, subject, from: start, end: subject.bytes.count),
      let from = captures[0], let to = captures[1], from != to
    {
      if pattern.expression.groupCount > 1 {
        throw error(.notImplementedError, "splitting with sub-captures")
      }
      parts.append(try subject.slice(start..<from, self), in: heap)
      start = to
      splitsLeft -= 1
      if splitsLeft == 0 { break }
    }
    parts.append(try subject.slice(start..<subject.bytes.count, self), in: heap)
    return parts.value
  }

  /// `sub(replacement, string, count)`; the replacement is text with `\1` and `\g<1>`, or a function of the match.
  private func substitute(_ args: Arguments, _ types: PatternTypes) throws(Raised) -> Value {
    let pattern = try pattern(args[0], types)
    let subject = try Subject(args[2], self)
    var countLeft = args.count > 3 ? try int(args[3]) : 0
    let isText = !isCallable(args[1])
    var result: [UInt8] = []
    var start = 0
    while let captures = try search(pattern, subject, from: start, end: subject.bytes.count),
      let from = captures[0], let to = captures[1], from != to
    {
      result += subject.bytes[start..<from]
      let match = PatternMatch(subject, captures)
      let replacement = isText ? args[1] : try call(args[1], heap.native(types.match, match))
      try append(try Subject(replacement, self).bytes, to: &result, match)
      start = to
      countLeft -= 1
      if countLeft == 0 { break }
    }
    if start == 0 { return subject.value }
    result += subject.bytes[start...]
    return subject.isText ? heap.string(result) : heap.bytes(result)
  }

  private func append(_ replacement: [UInt8], to result: inout [UInt8], _ match: PatternMatch) throws(Raised)
  {
    var index = 0
    func peek(_ offset: Int = 0) -> UInt8 {
      index + offset < replacement.count ? replacement[index + offset] : 0
    }
    while index < replacement.count {
      guard peek() == UInt8(ascii: "\\") else {
        result.append(peek())
        index += 1
        continue
      }
      index += 1
      let isNamed = peek() == UInt8(ascii: "g") && peek(1) == UInt8(ascii: "<")
      if isNamed { index += 2 }
      if isDigit(peek()) {
        var number = 0
        while isDigit(peek()) {
          number = min(number * 10 + Int(peek() - 0x30), 1 << 20)
          index += 1
        }
        if isNamed, peek() == UInt8(ascii: ">") { index += 1 }
        guard number * 2 < match.captures.count else {
          throw error(.indexError, arguments: [Value(smallInt: number)])
        }
        if let range = match.range(of: number) { result += match.contents[range] }
      } else if peek() == UInt8(ascii: "\\") {
        result.append(peek())
        index += 1
      }
    }
  }
}

private struct PatternTypes {
  let pattern: TypeHandle
  let match: TypeHandle
}

/// The searched text: a `str` or `bytes`.
private struct Subject {
  let value: Value
  let bytes: [UInt8]
  let isText: Bool

  init(_ value: Value, _ vm: Interpreter) throws(Raised) {
    self.value = vm.native(of: value)
    if let string = StringHandle(self.value) {
      bytes = string.bytes
      isText = true
    } else if let data = BytesHandle(self.value) {
      bytes = data.bytes
      isText = false
    } else {
      throw vm.error(.typeError, "can't convert '\(vm.type(of: value).name)' object to str implicitly")
    }
  }

  func slice(_ range: Range<Int>, _ vm: Interpreter) throws(Raised) -> Value {
    try vm.slice(bytes[range], isText: isText)
  }
}

extension Interpreter {
  /// A stretch of a text or of bytes that an expression has matched.
  /// - Throws: `UnicodeError` when it cuts a character in two: an expression matches bytes.
  fileprivate func slice(_ bytes: some Collection<UInt8>, isText: Bool) throws(Raised) -> Value {
    isText ? try string(ofUTF8: Array(bytes)) : heap.bytes(bytes)
  }
}

private final class CompiledPattern {
  let expression: ReMatcher
  init(_ expression: ReMatcher) { self.expression = expression }
}

private final class PatternMatch: ValueHolding {
  /// A `str` or `bytes`. It is not copied: there may be very many matches in one text.
  private let subject: Value
  let captures: ReMatcher.Captures

  init(_ subject: Subject, _ captures: ReMatcher.Captures) {
    self.subject = subject.value
    self.captures = captures
  }

  /// Invariant: valid as long as the match is, which keeps its subject alive.
  var contents: UnsafeBufferPointer<UInt8> {
    StringHandle(subject)?.utf8 ?? BytesHandle(unchecked: subject).contents
  }

  func range(of group: Int) -> Range<Int>? {
    guard let start = captures[2 * group], let end = captures[2 * group + 1], start <= end else { return nil }
    return start..<end
  }

  func slice(_ range: Range<Int>, _ vm: Interpreter) throws(Raised) -> Value {
    try vm.slice(contents[range], isText: subject.isKind(.string))
  }

  func visitValues(_ visit: (Value) -> Void) { visit(subject) }
}
