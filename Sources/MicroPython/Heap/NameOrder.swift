/// The code that a name was interned for first.
enum NameOrigin {
  /// The board's own code: its names are in flash and take no memory.
  case builtIn
  /// Frozen modules: in flash too.
  case frozen
  case firmware

  var flag: UInt16 {
    switch self {
    case .builtIn: ObjectHeader.builtInNameFlag
    case .frozen: ObjectHeader.frozenNameFlag
    case .firmware: 0
    }
  }
}

/// The order of the board's table of names, in which `dir()` lists them: those that every MicroPython has in the same places,
/// the other ones of the board's own code by alphabet, those of its frozen modules by alphabet, and the firmware's own in the
/// order in which they stand in its sources (`mp_builtin_dir` in py/modbuiltins.c; the fixed ones are in py/makeqstrdata.py,
/// since `.mpy` files refer to them by number).
struct NameOrder {
  private static let fixed: [String: Int] = {
    let names = fixedNames.split(whereSeparator: \.isWhitespace).map(String.init)
    return Dictionary(uniqueKeysWithValues: zip(names, names.indices))
  }()

  private let heap: Heap
  private var places: [Value: Int] = [:]

  /// - Parameter sources: the sources that have been compiled, in that order.
  init(of heap: Heap, sources: [[UInt8]]) {
    self.heap = heap
    for source in sources { take(source) }
    for name in heap.interned.strings { take(name) }
  }

  private mutating func take(_ name: Value) {
    if places[name] == nil { places[name] = places.count }
  }

  /// The board's parser puts names and short strings into the table, token by token.
  private mutating func take(_ source: [UInt8]) {
    guard var lexer = try? Lexer(source) else { return }
    while lexer.token != .end {
      if lexer.token == .name
        || lexer.token == .string && lexer.text.count <= NameOrder.longestInternedLiteral
      {
        let name = lexer.text.withUnsafeBufferPointer {
          heap.interned.find($0, hash: StringHandle.hash(of: $0))
        }
        if !name.isUnbound { take(name) }
      }
      guard (try? lexer.advance()) != nil else { return }
    }
  }

  /// MICROPY_ALLOC_PARSE_INTERN_STRING_LEN
  private static let longestInternedLiteral = 10

  /// Every existing name, sorted as the board's table has them.
  var names: [Value] {
    heap.interned.strings.map { (name: $0, key: key(of: StringHandle(unchecked: $0))) }.sorted {
      left, right in
      if left.key.group != right.key.group { return left.key.group < right.key.group }
      if left.key.place != right.key.place { return left.key.place < right.key.place }
      return StringHandle(unchecked: left.name).utf8.lexicographicallyPrecedes(
        StringHandle(unchecked: right.name).utf8)
    }.map(\.name)
  }

  private func key(of name: StringHandle) -> (group: Int, place: Int) {
    if let place = NameOrder.fixed[name.text] { return (0, place) }
    let flags = name.header.pointee.flags
    if flags & ObjectHeader.builtInNameFlag != 0 { return (1, 0) }
    if flags & ObjectHeader.frozenNameFlag != 0 { return (2, 0) }
    return (3, places[name.value] ?? 0)
  }

  private static let fixedNames = """
    __dir__ _ __call__ __class__ __delitem__ __enter__ __exit__ __getattr__ __getitem__ __hash__ __init__
    __int__ __iter__ __len__ __main__ __module__ __name__ __new__ __next__ __qualname__ __repr__ __setitem__
    __str__ ArithmeticError AssertionError AttributeError BaseException EOFError Ellipsis Exception
    GeneratorExit ImportError IndentationError IndexError KeyError KeyboardInterrupt LookupError MemoryError
    NameError NoneType NotImplementedError OSError OverflowError RuntimeError StopIteration SyntaxError
    SystemExit TypeError ValueError ZeroDivisionError abs all any append args bool builtins bytearray bytecode
    bytes callable chr classmethod clear close const copy count dict dir divmod end endswith eval exec extend
    find format from_bytes get getattr globals hasattr hash id index insert int isalpha isdigit isinstance
    islower isspace issubclass isupper items iter join key keys len list little locals lower lstrip main map
    micropython next object open ord pop popitem pow print range read readinto readline remove replace repr
    reverse rfind rindex round rsplit rstrip self send sep set setattr setdefault sort sorted split start
    startswith staticmethod step stop str strip sum super throw to_bytes tuple type update upper value values
    write zip __bool__ __pos__ __neg__ __invert__ __abs__ __float__ __complex__ __sizeof__ __lt__ __gt__ __eq__
    __le__ __ge__ __ne__ __contains__ __iadd__ __isub__ __imul__ __imatmul__ __ifloordiv__ __itruediv__ __imod__
    __ipow__ __ior__ __ixor__ __iand__ __ilshift__ __irshift__ __add__ __sub__ __mul__ __matmul__ __floordiv__
    __truediv__ __mod__ __divmod__ __pow__ __or__ __xor__ __and__ __lshift__ __rshift__ __radd__ __rsub__
    __rmul__ __rmatmul__ __rfloordiv__ __rtruediv__ __rmod__ __rpow__ __ror__ __rxor__ __rand__ __rlshift__
    __rrshift__ __get__ __set__ __delete__
    """
}
