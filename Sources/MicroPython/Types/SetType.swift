/// `set` and `frozenset`: construction, printing and operators. The methods stand in `SetMethods`.
enum SetType {
  static func install(in vm: Interpreter) {
    for type in [vm.heap.types.set, vm.heap.types.frozenset] {
      let info = type.info
      info.make = make
      info.print = print
      info.unary = unary
      info.binary = binary
      info.iterate = { (vm, value) throws(Raised) in vm.heap.sequenceIterator(over: value) }
    }
    SetMethods.define(in: vm)
  }

  static func make(_ vm: Interpreter, _ type: TypeHandle, _ arguments: Arguments) throws(Raised) -> Value {
    try vm.require(arguments, 0...1)
    let set = vm.heap.set(frozen: type.info.isSubclass(of: vm.heap.types.frozenset))
    if arguments.count == 1 { try fill(set, from: arguments[0], vm) }
    return set.value
  }

  /// Adds everything that `iterable` gives to a set that nothing else knows yet.
  private static func fill(_ set: SetHandle, from iterable: Value, _ vm: Interpreter) throws(Raised) {
    guard iterable.isKind(.generator) else { return try add(allOf: iterable, to: set, vm) }
    let mark = vm.hold(set.value, iterable)
    defer { vm.release(mark) }
    try vm.forEachAhead(in: iterable, onlyPlain: true) { item throws(Raised) in try vm.setAdd(set, item) }
  }

  /// Adds everything that `iterable` gives.
  static func add(allOf iterable: Value, to set: SetHandle, _ vm: Interpreter) throws(Raised) {
    try forEachItem(of: iterable, holding: set, vm) { item throws(Raised) in try vm.setAdd(set, item) }
  }

  private static func forEachItem(
    of iterable: Value, holding set: SetHandle, _ vm: Interpreter, _ body: (Value) throws(Raised) -> Void
  ) throws(Raised) {
    let mark = vm.hold(set.value)
    defer { vm.release(mark) }
    try vm.forEach(iterable, body)
  }

  static func isFrozen(_ set: SetHandle, _ vm: Interpreter) -> Bool { set.type == vm.heap.types.frozenset }

  static func print(
    _ vm: Interpreter, _ value: Value, _ style: PrintStyle, _ output: inout TextOutput
  ) throws(Raised) {
    let set = SetHandle(unchecked: value)
    let isFrozen = isFrozen(set, vm)
    if set.count == 0 {
      output.write(isFrozen ? "frozenset()" : "set()")
      return
    }
    output.write(isFrozen ? "frozenset({" : "{")
    var isFirst = true
    var index = 0
    while index < set.slotCount {
      if let element = set.element(at: index) {
        if !isFirst { output.write(", ") }
        isFirst = false
        try vm.print(element, .repr, into: &output)
      }
      index += 1
    }
    output.write(isFrozen ? "})" : "}")
  }

  static func unary(_ vm: Interpreter, _ operation: UnaryOperation, _ value: Value) throws(Raised) -> Value {
    let set = SetHandle(unchecked: value)
    switch operation {
    case .bool: return Value(set.count != 0)
    case .length: return Value(smallInt: set.count)
    case .hash where isFrozen(set, vm):
      // MicroPython starts from an address in its ROM.
      var hash = 0x0804_1000
      for element in set.elements { hash &+= try vm.hashOfKey(element) }
      return Value(smallInt: Int(Int32(truncatingIfNeeded: hash << 1) >> 1))
    default: return .unbound
    }
  }

