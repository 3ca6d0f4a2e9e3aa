/// `list`: construction, printing, operators and subscripts. Its methods stand in `ListMethods`.
enum ListType {
  static func install(in vm: Interpreter) {
    let info = vm.heap.types.list.info
    info.make = make
    info.print = print
    info.unary = unary
    info.binary = binary
    info.getItem = getItem
    info.setItem = setItem
    info.deleteItem = deleteItem
    info.iterate = { (vm, value) throws(Raised) in vm.heap.sequenceIterator(over: value) }
    ListMethods.define(in: vm)
  }

  static func make(_ vm: Interpreter, _ type: TypeHandle, _ arguments: Arguments) throws(Raised) -> Value {
    try vm.require(arguments, 0...1)
    let list = vm.heap.list()
    if arguments.count == 1 { try fill(list, from: arguments[0], vm) }
    return list.value
  }

  /// Appends everything that `iterable` gives.
  static func extend(_ list: ListHandle, from iterable: Value, _ vm: Interpreter) throws(Raised) {
    if let other = ListHandle(iterable) {
      let added = other.count
      try vm.requireMemory(list.count + added)
      if list.count + added > list.pointer.pointee.capacity {
        list.grow(to: list.count + added + 4, in: vm.heap)
      }
      (list.pointer.pointee.items + list.count).update(from: other.pointer.pointee.items, count: added)
      list.pointer.pointee.count += added
      return
    }
    if iterable.isKind(.tuple) && vm.type(of: iterable).info.iterate != nil {
      let tuple = TupleHandle(unchecked: iterable)
      try vm.requireMemory(list.count + tuple.count)
      for index in 0..<tuple.count { list.append(tuple[index], in: vm.heap) }
      return
    }
    let mark = vm.hold(list.value)
    defer { vm.release(mark) }
    try vm.forEach(iterable) { item throws(Raised) in try append(item, to: list, vm) }
  }

  /// Appends everything that `iterable` gives to a list that nothing else knows yet.
  static func fill(_ list: ListHandle, from iterable: Value, _ vm: Interpreter) throws(Raised) {
    guard iterable.isKind(.generator) else { return try extend(list, from: iterable, vm) }
    let mark = vm.hold(list.value, iterable)
    defer { vm.release(mark) }
    try vm.forEachAhead(in: iterable, onlyPlain: false) { item throws(Raised) in
      try append(item, to: list, vm)
    }
  }

  private static func append(_ item: Value, to list: ListHandle, _ vm: Interpreter) throws(Raised) {
    if list.count == list.pointer.pointee.capacity { try vm.requireMemory(list.count * 2) }
    list.append(item, in: vm.heap)
  }

  static func print(
    _ vm: Interpreter, _ value: Value, _ style: PrintStyle, _ output: inout TextOutput
  ) throws(Raised) {
    let list = ListHandle(unchecked: value)
    output.write("[")
    try vm.printItems({ $0 < list.count ? list[$0] : nil }, style, into: &output)
    output.write("]")
  }

  static func unary(_ vm: Interpreter, _ operation: UnaryOperation, _ value: Value) throws(Raised) -> Value {
    let list = ListHandle(unchecked: value)
    switch operation {
    case .bool: return Value(list.count != 0)
    case .length: return Value(smallInt: list.count)
    default: return .unbound
    }
  }

  static func binary(
    _ vm: Interpreter, _ operation: BinaryOperation, _ left: Value, _ right: Value
  ) throws(Raised) -> Value {
    let list = ListHandle(unchecked: left)
    switch operation {
    case .add:
      guard let other = ListHandle(right) else { return .unbound }
      try vm.requireMemory(list.count + other.count)
      let sum = vm.heap.list(reserving: list.count + other.count)
      let items = sum.pointer.pointee.items
      items.update(from: list.pointer.pointee.items, count: list.count)
      (items + list.count).update(from: other.pointer.pointee.items, count: other.count)
      sum.pointer.pointee.count = list.count + other.count
      return sum.value
    case .inplaceAdd:
      try extend(list, from: right, vm)
      return left
    case .multiply:
      guard let factor = try vm.integerIfAny(right) else { return .unbound }
      return try repeated(list, max(factor, 0), vm)
    case .equal, .less, .lessOrEqual, .greater, .greaterOrEqual:
      guard let other = ListHandle(right) else { return .unbound }
      return try vm.compareSequences(
        operation, { $0 < list.count ? list[$0] : nil }, { $0 < other.count ? other[$0] : nil })
    case .contains:
      return Value(try vm.containsItem(right, { $0 < list.count ? list[$0] : nil }))
    default: return .unbound
    }
  }

