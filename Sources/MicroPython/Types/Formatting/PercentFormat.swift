/// The `%` operator of `str` and `bytes`, with the errors of MicroPython's `py/objstr.c`.
struct PercentFormat {
  let vm: Interpreter
  private let isBytes: Bool
  private let arguments: [Value]
  private let dictionary: DictHandle?
  private var nextArgument = 0

  /// - Parameter operand: a tuple of arguments, a dict, or the only argument.
  init(vm: Interpreter, isBytes: Bool, operand: Value) {
    self.vm = vm
    self.isBytes = isBytes
    arguments = TupleHandle(operand).map { Array($0.items) } ?? [operand]
    dictionary = DictHandle(operand)
  }

  mutating func format(_ pattern: [UInt8]) throws(Raised) -> [UInt8] {
    vm.heap.noteRequest()
    var output = TextOutput()
    var rest = pattern[...]
    while let byte = rest.popFirst() {
      if byte != UInt8(ascii: "%") {
        output.bytes.append(byte)
        continue
      }
      guard let next = rest.first else { throw incomplete }
      if next == UInt8(ascii: "%") {
        output.bytes.append(byte)
        rest.removeFirst()
      } else {
        try formatField(&rest, to: &output)
      }
    }
    // A dict is used up however many of its items were asked for.
    if dictionary == nil && nextArgument != arguments.count {
      throw vm.error(.typeError, "format string didn't convert all arguments")
    }
    return output.bytes
  }

  private var incomplete: Raised { vm.error(.valueError, "incomplete format") }

  private mutating func takeArgument() throws(Raised) -> Value {
    guard nextArgument < arguments.count else {
      throw vm.error(.typeError, "format string needs more arguments")
    }
    nextArgument += 1
    return arguments[nextArgument - 1]
  }

  /// `[(key)] [flags] [width] [.precision] conversion`
  private mutating func formatField(
    _ rest: inout ArraySlice<UInt8>, to output: inout TextOutput
  ) throws(Raised) {
    var argument = Value.unbound
    if rest.first == UInt8(ascii: "(") { argument = try namedArgument(&rest) }
    var layout = NumberFormat()
    var isLeft = false
    var isZeroPadded = false
    flags: while let flag = rest.first {
      switch Unicode.Scalar(flag) {
      case "-": isLeft = true
      case "+": layout.plusSign = flag
      case " ": if layout.plusSign == nil { layout.plusSign = flag }
      case "#": layout.showsPrefix = true
      case "0": isZeroPadded = true
      default: break flags
      }
      rest.removeFirst()
    }
    layout.width = try number(&rest) ?? 0
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      if !rest.isEmpty {
        let precision = try number(&rest) ?? 0
        layout.precision = precision < 0 ? nil : precision
      }
    }
    try vm.requireMemory(max(layout.width, layout.precision ?? 0), itemSize: 1)
    guard let conversion = rest.first else { throw incomplete }
    if argument.isUnbound { argument = try takeArgument() }
    layout.alignment = isLeft ? .left : .right
    let position = rest.startIndex
    rest.removeFirst()
    try write(argument, conversion, layout, isZeroPadded: isZeroPadded, at: position, to: &output)
  }

  private mutating func namedArgument(_ rest: inout ArraySlice<UInt8>) throws(Raised) -> Value {
    guard let dictionary else { throw vm.error(.typeError, "format needs a dict") }
    rest.removeFirst()
    nextArgument = 1
    guard let end = rest.firstIndex(of: UInt8(ascii: ")")) else {
      throw vm.error(.valueError, "incomplete format key")
    }
    let key = try vm.name(rest[rest.startIndex..<end])
    rest = rest[(end + 1)...]
    let value = try vm.dictGet(dictionary, key)
    if value.isUnbound { throw vm.keyError(key) }
    return value
  }

  private mutating func number(_ rest: inout ArraySlice<UInt8>) throws(Raised) -> Int? {
    guard rest.first == UInt8(ascii: "*") else { return FormatSpecification.number(&rest) }
    rest.removeFirst()
    return try vm.int(try takeArgument())
  }

  private func write(
    _ argument: Value, _ conversion: UInt8, _ textLayout: NumberFormat, isZeroPadded: Bool, at position: Int,
    to output: inout TextOutput
  ) throws(Raised) {
    var layout = textLayout
    if isZeroPadded {
      layout.fill = UInt8(ascii: "0")
      if layout.alignment == .right { layout.alignment = .afterSign }
    }
    let isUppercase = conversion == UInt8(ascii: "X")
    switch Unicode.Scalar(conversion) {
    case "d", "i", "u":
      let number = argument.float == nil ? argument : try NumberConversion.integer(vm, truncating: argument)
      layout.showsPrefix = false
      try layout.write(vm, integer: try NumberConversion.operand(vm, number), base: 10, to: &output)
    case "o":
      try layout.write(vm, integer: try NumberConversion.operand(vm, argument), base: 8, to: &output)
    case "x", "X":
      try layout.write(
        vm, integer: try NumberConversion.operand(vm, argument), base: 16, isUppercase: isUppercase,
        to: &output)
    case "e", "E", "f", "F", "g", "G":
      layout.write(
        float: try vm.double(argument), conversion: conversion, single: vm.heap.hasSingleFloats, to: &output)
    case "c":
      if let string = StringHandle(argument) {
        guard string.byteCount == 1 else { throw vm.error(.typeError, "%c needs int or char") }
        textLayout.write(string.utf8, to: &output)
      } else if IntegerArithmetic.operand(argument) != nil {
        textLayout.write(try CharacterData.character(vm, argument), to: &output)
      } else {
        throw vm.error(.typeError, "integer needed")
      }
    case "r", "s":
      let text: [UInt8]
      if isBytes, conversion == UInt8(ascii: "s"), let bytes = BytesHandle(argument) {
        text = bytes.bytes
      } else {
        text = try vm.text(of: argument, conversion == UInt8(ascii: "r") ? .repr : .str)
      }
      textLayout.write(text.prefix(layout.precision ?? text.count), to: &output)
    default:
      let code = String(conversion, radix: 16)
      throw vm.error(
        .valueError,
        "unsupported format character '\(Unicode.Scalar(conversion))' (0x\(code)) at index \(position)")
    }
  }
}
