/// `tuple`. Its slots also serve types that are made of a tuple (namedtuple).
enum TupleType {
  static func install(in vm: Interpreter) {
    let type = vm.heap.types.tuple
    let info = type.info
    info.make = make
    info.print = print
    info.unary = unary
    info.binary = binary
    info.getItem = getItem
    info.iterate = { (vm, value) throws(Raised) in vm.heap.sequenceIterator(over: value) }
    vm.define(type) { type in
      type.method("count", 1...1, count)
      type.method("index", 1...3, index)
    }
  }

  static func make(_ vm: Interpreter, _ type: TypeHandle, _ arguments: Arguments) throws(Raised) -> Value {
    try vm.require(arguments, 0...1)
    if arguments.count == 0 { return vm.heap.emptyTuple }
    let source = arguments[0]
    if source.isKind(.tuple) && vm.type(of: source) == vm.heap.types.tuple { return source }
    let list = vm.heap.list()
    try ListType.fill(list, from: source, vm)
    return vm.heap.tuple(list.items)
  }

  static func print(
    _ vm: Interpreter, _ value: Value, _ style: PrintStyle, _ output: inout TextOutput
  ) throws(Raised) {
    let tuple = TupleHandle(unchecked: value)
    output.write(style == .json ? "[" : "(")
    try vm.printItems({ $0 < tuple.count ? tuple[$0] : nil }, style, into: &output)
    output.write(style == .json ? "]" : tuple.count == 1 ? ",)" : ")")
  }

  static func unary(_ vm: Interpreter, _ operation: UnaryOperation, _ value: Value) throws(Raised) -> Value {
    let tuple = TupleHandle(unchecked: value)
    switch operation {
    case .bool: return Value(tuple.count != 0)
    case .length: return Value(smallInt: tuple.count)
    case .hash:
      try vm.enterComparison()
      defer { vm.state.pointee.comparisonDepth -= 1 }
      // MicroPython starts from an address in its ROM.
      var hash = 0x0804_0000
      for index in 0..<tuple.count {
        try vm.passTime(atItem: index)
        hash &+= try vm.hashOfKey(tuple[index])
      }
      return Value(smallInt: Int(Int32(truncatingIfNeeded: hash << 1) >> 1))
    default: return .unbound
    }
  }

  static func binary(
    _ vm: Interpreter, _ operation: BinaryOperation, _ left: Value, _ right: Value
  ) throws(Raised) -> Value {
    let tuple = TupleHandle(unchecked: left)
    switch operation {
    case .add, .inplaceAdd:
      guard let other = TupleHandle(vm.native(of: right)) else { return .unbound }
      if tuple.count + other.count == 0 { return vm.heap.emptyTuple }
      try vm.requireMemory(tuple.count + other.count)
      let sum = vm.heap.tuple(count: tuple.count + other.count)
      sum.base.update(from: tuple.base, count: tuple.count)
      (sum.base + tuple.count).update(from: other.base, count: other.count)
      return sum.value
    case .multiply, .inplaceMultiply:
      guard let factor = try vm.integerIfAny(right) else { return .unbound }
      return try repeated(tuple, factor, vm)
    case .equal, .less, .lessOrEqual, .greater, .greaterOrEqual:
      guard let other = TupleHandle(vm.native(of: right)) else { return .unbound }
      return try vm.compareSequences(
        operation, { $0 < tuple.count ? tuple[$0] : nil }, { $0 < other.count ? other[$0] : nil })
    case .contains:
      return Value(try vm.containsItem(right, { $0 < tuple.count ? tuple[$0] : nil }))
    default: return .unbound
    }
  }

  private static func repeated(_ tuple: TupleHandle, _ factor: Int, _ vm: Interpreter) throws(Raised) -> Value
  {
    if factor <= 0 || tuple.count == 0 { return vm.heap.emptyTuple }
    let (total, overflows) = tuple.count.multipliedReportingOverflow(by: factor)
    try vm.requireMemory(overflows ? .max : total)
    let product = vm.heap.tuple(count: total)
    for round in 0..<factor {
      (product.base + round * tuple.count).update(from: tuple.base, count: tuple.count)
    }
    return product.value
  }

  static func getItem(_ vm: Interpreter, _ value: Value, _ index: Value) throws(Raised) -> Value {
    let tuple = TupleHandle(unchecked: value)
    if let slice = SliceHandle(index) {
      let bounds = try vm.bounds(of: slice, count: tuple.count)
      if bounds.step != 1 {
        throw vm.error(.notImplementedError, "only slices with step=1 (aka None) are supported")
      }
      return vm.heap.tuple(tuple.items[bounds.range])
    }
    return tuple[try vm.position(index, in: value, count: tuple.count)]
  }

  private static func count(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let tuple: TupleHandle = try vm.receiver(arguments)
    return try vm.occurrences(of: arguments[1], { $0 < tuple.count ? tuple[$0] : nil })
  }

  private static func index(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let tuple: TupleHandle = try vm.receiver(arguments)
    return try vm.firstIndex(
      in: tuple.value, arguments, { $0 < tuple.count ? tuple[$0] : nil }, count: tuple.count)
  }
}