  private static func repeated(_ list: ListHandle, _ factor: Int, _ vm: Interpreter) throws(Raised) -> Value {
    let count = list.count
    let (total, overflows) = count.multipliedReportingOverflow(by: factor)
    try vm.requireMemory(overflows ? .max : total)
    let product = vm.heap.list(reserving: total)
    let items = product.pointer.pointee.items
    if count == 1 {
      items.update(repeating: list[0], count: factor)
    } else {
      for round in 0..<factor where count > 0 {
        (items + round * count).update(from: list.pointer.pointee.items, count: count)
      }
    }
    product.pointer.pointee.count = total
    return product.value
  }

  // MARK: Subscripts

  static func getItem(_ vm: Interpreter, _ value: Value, _ index: Value) throws(Raised) -> Value {
    let list = ListHandle(unchecked: value)
    if let slice = SliceHandle(index) {
      let bounds = try vm.bounds(of: slice, count: list.count)
      let result: ListHandle
      if bounds.step == 1 {
        let range = bounds.range
        result = vm.heap.list(reserving: range.count)
        result.pointer.pointee.items.update(
          from: list.pointer.pointee.items + range.lowerBound, count: range.count)
        result.pointer.pointee.count = range.count
      } else {
        result = vm.heap.list()
        for position in vm.positions(of: bounds) { result.append(list[position], in: vm.heap) }
      }
      return result.value
    }
    return list[try vm.position(index, in: value, count: list.count)]
  }

  static func setItem(_ vm: Interpreter, _ value: Value, _ index: Value, _ item: Value) throws(Raised) {
    let list = ListHandle(unchecked: value)
    if let slice = SliceHandle(index) {
      if try replaceInPlace(slice, of: list, by: item, vm) { return }
      let bounds = try vm.bounds(of: slice, count: list.count)
      if bounds.step != 1 { throw vm.error(.notImplementedError, arguments: []) }
      // Replaced by itself, a list would move its items while they are read.
      let items: [Value]
      if let other = ListHandle(item) {
        items = Array(other.items)
      } else if let other = TupleHandle(item) {
        items = Array(other.items)
      } else {
        throw vm.notSequence(item)
      }
      try replace(slice, of: list, by: items, vm)
      return
    }
    list[try vm.position(index, in: value, count: list.count)] = item
  }

  static func deleteItem(_ vm: Interpreter, _ value: Value, _ index: Value) throws(Raised) {
    let list = ListHandle(unchecked: value)
    if let slice = SliceHandle(index) { return try replace(slice, of: list, by: [], vm) }
    _ = try ListMethods.remove(at: index, from: list, vm)
  }

  /// Overwrites a slice by as many items. False, with nothing done, when they are not as many or more is to do.
  private static func replaceInPlace(
    _ slice: SliceHandle, of list: ListHandle, by item: Value, _ vm: Interpreter
  ) throws(Raised) -> Bool {
    guard let other = ListHandle(item), other.pointer != list.pointer,
      slice.start.isSmallInt || slice.start.isNone, slice.stop.isSmallInt || slice.stop.isNone
    else { return false }
    let bounds = try vm.bounds(of: slice, count: list.count)
    guard bounds.step == 1, bounds.range.count == other.count else { return false }
    (list.pointer.pointee.items + bounds.start).update(
      from: other.pointer.pointee.items, count: other.count)
    return true
  }

  private static func replace(
    _ slice: SliceHandle, of list: ListHandle, by items: [Value], _ vm: Interpreter
  ) throws(Raised) {
    let bounds = try vm.bounds(of: slice, count: list.count)
    if bounds.step != 1 { throw vm.error(.notImplementedError, arguments: []) }
    try vm.requireRoom(
      list.count - bounds.range.count + items.count, in: list.pointer.pointee.capacity)
    vm.charge(bytes: (list.count - bounds.range.lowerBound) * Heap.boardWord)
    list.replace(bounds.range, with: items, in: vm.heap)
  }
}
