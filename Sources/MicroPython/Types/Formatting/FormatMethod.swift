/// `str.format`, with the mini language and the errors of MicroPython's `py/objstr.c`.
struct FormatMethod {
  let vm: Interpreter
  /// The arguments after the format string.
  let arguments: Arguments
  private var numbering = Numbering.automatic(next: 0)

  private enum Numbering {
    case automatic(next: Int)
    case manual
  }

  init(vm: Interpreter, arguments: Arguments) {
    self.vm = vm
    self.arguments = arguments
  }

  /// Nested fields in specifications go no deeper than a real board's stack would.
  private static let deepestNesting = 30

  mutating func format(_ text: ArraySlice<UInt8>, depth: Int = 0) throws(Raised) -> [UInt8] {
    if depth > FormatMethod.deepestNesting {
      throw vm.error(.runtimeError, "maximum recursion depth exceeded")
    }
    vm.heap.noteRequest()
    var output = TextOutput()
    var rest = text
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "}") {
        guard rest.popFirst() == byte else {
          throw vm.error(.valueError, "single '}' encountered in format string")
        }
        output.bytes.append(byte)
      } else if byte != UInt8(ascii: "{") {
        output.bytes.append(byte)
      } else if rest.first == byte {
        rest.removeFirst()
        output.bytes.append(byte)
      } else {
        try formatField(&rest, depth: depth, to: &output)
      }
    }
    return output.bytes
  }

  /// `[name] [! conversion] [: specification] }`
  private mutating func formatField(
    _ rest: inout ArraySlice<UInt8>, depth: Int, to output: inout TextOutput
  ) throws(Raised) {
    let nameEnd = rest.firstIndex { "}!:".utf8.contains($0) } ?? rest.endIndex
    let name = rest[rest.startIndex..<nameEnd]
    rest = rest[nameEnd...]

    var conversion: UInt8?
    if rest.first == UInt8(ascii: "!") {
      rest.removeFirst()
      guard let letter = rest.first, letter == UInt8(ascii: "r") || letter == UInt8(ascii: "s") else {
        throw vm.error(.valueError, "bad conversion specifier")
      }
      conversion = letter
      rest.removeFirst()
    }
    var specification: ArraySlice<UInt8>?
    if rest.first == UInt8(ascii: ":") {
      rest.removeFirst()
      // `{:}` means `{}`, which is not the same as a specification of any type: a bool stays `True`.
      if let first = rest.first, first != UInt8(ascii: "}") { specification = takeSpecification(&rest) }
    }
    guard let last = rest.first else { throw vm.error(.valueError, "unmatched '{' in format") }
    guard last == UInt8(ascii: "}") else {
      throw vm.error(.valueError, "expected ':' after format specifier")
    }
    rest.removeFirst()

    var argument = try argument(named: name)
    if specification == nil && conversion == nil { conversion = UInt8(ascii: "s") }
    if let conversion {
      let text = try vm.text(of: argument, conversion == UInt8(ascii: "r") ? .repr : .str)
      guard specification != nil else {
        output.write(text)
        return
      }
      argument = vm.heap.string(text)
    }
    let nested = try format(specification ?? [], depth: depth + 1)
    try write(argument, specification: nested, to: &output)
  }

  private func takeSpecification(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var depth = 1
    var end = rest.startIndex
    while end < rest.endIndex {
      if rest[end] == UInt8(ascii: "{") { depth += 1 }
      if rest[end] == UInt8(ascii: "}") {
        depth -= 1
        if depth == 0 { break }
      }
      end += 1
    }
    defer { rest = rest[end...] }
    return rest[rest.startIndex..<end]
  }

  // MARK: Arguments

  private mutating func argument(named name: ArraySlice<UInt8>) throws(Raised) -> Value {
    guard let first = name.first else {
      guard case .automatic(let index) = numbering else {
        throw vm.error(
          .valueError, "can't switch from manual field specification to automatic field numbering")
      }
      numbering = .automatic(next: index + 1)
      return try positional(index)
    }
    if ASCII.isDigit(first) {
      if case .automatic(let next) = numbering, next > 0 {
        throw vm.error(
          .valueError, "can't switch from automatic field numbering to manual field specification")
      }
      var rest = name
      let index = FormatSpecification.number(&rest) ?? 0
      let argument = try positional(index)
      numbering = .manual
      if !rest.isEmpty { throw vm.error(.notImplementedError, "attributes not supported") }
      return argument
    }
    let end = name.firstIndex { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "[") } ?? name.endIndex
    _ = try vm.name(name[..<end])
    let key = String(decoding: name[..<end], as: UTF8.self)
    let argument = arguments.keyword(key)
    if argument.isUnbound { throw vm.keyError(vm.heap.string(key)) }
    if end < name.endIndex { throw vm.error(.notImplementedError, "attributes not supported") }
    return argument
  }

  private func positional(_ index: Int) throws(Raised) -> Value {
    guard index < arguments.count else { throw vm.error(.indexError, "tuple index out of range") }
    return arguments[index]
  }

  // MARK: One field

  /// Writes `argument` as `format(argument, specification)` would.
  private func write(
    _ argument: Value, specification text: [UInt8], to output: inout TextOutput
  ) throws(Raised) {
    let integer = IntegerArithmetic.operand(argument)
    let isNumeric = integer != nil || argument.float != nil
    guard let specification = FormatSpecification(text, isNumeric: isNumeric) else {
      throw vm.error(.valueError, "invalid format specifier")
    }
    if specification.sign != nil {
      if specification.type == UInt8(ascii: "s") {
        throw vm.error(.valueError, "sign not allowed in string format specifier")
      }
      if specification.type == UInt8(ascii: "c") {
        throw vm.error(.valueError, "sign not allowed with integer format specifier 'c'")
      }
    }
    let layout = specification.layout(isNumeric: isNumeric)
    try vm.requireMemory(layout.width, itemSize: 1)
    let type = specification.type
    if let integer {
      if try write(integer, type: type, argument, layout, to: &output) { return }
    }
    if isNumeric {
      try writeFloat(argument, type: type, layout, to: &output)
      return
    }
    if specification.alignment == UInt8(ascii: "=") {
      throw vm.error(.valueError, "'=' alignment not allowed in string format specifier")
    }
    guard type == nil || type == UInt8(ascii: "s") else { throw unknownCode(type, argument) }
    guard !argument.isKind(.array), let bytes = CharacterData(argument) else {
      throw CharacterData.implicitConversion(vm, argument)
    }
    layout.write(bytes.contents.prefix(max(0, layout.precision ?? .max)), to: &output)
  }

  /// False for types that format integers as floats.
  private func write(
    _ integer: IntegerArithmetic.Operand, type: UInt8?, _ argument: Value, _ layout: NumberFormat,
    to output: inout TextOutput
  ) throws(Raised) -> Bool {
    var layout = layout
    layout.precision = nil
    let code = type.map { Unicode.Scalar($0) }
    switch code {
    case nil, "d", "n": try layout.write(vm, integer: integer, base: 10, to: &output)
    case "b": try layout.write(vm, integer: integer, base: 2, to: &output)
    case "o": try layout.write(vm, integer: integer, base: 8, to: &output)
    case "x": try layout.write(vm, integer: integer, base: 16, to: &output)
    case "X": try layout.write(vm, integer: integer, base: 16, isUppercase: true, to: &output)
    case "c": layout.write(try CharacterData.character(vm, argument), to: &output)
    case "e", "E", "f", "F", "g", "G", "%": return false
    default: throw unknownCode(type, argument)
    }
    return true
  }

  private func writeFloat(
    _ argument: Value, type: UInt8?, _ layout: NumberFormat, to output: inout TextOutput
  ) throws(Raised) {
    let heap = vm.heap
    let double = try vm.double(argument)
    let code = type.map { Unicode.Scalar($0) }
    switch code {
    case nil, "n":
      layout.write(
        float: double, conversion: UInt8(ascii: "g"), single: heap.hasSingleFloats, to: &output)
    case "%":
      layout.write(
        float: heap.rounded(double * 100), conversion: UInt8(ascii: "f"), single: heap.hasSingleFloats,
        suffix: [UInt8(ascii: "%")], to: &output)
    case "e", "E", "f", "F", "g", "G":
      layout.write(
        float: double, conversion: type ?? UInt8(ascii: "g"), single: heap.hasSingleFloats, to: &output)
    default: throw unknownCode(type, argument)
    }
  }

  private func unknownCode(_ type: UInt8?, _ argument: Value) -> Raised {
    let code = String(decoding: [type ?? 0], as: UTF8.self)
    return vm.error(
      .valueError, "unknown format code '\(code)' for object of type '\(vm.type(of: argument).name)'")
  }
}
