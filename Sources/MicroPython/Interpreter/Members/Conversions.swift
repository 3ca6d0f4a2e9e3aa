/// Turning arguments of built-ins into Swift values, with MicroPython's errors, and values into text.
extension Interpreter {
  /// An integer that fits a word of the board, 32 bits (`mp_obj_get_int` in py/obj.c); bools count.
  package func int(_ value: Value) throws(Raised) -> Int {
    let integer = value.isSmallInt ? value.smallInt : try wideInt(value)
    // The board turns the magnitude into a word: the least of all words is too large for it.
    guard integer.magnitude <= UInt(Int32.max) else { throw tooLargeForWord() }
    return integer
  }

  /// An integer that fits a Swift `Int`, where the board takes more than a word or cuts what does not fit.
  package func wideInt(_ value: Value) throws(Raised) -> Int {
    if value.isSmallInt { return value.smallInt }
    if value == .true { return 1 }
    if value == .false { return 0 }
    let part = native(of: value)
    if part.isSmallInt { return part.smallInt }
    if let big = BigIntHandle(part) {
      guard let integer = Int(exactly: big.integer) else { throw tooLargeForWord() }
      return integer
    }
    if value.isKind(.instance), !type(of: value).info.lookUp(names.int).isUnbound {
      return try wideInt(unary(.integer, value))
    }
    throw error(.typeError, "can't convert \(type(of: value).name) to int")
  }

  func tooLargeForWord() -> Raised {
    error(.overflowError, "overflow converting long int to machine word")
  }

  package func bigInt(_ value: Value) throws(Raised) -> BigInt {
    if let operand = IntegerArithmetic.operand(native(of: value)) { return operand.big }
    if value.isKind(.instance), !type(of: value).info.lookUp(names.int).isUnbound,
      let operand = IntegerArithmetic.operand(try unary(.integer, value))
    {
      return operand.big
    }
    throw error(.typeError, "can't convert \(type(of: value).name) to int")
  }

  /// A float from a float, integer or bool, or from an object with `__float__`; rounded as on the board.
  package func double(_ value: Value) throws(Raised) -> Double {
    // Of a class derived from int or float the board takes `__float__` alone.
    if let double = try FloatArithmetic.operand(self, value) { return double }
    throw error(.typeError, "can't convert \(type(of: value).name) to float")
  }

  package func string(_ value: Value) throws(Raised) -> String {
    guard let string = StringHandle(native(of: value)) else {
      throw notText(value)
    }
    return string.text
  }

  /// A `str` of bytes from outside, such as a file's.
  /// - Throws: `UnicodeError` when they are not UTF-8.
  package func string(ofUTF8 bytes: [UInt8]) throws(Raised) -> Value {
    guard UTF8Text.isValid(bytes) else { throw error(.unicodeError) }
    return heap.string(bytes)
  }

  /// Returns a string in the sense of C code: a str's UTF-8, or bytes as they are (`mp_obj_str_get_str` in
  /// py/objstr.c).
  package func utf8(_ value: Value) throws(Raised) -> [UInt8] {
    let part = native(of: value)
    if let string = StringHandle(part) { return string.bytes }
    guard let bytes = BytesHandle(part) else { throw notText(value) }
    return bytes.bytes
  }

  /// The items of a tuple or list, for what takes nothing else (`mp_obj_get_array` in py/obj.c).
  package func sequenceItems(_ value: Value) throws(Raised) -> [Value] {
    if let tuple = TupleHandle(native(of: value)) { return Array(tuple.items) }
    guard let list = ListHandle(native(of: value)) else { throw notSequence(value) }
    return Array(list.items)
  }

  package func notSequence(_ value: Value) -> Raised {
    error(.typeError, "object '\(type(of: value).name)' isn't a tuple or list")
  }

  func notText(_ value: Value) -> Raised {
    error(.typeError, "can't convert '\(type(of: value).name)' object to str implicitly")
  }

  /// The memory of a bytes-like object.
  package func buffer(_ value: Value, writable: Bool = false) throws(Raised) -> BufferView {
    if let view = bufferIfAny(value, writable: writable) { return view }
    if let memory = unbackedMemoryIfAny(value) { throw memory.error(self) }
    throw error(.typeError, "object with buffer protocol required")
  }

  /// The memory of a bytes-like object; nil for anything else.
  package func bufferIfAny(_ value: Value, writable: Bool = false) -> BufferView? {
    guard let view = bufferInPartIfAny(value, writable: writable) else { return nil }
    charge(bytes: view.bytes.count)
    return view
  }

  /// The memory of a bytes-like object for work on a part of it, whose time is not charged here; nil for anything else.
  func bufferInPartIfAny(_ value: Value, writable: Bool = false) -> BufferView? {
    let part = native(of: value)
    guard part.isObject, let slot = type(of: part).info.buffer, let view = slot(self, part),
      view.isWritable || !writable
    else { return nil }
    return view
  }

