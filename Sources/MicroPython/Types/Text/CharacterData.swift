/// The bytes of a `str`, `bytes` or `bytearray`, which share most of their methods.
///
/// Invariant: `contents` is valid while the object is reachable and, for a `bytearray`, until it changes. Methods that
/// use it do not call firmware meanwhile.
struct CharacterData {
  enum Kind { case str, bytes, bytearray }

  let value: Value
  let kind: Kind
  let contents: UnsafeBufferPointer<UInt8>

  init?(_ value: Value) {
    self.value = value
    switch value.kind {
    case .string:
      kind = .str
      contents = StringHandle(unchecked: value).utf8
    case .bytes:
      kind = .bytes
      contents = BytesHandle(unchecked: value).contents
    case .array:
      let array = ArrayHandle(unchecked: value)
      guard array.isBytearray else { return nil }
      kind = .bytearray
      contents = array.bytes
    default: return nil
    }
  }

  /// The receiver of a method.
  init(receiver: Value, _ vm: Interpreter) throws(Raised) {
    guard let data = CharacterData(receiver) else { throw vm.wrongReceiver() }
    // Any method may look at all of it.
    vm.charge(bytes: data.contents.count)
    self = data
  }

  /// An argument that has to be of the receiver's kind; `bytes` and `bytearray` go together.
  func matching(_ argument: Value, _ vm: Interpreter) throws(Raised) -> CharacterData {
    guard let data = CharacterData(argument), (data.kind == .str) == (kind == .str) else {
      throw CharacterData.implicitConversion(vm, argument)
    }
    return data
  }

  static func implicitConversion(_ vm: Interpreter, _ value: Value) -> Raised {
    let name = vm.type(of: value).name
    return vm.error(
      .typeError, "can't convert '\(name)' object to \(name == "str" ? "bytes" : "str") implicitly")
  }

  /// A new object of the receiver's kind.
  func make(_ bytes: some Collection<UInt8>, _ vm: Interpreter) throws(Raised) -> Value {
    switch kind {
    case .str:
      // Cutting by bytes may have split a character.
      if let string = StringHandle(value), !string.isASCII, !UTF8Text.isValid(bytes) {
        throw vm.error(.unicodeError, arguments: [])
      }
      return vm.heap.string(bytes)
    case .bytes: return vm.heap.bytes(bytes)
    case .bytearray: return vm.heap.bytearray(bytes)
    }
  }

  /// An empty object of the receiver's kind; a bytearray's methods give `bytes` here, as in MicroPython.
  func makeEmpty(_ vm: Interpreter) -> Value {
    kind == .str ? vm.heap.string("") : vm.heap.bytes(EmptyCollection())
  }

  /// The character with a code point, as UTF-8.
  static func character(_ vm: Interpreter, _ codePoint: Value) throws(Raised) -> [UInt8] {
    let code = try vm.int(codePoint)
    guard (0..<0x110000).contains(code) else {
      throw vm.error(.overflowError, "char not in range(0x110000)")
    }
    return UTF8Text.encode(code)
  }

  /// Returns the offset of `needle` in `range`, of its first place or its last; nil when it is nowhere.
  func find(_ needle: UnsafeBufferPointer<UInt8>, in range: Range<Int>, backwards: Bool = false) -> Int? {
    let last = range.upperBound - needle.count
    guard last >= range.lowerBound else { return nil }
    guard let first = needle.first else { return backwards ? last : range.lowerBound }
    // Comparing at each place takes time by the product of both lengths where much of the needle stands nearly everywhere.
    var patience = 4 * range.count + 4096
    var position = backwards ? last : range.lowerBound
    while position >= range.lowerBound && position <= last {
      if contents[position] == first {
        let common = commonCount(needle, at: position)
        if common == needle.count { return position }
        patience -= common
        if patience < 0 { return findInLinearTime(needle, in: range, backwards: backwards) }
      }
      position += backwards ? -1 : 1
    }
    return nil
  }

  /// How many bytes of `needle` stand at `position`, where there must be room for it.
  private func commonCount(_ needle: UnsafeBufferPointer<UInt8>, at position: Int) -> Int {
    var count = 0
    while count < needle.count && contents[position + count] == needle[count] { count += 1 }
    return count
  }

  /// The same result by the algorithm of Knuth, Morris and Pratt, which looks at each byte of the range once.
  private func findInLinearTime(
    _ needle: UnsafeBufferPointer<UInt8>, in range: Range<Int>, backwards: Bool
  ) -> Int? {
    let count = needle.count
    func wanted(_ index: Int) -> UInt8 { needle[backwards ? count - 1 - index : index] }
    // How much of the needle's start also ends what has been compared so far.
    var overlap = [Int32](repeating: 0, count: count)
    var common = 0
    for index in 1..<count {
      while common > 0 && wanted(index) != wanted(common) { common = Int(overlap[common - 1]) }
      if wanted(index) == wanted(common) { common += 1 }
      overlap[index] = Int32(common)
    }
    common = 0
    for index in 0..<range.count {
      let byte = contents[backwards ? range.upperBound - 1 - index : range.lowerBound + index]
      while common > 0 && byte != wanted(common) { common = Int(overlap[common - 1]) }
      if byte == wanted(common) { common += 1 }
      if common == count {
        return backwards ? range.upperBound - 1 - index : range.lowerBound + index + 1 - count
      }
    }
    return nil
  }

  /// Whether `needle` stands at `position`, where there must be room for it.
  func matches(_ needle: UnsafeBufferPointer<UInt8>, at position: Int) -> Bool {
    commonCount(needle, at: position) == needle.count
  }
}
