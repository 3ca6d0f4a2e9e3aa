/// `re`
enum ReModule: PythonModule {
  static let name = "re"
  static let aliases = ["ure"]

  static func define(_ module: PythonModuleBuilder<Interpreter>) {
    let matches = MatchClass.make(in: module.vm, host: module.host).objects
    let patterns = PatternClass.make(in: module.vm, host: module.host)
    defineMethods(of: patterns, matches)
    let objects = patterns.objects
    module.function("compile", .required("regex", .value), .optional("flags", .value)) { call, source, _ in
      let pattern = try call.vm.pattern(source)
      return objects.make(
        pattern, boardBytes: 64 + pattern.expression.instructions.count * Heap.boardWord * 2)
    }
    for (name, isAnchored) in [("match", true), ("search", false)] {
      module.fastFunction(name, "regex", "string", optional: ["pos", "endpos"]) { (vm, args) throws(Raised) in
        let pattern = try vm.pattern(args[0])
        // Positions only count for compiled patterns.
        let positions = args.dropFirst(NativeHandle(args[0]) == nil ? args.count : 2)
        return try vm.match(pattern, args[1], positions, isAnchored: isAnchored, matches)
      }
    }
    module.function(
      "sub", .required("regex", .value), .required("replace", .value), .required("string", .value),
      .optional("count", .value), .optional("flags", .value)
    ) { call, source, replacement, text, count, _ in
      try call.vm.substitute(try call.vm.pattern(source), replacement, text, count, matches)
    }
  }

  private static func defineMethods(
    of type: PythonClassBuilder<Interpreter, CompiledPattern>, _ matches: PythonObjects<PatternMatch>
  ) {
    for (name, isAnchored) in [("match", true), ("search", false)] {
      type.fastMethod(name, "string", optional: ["pos", "endpos"]) { (pattern, vm, args) throws(Raised) in
        try vm.match(pattern, args[0], args.dropFirst(), isAnchored: isAnchored, matches)
      }
    }
    type.method("split", .required("string", .value), .optional("maxsplit", .value)) {
      pattern, call, text, limit in try call.vm.split(text, by: pattern, limit)
    }
    type.method(
      "sub", .required("replace", .value), .required("string", .value), .optional("count", .value),
      .optional("flags", .value)
    ) { pattern, call, replacement, text, count, _ in
      try call.vm.substitute(pattern, replacement, text, count, matches)
    }
  }
}

/// What `re.compile` returns; its methods are added with those of the module.
private enum PatternClass: PythonClass {
  static let name = "re"

  static func define(_ type: PythonClassBuilder<Interpreter, CompiledPattern>) {
    type.print { _, call in "<re \(String(call.vm.heap.boardAddress(of: call.object), radix: 16))>" }
  }
}

private enum MatchClass: PythonClass {
  static let name = "match"

  static func define(_ type: PythonClassBuilder<Interpreter, PatternMatch>) {
    type.print { "<match num=\($0.captures.count / 2)>" }
    type.method("group", .required("index", .value)) { match, call, index in
      let number = try call.vm.int(index)
      guard number >= 0, number * 2 < match.captures.count else {
        throw call.vm.error(.indexError, arguments: [index])
      }
      guard let range = match.range(of: number) else { return Value.none }
      return try match.slice(range, call.vm)
    }
  }
}

extension Interpreter {
  /// The pattern that is `value`, compiled or not.
  fileprivate func pattern(_ value: Value) throws(Raised) -> CompiledPattern {
    if let compiled = NativeHandle(value)?.payload as? CompiledPattern { return compiled }
    let source = try Subject(value, self).bytes
    do throws(ReMatcher.Problem) {
      return CompiledPattern(try ReMatcher(source))
    } catch {
      throw self.error(
        .valueError, error == .unmatchedParenthesis ? "error in regex" : "regex too complex")
    }
  }

  /// - Parameter steps: those of one call so far, in which there may be many searches.
  private func search(
    _ pattern: CompiledPattern, _ subject: Subject, from start: Int, end: Int, anchored: Bool = false,
    steps: inout Int
  ) throws(Raised) -> ReMatcher.Captures? {
    // About a microsecond a step on the board.
    let interrupt: ReMatcher.Interrupt = { [self] () throws(Raised) in
      try passTime(Int64(ReMatcher.interruptSteps) * 1000)
    }
    do throws(ReMatcher.Failure) {
      let expression = pattern.expression
      return anchored
        ? try expression.match(subject.bytes, at: start, end: end, steps: &steps, interrupt: interrupt)
        : try expression.search(subject.bytes, from: start, end: end, steps: &steps, interrupt: interrupt)
    } catch {
      switch error {
      case .tooDeep: throw recursionError()
      case .interrupted(let raised): throw raised
      }
    }
  }

  /// - Parameter positions: where to begin and to end.
  fileprivate func match(
    _ pattern: CompiledPattern, _ text: Value, _ positions: Arguments, isAnchored: Bool,
    _ matches: PythonObjects<PatternMatch>
  ) throws(Raised) -> Value {
    let subject = try Subject(text, self)
    let length = subject.bytes.count
    var start = 0
    var end = length
    if positions.count > 0 {
      start = min(max(0, try int(positions[0])), length)
      if positions.count > 1 { end = min(max(start, try int(positions[1])), length) }
    }
    var steps = 0
    guard
      let captures = try search(
        pattern, subject, from: start, end: end, anchored: isAnchored, steps: &steps)
    else {
      return .none
    }
    return matches.make(
      PatternMatch(subject, captures), boardBytes: 12 + captures.count * Heap.boardWord)
  }

  fileprivate func split(_ text: Value, by pattern: CompiledPattern, _ limit: Value?) throws(Raised) -> Value
  {
    let subject = try Subject(text, self)
    var splitsLeft = if let limit { try int(limit) } else { 0 }
    let parts = heap.list()
    var start = 0
    var steps = 0
    while let captures = try search(pattern, subject, from: start, end: subject.bytes.count, steps: &steps),
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
  fileprivate func substitute(
    _ pattern: CompiledPattern, _ replacement: Value, _ text: Value, _ count: Value?,
    _ matches: PythonObjects<PatternMatch>
  ) throws(Raised) -> Value {
    let subject = try Subject(text, self)
    var countLeft = if let count { try int(count) } else { 0 }
    let isText = !isCallable(replacement)
    var result: [UInt8] = []
    var start = 0
    var steps = 0
    while let captures = try search(pattern, subject, from: start, end: subject.bytes.count, steps: &steps),
      let from = captures[0], let to = captures[1], from != to
    {
      result += subject.bytes[start..<from]
      let match = PatternMatch(subject, captures)
      let new = isText ? replacement : try call(replacement, matches.make(match))
      try append(try Subject(new, self).bytes, to: &result, match)
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