  static func binary(
    _ vm: Interpreter, _ operation: BinaryOperation, _ left: Value, _ right: Value
  ) throws(Raised) -> Value {
    let set = SetHandle(unchecked: left)
    if operation == .contains { return Value(try vm.setContains(set, right)) }
    guard let other = SetHandle(right) else { return .unbound }
    // An operation that would change a frozenset in place makes a new one.
    let isChanged = !isFrozen(set, vm)
    switch operation {
    case .bitOr, .inplaceBitOr:
      let result = operation == .inplaceBitOr && isChanged ? set : copy(set, vm)
      try add(allOf: right, to: result, vm)
      return result.value
    case .bitXor, .inplaceBitXor:
      let result = operation == .inplaceBitXor && isChanged ? set : copy(set, vm)
      try toggle(allOf: right, in: result, vm)
      return result.value
    case .bitAnd: return try intersection(set, right, vm).value
    case .inplaceBitAnd:
      let result = try intersection(set, right, vm)
      if isChanged { replace(set, by: result, vm) }
      return isChanged ? left : result.value
    case .subtract, .inplaceSubtract:
      let result = operation == .inplaceSubtract && isChanged ? set : copy(set, vm)
      try subtract(right, from: result, vm)
      return result.value
    case .equal: return Value(set.count == other.count ? try isSubset(set, of: other, vm) : false)
    case .less: return Value(set.count == other.count ? false : try isSubset(set, of: other, vm))
    case .greater: return Value(set.count == other.count ? false : try isSubset(other, of: set, vm))
    case .lessOrEqual: return Value(try isSubset(set, of: other, vm))
    case .greaterOrEqual: return Value(try isSubset(other, of: set, vm))
    default: return .unbound
    }
  }

  // MARK: Set algebra

  /// A copy with the same table, so that it has the same order.
  static func copy(_ set: SetHandle, _ vm: Interpreter) -> SetHandle {
    let copy = vm.heap.set(frozen: isFrozen(set, vm))
    let capacity = set.pointer.pointee.capacity
    let slots: UnsafeMutablePointer<Value> = HashTable.emptySlots(capacity, in: vm.heap)
    slots.update(from: set.pointer.pointee.slots, count: capacity)
    vm.heap.storage.deallocate(copy.pointer.pointee.slots, 0)
    copy.pointer.pointee.slots = slots
    copy.pointer.pointee.capacity = capacity
    copy.pointer.pointee.used = set.pointer.pointee.used
    vm.heap.resize(copy.value, by: capacity * Heap.boardWord)
    return copy
  }

  /// Makes `set` hold what `other` holds; `other` is used up.
  static func replace(_ set: SetHandle, by other: SetHandle, _ vm: Interpreter) {
    set.removeAll(in: vm.heap)
    swap(&set.pointer.pointee.slots, &other.pointer.pointee.slots)
    swap(&set.pointer.pointee.capacity, &other.pointer.pointee.capacity)
    swap(&set.pointer.pointee.used, &other.pointer.pointee.used)
    let bytes = set.pointer.pointee.capacity * Heap.boardWord
    vm.heap.resize(set.value, by: bytes)
    vm.heap.resize(other.value, by: -bytes)
  }

  static func subtract(_ iterable: Value, from set: SetHandle, _ vm: Interpreter) throws(Raised) {
    if iterable == set.value { return set.removeAll(in: vm.heap) }
    try forEachItem(of: iterable, holding: set, vm) { item throws(Raised) in try vm.setRemove(set, item) }
  }

  /// Returns a plain set of the items that are in both, in order of `iterable`.
  static func intersection(_ set: SetHandle, _ iterable: Value, _ vm: Interpreter) throws(Raised) -> SetHandle
  {
    if iterable == set.value { return copy(set, vm) }
    let result = vm.heap.set()
    try forEachItem(of: iterable, holding: result, vm) { item throws(Raised) in
      if try vm.setContains(set, item) { try vm.setAdd(result, item) }
    }
    return result
  }

  /// Removes items that are there and adds those that are not.
  static func toggle(allOf iterable: Value, in set: SetHandle, _ vm: Interpreter) throws(Raised) {
    try forEachItem(of: iterable, holding: set, vm) { item throws(Raised) in
      if try !vm.setAdd(set, item) { try vm.setRemove(set, item) }
    }
  }

  static func isSubset(_ set: SetHandle, of other: SetHandle, _ vm: Interpreter) throws(Raised) -> Bool {
    var index = 0
    while index < set.slotCount {
      if let element = set.element(at: index), try !vm.setContains(other, element) { return false }
      index += 1
    }
    return true
  }
}

extension SetHandle {
  /// Gives an empty set a table for `count` elements, as a set display has from the start.
  func reserve(_ count: Int, in heap: Heap) {
    precondition(pointer.pointee.capacity == 0)
    heap.storage.deallocate(pointer.pointee.slots, 0)
    pointer.pointee.slots = HashTable.emptySlots(count, in: heap)
    pointer.pointee.capacity = count
    heap.resize(value, by: count * Heap.boardWord)
  }
}