  /// The bytes of a bytes-like object or of a str's UTF-8.
  package func bytes(_ value: Value) throws(Raised) -> [UInt8] {
    let part = native(of: value)
    if let string = StringHandle(part) { return string.bytes }
    if let bytes = BytesHandle(part) { return bytes.bytes }
    return Array(try buffer(value).bytes)
  }

  // MARK: Text

  /// `str(value)` or `repr(value)` as UTF-8.
  package func text(of value: Value, _ style: PrintStyle) throws(Raised) -> [UInt8] {
    var output = TextOutput()
    try print(value, style, into: &output)
    return output.bytes
  }

  package func print(_ value: Value, _ style: PrintStyle, into output: inout TextOutput) throws(Raised) {
    guard state.pointee.printDepth < 60 else { throw recursionError() }
    // Nested values may be printed very often: a container may hold another one many times.
    if state.pointee.printDepth > 0 { try passTime(costs.iteration) }
    try requireText(output.bytes.count)
    state.pointee.printDepth += 1
    defer { state.pointee.printDepth -= 1 }
    let type = self.type(of: value)
    let info = type.info
    if let instance = InstanceHandle(value) {
      return try print(instance, style, into: &output)
    }
    // Not with `??`, which makes two objects each time.
    if let slot = info.print { return try slot(self, value, style, &output) }
    if let slot = inheritedPrint(type) { return try slot(self, value, style, &output) }
    output.write("<\(info.name)>")
  }

  /// Refuses text that takes more of the host's memory than it may; what `print` writes need not fit the board's.
  func requireText(_ byteCount: Int) throws(Raised) {
    if byteCount > heap.ceiling {
      throw error(.memoryError, "memory allocation failed, allocating \(UInt32(clamping: byteCount)) bytes")
    }
  }

  func inheritedPrint(_ type: TypeHandle) -> (
    (Interpreter, Value, PrintStyle, inout TextOutput) throws(Raised) -> Void
  )? {
    if let own = type.info.print { return own }
    for base in type.info.bases { if let found = inheritedPrint(base) { return found } }
    return nil
  }

  private func print(_ instance: InstanceHandle, _ style: PrintStyle, into output: inout TextOutput)
    throws(Raised)
  {
    var method = textMethod(
      style == .str ? names.string : names.repr, of: instance.type, stopsAtBuiltIn: true)
    if style == .str, case .absent = method {
      method = textMethod(names.repr, of: instance.type, stopsAtBuiltIn: false)
    }
    switch method {
    case .firmware(let function):
      try print(try callSpecial(function, on: instance.value), .str, into: &output)
    case .builtIn where !instance.native.isUnbound:
      guard let exception = ExceptionHandle(instance.native) else {
        return try print(instance.native, style, into: &output)
      }
      if style != .str { output.write(instance.type.name) }
      if style == .exception { output.write(": ") }
      try ExceptionTypes.printArguments(self, exception, style, &output)
    case .builtIn, .absent:
      output.write("<\(instance.type.name) object at \(addressText(of: instance.value))>")
    }
  }

  /// Whether the class of an instance of a built-in's subclass has a `__repr__` of its own.
  func hasTextOfItsOwn(_ value: Value) -> Bool {
    guard let instance = InstanceHandle(value) else { return false }
    guard case .firmware = textMethod(names.repr, of: instance.type, stopsAtBuiltIn: true) else {
      return false
    }
    return true
  }

  /// The method that makes the text of an instance.
  private enum TextMethod {
    case firmware(Value)
    case builtIn
    case absent
  }

  /// Looks for `__str__` or `__repr__` as the board does (`instance_print` in py/objtype.c): class by class, where a built-in
  /// one ends the search, since it prints for both. Thus `str()` of an exception or list whose class has only `__repr__` does
  /// not use it, and a traceback never asks for `__str__`.
  private func textMethod(_ name: Value, of type: TypeHandle, stopsAtBuiltIn: Bool) -> TextMethod {
    let info = type.info
    if !info.isFirmwareClass {
      return stopsAtBuiltIn && type != heap.types.object && inheritedPrint(type) != nil ? .builtIn : .absent
    }
    let own = info.attributes.get(interned: name)
    if !own.isUnbound { return .firmware(own) }
    for base in info.bases {
      let found = textMethod(name, of: base, stopsAtBuiltIn: stopsAtBuiltIn)
      if case .absent = found { continue }
      return found
    }
    return .absent
  }

  /// Prints an expression's value as the REPL does.
  func printExpression(_ value: Value) throws(Raised) {
    guard !value.isNone else { return }
    var output = TextOutput()
    try print(value, .repr, into: &output)
    output.write("\n")
    write(output.bytes)
    forgetRememberedBuiltins()
    builtins.set(interned: names.underscore, to: value, in: heap)
  }
}
