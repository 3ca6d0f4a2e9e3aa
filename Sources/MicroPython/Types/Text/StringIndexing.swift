/// Indices and slices of strings and other byte sequences. Slices have no step, as in MicroPython.
enum StringIndexing {
  /// `string[index]`, by characters.
  static func getItem(_ vm: Interpreter, _ value: Value, _ index: Value) throws(Raised) -> Value {
    guard let string = StringHandle(value) else { return .unbound }
    if SliceHandle(index) == nil {
      let position = try byteOffset(vm, index, in: string, isSlice: false)
      let length = UTF8Text.length(ofLead: string.utf8[position])
      let end = min(position + length, string.byteCount)
      return vm.heap.intern(utf8: UnsafeBufferPointer(rebasing: string.utf8[position..<end]))
    }
    guard let slice = SliceHandle(index) else { return .unbound }
    guard slice.step.isNone || slice.step == Value(smallInt: 1) else { throw stepNotSupported(vm) }
    let start = slice.start.isNone ? 0 : try byteOffset(vm, slice.start, in: string, isSlice: true)
    let stop =
      slice.stop.isNone ? string.byteCount : try byteOffset(vm, slice.stop, in: string, isSlice: true)
    if start == 0 && stop == string.byteCount { return value }
    return vm.heap.string(string.utf8[start..<max(start, stop)])
  }

  /// The byte at which the character `index` of a string starts. In slices indices are cut down to the string.
  static func byteOffset(
    _ vm: Interpreter, _ index: Value, in string: StringHandle, isSlice: Bool
  ) throws(Raised) -> Int {
    guard var character = try vm.integerIfAny(index) else {
      throw vm.error(.typeError, "string indices must be integers, not \(vm.type(of: index).name)")
    }
    let count = string.characterCount
    if character < 0 { character += count }
    if isSlice {
      character = min(max(character, 0), count)
    } else if character < 0 || character >= count {
      throw vm.error(.indexError, "string index out of range")
    }
    if string.isASCII { return character }
    try vm.passTime(bytes: character)
    let utf8 = string.utf8
    var offset = 0
    while character > 0 && offset < utf8.count {
      offset += 1
      while offset < utf8.count && UTF8Text.isContinuation(utf8[offset]) { offset += 1 }
      character -= 1
    }
    return offset
  }

  /// The range that a slice without a step selects; nil for anything but a slice.
  static func range(_ vm: Interpreter, _ index: Value, count: Int) throws(Raised) -> Range<Int>? {
    guard let slice = SliceHandle(index) else { return nil }
    let bounds = try vm.bounds(of: slice, count: count)
    if bounds.step != 1 { throw stepNotSupported(vm) }
    return bounds.range
  }

  /// Returns the offset of a method's optional `start` or `end` argument, in bytes.
  static func bound(
    _ vm: Interpreter, _ index: Value, in data: CharacterData, default defaultOffset: Int
  ) throws(Raised) -> Int {
    if index.isUnbound || index.isNone { return defaultOffset }
    if data.kind == .str, let string = StringHandle(data.value) {
      return try byteOffset(vm, index, in: string, isSlice: true)
    }
    return try vm.position(index, in: data.value, count: data.contents.count, clamps: true)
  }

  private static func stepNotSupported(_ vm: Interpreter) -> Raised {
    vm.error(.notImplementedError, "only slices with step=1 (aka None) are supported")
  }
}
