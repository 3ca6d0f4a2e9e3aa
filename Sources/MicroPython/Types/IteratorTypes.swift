/// `enumerate`, `zip`, `map`, `filter` and `reversed`: iterators over other iterators.
enum IteratorTypes {
  static func install(in vm: Interpreter) {
    add("enumerate", to: vm, make: makeEnumerate, next: nextOfEnumerate)
    add("zip", to: vm, make: makeZip, next: nextOfZip)
    add("map", to: vm, make: makeMap, next: nextOfMap)
    add("filter", to: vm, make: makeFilter, next: nextOfFilter)
    add("reversed", to: vm, make: makeReversed, next: nextOfReversed)
  }

  /// Makes a type whose objects are wrappers. `make` gets the type to make them of, a firmware subclass's native base.
  private static func add(
    _ name: String, to vm: Interpreter,
    make: @escaping (Interpreter, TypeHandle, Arguments) throws(Raised) -> Value,
    next: @escaping (Interpreter, Value) throws(Raised) -> Value
  ) {
    let type = vm.heap.type(name)
    type.info.make = { (vm, _, arguments) throws(Raised) in try make(vm, type, arguments) }
    type.info.iterate = { (_, value) throws(Raised) in value }
    type.info.next = next
    vm.addBuiltin(name, type.value)
  }

  // MARK: enumerate(iterable, start=0)

  private static func makeEnumerate(
    _ vm: Interpreter, _ type: TypeHandle, _ arguments: Arguments
  ) throws(Raised) -> Value {
    let options = try vm.parse(arguments, positional: ["iterable", "start"], required: 1, keywordOnly: [])
    let start = options[1].isUnbound ? 0 : try vm.int(options[1])
    return vm.heap.wrapper(type, try vm.iterate(options[0]), Value(smallInt: start))
  }

  private static func nextOfEnumerate(_ vm: Interpreter, _ value: Value) throws(Raised) -> Value {
    let iterator = WrapperHandle(unchecked: value)
    let item = try vm.nextOrUnbound(iterator.first)
    if item.isUnbound { return .unbound }
    let index = iterator.second.smallInt
    iterator.pointer.pointee.second = Value(smallInt: index &+ 1)
    let pair = vm.heap.tuple(count: 2)
    pair[0] = vm.heap.int(index)
    pair[1] = item
    return pair.value
  }

  // MARK: zip(iterables…)

  private static func makeZip(
    _ vm: Interpreter, _ type: TypeHandle, _ arguments: Arguments
  ) throws(Raised) -> Value {
    try vm.require(arguments, 0...Int.max)
    return vm.heap.wrapper(type, try iterators(over: arguments, vm))
  }

  private static func iterators(over arguments: Arguments, _ vm: Interpreter) throws(Raised) -> Value {
    var iterators: [Value] = []
    for index in 0..<arguments.count { iterators.append(try vm.iterate(arguments[index])) }
    return vm.heap.tuple(iterators)
  }

  private static func nextOfZip(_ vm: Interpreter, _ value: Value) throws(Raised) -> Value {
    let zip = WrapperHandle(unchecked: value)
    let iterators = TupleHandle(unchecked: zip.first)
    return iterators.count == 0 ? .unbound : try nextItems(of: iterators, vm)
  }

  /// A tuple of the next item of each iterator, or `unbound` when one has ended.
  private static func nextItems(of iterators: TupleHandle, _ vm: Interpreter) throws(Raised) -> Value {
    let first = try vm.nextOrUnbound(iterators[0])
    if first.isUnbound { return .unbound }
    let items = vm.heap.tuple(count: iterators.count)
    items[0] = first
    let mark = vm.hold(items.value)
    defer { vm.release(mark) }
    for index in 1..<iterators.count {
      let item = try vm.nextOrUnbound(iterators[index])
      if item.isUnbound { return .unbound }
      items[index] = item
    }
    return items.value
  }

  // MARK: map(function, iterables…)

  private static func makeMap(
    _ vm: Interpreter, _ type: TypeHandle, _ arguments: Arguments
  ) throws(Raised) -> Value {
    try vm.require(arguments, 2...Int.max)
    return vm.heap.wrapper(type, arguments[0], try iterators(over: arguments.dropFirst(), vm))
  }

  private static func nextOfMap(_ vm: Interpreter, _ value: Value) throws(Raised) -> Value {
    let map = WrapperHandle(unchecked: value)
    let iterators = TupleHandle(unchecked: map.second)
    // The arguments of a call lie in registers, where a collection sees them.
    if iterators.count == 1 {
      let item = try vm.nextOrUnbound(iterators[0])
      return item.isUnbound ? .unbound : try vm.callUnpinned(map.first, arguments: [item])
    }
    guard let items = TupleHandle(try nextItems(of: iterators, vm)) else { return .unbound }
    return try vm.callUnpinned(map.first, arguments: Array(items.items))
  }

  // MARK: filter(function or None, iterable)

  private static func makeFilter(
    _ vm: Interpreter, _ type: TypeHandle, _ arguments: Arguments
  ) throws(Raised) -> Value {
    try vm.require(arguments, 2...2)
    return vm.heap.wrapper(type, arguments[0], try vm.iterate(arguments[1]))
  }

  private static func nextOfFilter(_ vm: Interpreter, _ value: Value) throws(Raised) -> Value {
    let filter = WrapperHandle(unchecked: value)
    while true {
      let item = try vm.nextOrUnbound(filter.second)
      if item.isUnbound { return .unbound }
      var test = item
      if !filter.first.isNone {
        let mark = vm.hold(item)
        defer { vm.release(mark) }
        test = try vm.callUnpinned(filter.first, arguments: [item])
      }
      if try vm.isTrue(test) { return item }
    }
  }

  // MARK: reversed(sequence)

  private static func makeReversed(
    _ vm: Interpreter, _ type: TypeHandle, _ arguments: Arguments
  ) throws(Raised) -> Value {
    try vm.require(arguments, 1...1)
    if let method = try vm.findAttribute(arguments[0], vm.heap.intern("__reversed__")) {
      return try vm.call(method)
    }
    return vm.heap.wrapper(type, arguments[0], Value(smallInt: try vm.length(arguments[0])))
  }

  private static func nextOfReversed(_ vm: Interpreter, _ value: Value) throws(Raised) -> Value {
    try vm.passTime(vm.costs.iteration)
    let reversed = WrapperHandle(unchecked: value)
    let remaining = reversed.second.smallInt
    if remaining == 0 { return .unbound }
    reversed.pointer.pointee.second = Value(smallInt: remaining - 1)
    if let list = ListHandle(reversed.first), remaining <= list.count { return list[remaining - 1] }
    if reversed.first.isKind(.range) {
      let range = RangeHandle(unchecked: reversed.first)
      return vm.heap.int(range.start + (remaining - 1) * range.step)
    }
    return try vm.getItem(reversed.first, Value(smallInt: remaining - 1))
  }
}
