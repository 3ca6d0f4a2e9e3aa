/// `dict` and `OrderedDict`: construction, printing, operators and subscripts. The methods stand in `DictMethods`.
enum DictType {
  static func install(in vm: Interpreter) {
    for type in [vm.heap.types.dict, vm.heap.types.orderedDict] {
      let info = type.info
      info.make = make
      info.print = print
      info.unary = unary
      info.binary = binary
      info.getItem = getItem
      info.setItem = setItem
      info.deleteItem = deleteItem
      info.iterate = { (vm, value) throws(Raised) in vm.heap.sequenceIterator(over: value) }
    }
    DictMethods.define(in: vm)
  }

  static func make(_ vm: Interpreter, _ type: TypeHandle, _ arguments: Arguments) throws(Raised) -> Value {
    let dict = vm.heap.dict(ordered: type.info.isSubclass(of: vm.heap.types.orderedDict))
    try update(dict, arguments, vm)
    return dict.value
  }

  /// Updates a dict with the arguments of `dict(…)` and `update`.
  static func update(_ dict: DictHandle, _ arguments: Arguments, _ vm: Interpreter) throws(Raised) {
    if arguments.count > 1 {
      throw vm.error(.typeError, "function expected at most 2 arguments, got \(arguments.count + 1)")
    }
    if arguments.count == 1 {
      if let other = DictHandle(arguments[0]) {
        if other.pointer != dict.pointer { try merge(other, into: dict, vm) }
      } else {
        try addPairs(of: arguments[0], to: dict, vm)
      }
    }
    for index in 0..<arguments.keywordCount {
      let keyword = arguments.keyword(at: index)
      try vm.dictSet(dict, keyword.name.value, keyword.value)
    }
  }

  /// Stores every entry of `other`.
  static func merge(_ other: DictHandle, into dict: DictHandle, _ vm: Interpreter) throws(Raised) {
    var index = 0
    while index < other.slotCount {
      if let entry = other.entry(at: index) { try vm.dictSet(dict, entry.key, entry.value) }
      index += 1
    }
  }

  private static func addPairs(of iterable: Value, to dict: DictHandle, _ vm: Interpreter) throws(Raised) {
    let mark = vm.hold(dict.value)
    defer { vm.release(mark) }
    try vm.forEach(iterable) { pair throws(Raised) in
      let items = try vm.collect(pair, atMost: 3)
      guard items.count == 2 else { throw vm.error(.valueError, "dict update sequence has wrong length") }
      try vm.dictSet(dict, items[0], items[1])
    }
  }

  static func print(
    _ vm: Interpreter, _ value: Value, _ style: PrintStyle, _ output: inout TextOutput
  ) throws(Raised) {
    let dict = DictHandle(unchecked: value)
    let isJSON = style == .json
    let isNamed = dict.type != vm.heap.types.dict && !isJSON
    if isNamed { output.write("\(dict.type.name)(") }
    output.write("{")
    var isFirst = true
    var index = 0
    while index < dict.slotCount {
      if let entry = dict.entry(at: index) {
        if !isFirst { output.write(", ") }
        isFirst = false
        let isQuoted = isJSON && !entry.key.isKind(.string) && !entry.key.isKind(.bytes)
        if isQuoted { output.write("\"") }
        try vm.print(entry.key, isJSON ? .json : .repr, into: &output)
        output.write(isQuoted ? "\": " : ": ")
        try vm.print(entry.value, isJSON ? .json : .repr, into: &output)
      }
      index += 1
    }
    output.write(isNamed ? "})" : "}")
  }

  static func unary(_ vm: Interpreter, _ operation: UnaryOperation, _ value: Value) throws(Raised) -> Value {
    let dict = DictHandle(unchecked: value)
    switch operation {
    case .bool: return Value(dict.count != 0)
    case .length: return Value(smallInt: dict.count)
    default: return .unbound
    }
  }

  static func binary(
    _ vm: Interpreter, _ operation: BinaryOperation, _ left: Value, _ right: Value
  ) throws(Raised) -> Value {
    let dict = DictHandle(unchecked: left)
    switch operation {
    case .contains:
      return Value(!(try vm.dictGet(dict, right)).isUnbound)
    case .equal:
      guard let other = DictHandle(right) else { return .unbound }
      // Types that do not compare with others are different where their types are (`mp_obj_equal_not_equal` in py/obj.c).
      return dict.type == other.type ? Value(try areEqual(dict, other, vm)) : .false
    case .bitOr, .inplaceBitOr:
      let result = operation == .bitOr ? copy(dict, vm) : dict
      if let other = DictHandle(right) {
        if other.pointer != result.pointer { try merge(other, into: result, vm) }
      } else {
        try addPairs(of: right, to: result, vm)
      }
      return result.value
    default: return .unbound
    }
  }

  private static func areEqual(_ left: DictHandle, _ right: DictHandle, _ vm: Interpreter) throws(Raised)
    -> Bool
  {
    if left.count != right.count { return false }
    try vm.enterComparison()
    defer { vm.state.pointee.comparisonDepth -= 1 }
    let isOrderCompared = left.type != vm.heap.types.dict
    var index = 0
    while index < left.slotCount {
      // An ordered dict is searched from its beginning.
      if left.isOrdered || right.isOrdered { try vm.passTime(vm.costs.iteration) }
      if let entry = left.entry(at: index) {
        if isOrderCompared {
          guard let other = right.entry(at: index), try vm.equal(entry.key, other.key),
            try vm.equal(entry.value, other.value)
          else { return false }
        } else {
          let other = try vm.dictGet(right, entry.key)
          if other.isUnbound { return false }
          if try !vm.equal(entry.value, other) { return false }
        }
      }
      index += 1
    }
    return true
  }

  /// A copy with the same table, so that it has the same order.
  static func copy(_ dict: DictHandle, _ vm: Interpreter) -> DictHandle {
    let copy = vm.heap.dict(ordered: dict.type == vm.heap.types.orderedDict)
    // `errno.errorcode` is a dict that is searched in order.
    copy.pointer.pointee.isOrdered = dict.isOrdered
    let capacity = dict.pointer.pointee.capacity
    let slots: UnsafeMutablePointer<DictSlot> = HashTable.emptySlots(capacity, in: vm.heap)
    slots.update(from: dict.pointer.pointee.slots, count: capacity)
    vm.heap.storage.deallocate(copy.pointer.pointee.slots, 0)
    copy.pointer.pointee.slots = slots
    copy.pointer.pointee.capacity = capacity
    copy.pointer.pointee.used = dict.pointer.pointee.used
    copy.pointer.pointee.hasOnlyInternedKeys = dict.pointer.pointee.hasOnlyInternedKeys
    vm.heap.resize(copy.value, by: capacity * 2 * Heap.boardWord)
    return copy
  }

  static func getItem(_ vm: Interpreter, _ value: Value, _ key: Value) throws(Raised) -> Value {
    let found = try vm.dictGet(DictHandle(unchecked: value), key)
    if found.isUnbound { throw vm.keyError(key) }
    return found
  }

  static func setItem(_ vm: Interpreter, _ value: Value, _ key: Value, _ item: Value) throws(Raised) {
    try vm.dictSet(DictHandle(unchecked: value), key, item)
  }

  static func deleteItem(_ vm: Interpreter, _ value: Value, _ key: Value) throws(Raised) {
    if try vm.dictRemove(DictHandle(unchecked: value), key).isUnbound { throw vm.keyError(key) }
  }
}
