/// The methods of `set` and, where they change nothing, of `frozenset`.
enum SetMethods {
  static func define(in vm: Interpreter) {
    vm.define(vm.heap.types.set) { type in
      type.method("add", 1...1, add)
      type.method("clear", 0...0, clear)
      type.method("discard", 1...1, discard)
      type.method("difference_update", 0...Int.max, differenceUpdate)
      type.method("intersection_update", 1...1, intersectionUpdate)
      type.method("pop", 0...0, pop)
      type.method("remove", 1...1, remove)
      type.method("symmetric_difference_update", 1...1, symmetricDifferenceUpdate)
      type.method("update", 0...Int.max, update)
    }
    for type in [vm.heap.types.set, vm.heap.types.frozenset] {
      vm.define(type) { type in
        type.method("copy", 0...0, copy)
        type.method("difference", 0...Int.max, difference)
        type.method("intersection", 1...1, intersection)
        type.method("isdisjoint", 1...1, isDisjoint)
        type.method("issubset", 1...1, isSubset)
        type.method("issuperset", 1...1, isSuperset)
        type.method("symmetric_difference", 1...1, symmetricDifference)
        type.method("union", 1...1, union)
        type.method("__contains__", 1...1, contains)
      }
    }
  }

  /// The receiver of a method that changes nothing.
  private static func receiver(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> SetHandle {
    try vm.receiver(arguments)
  }

  /// The receiver of a method that changes it.
  private static func changeable(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> SetHandle {
    let set = try receiver(vm, arguments)
    if SetType.isFrozen(set, vm) { throw vm.wrongReceiver() }
    return set
  }

  // MARK: Changing

  private static func add(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    try vm.setAdd(try changeable(vm, arguments), arguments[1])
    return .none
  }

  private static func clear(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    try changeable(vm, arguments).removeAll(in: vm.heap)
    return .none
  }

  private static func discard(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    try vm.setRemove(try changeable(vm, arguments), arguments[1])
    return .none
  }

  private static func remove(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    if try !vm.setRemove(try changeable(vm, arguments), arguments[1]) { throw vm.keyError(arguments[1]) }
    return .none
  }

  private static func pop(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let set = try changeable(vm, arguments)
    for index in 0..<set.slotCount {
      if let element = set.element(at: index) {
        set.removeSlot(index)
        return element
      }
    }
    throw vm.error(.keyError, "pop from an empty set")
  }

  private static func update(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let set = try changeable(vm, arguments)
    for index in 1..<arguments.count { try SetType.add(allOf: arguments[index], to: set, vm) }
    return .none
  }

  private static func differenceUpdate(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let set = try changeable(vm, arguments)
    for index in 1..<arguments.count { try SetType.subtract(arguments[index], from: set, vm) }
    return .none
  }

  private static func intersectionUpdate(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let set = try changeable(vm, arguments)
    if arguments[1] != set.value {
      SetType.replace(set, by: try SetType.intersection(set, arguments[1], vm), vm)
    }
    return .none
  }

  private static func symmetricDifferenceUpdate(_ vm: Interpreter, _ arguments: Arguments) throws(Raised)
    -> Value
  {
    try SetType.toggle(allOf: arguments[1], in: try changeable(vm, arguments), vm)
    return .none
  }

  // MARK: Asking and combining

  private static func copy(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    SetType.copy(try receiver(vm, arguments), vm).value
  }

  private static func difference(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let result = SetType.copy(try receiver(vm, arguments), vm)
    for index in 1..<arguments.count { try SetType.subtract(arguments[index], from: result, vm) }
    return result.value
  }

  private static func intersection(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    try SetType.intersection(try receiver(vm, arguments), arguments[1], vm).value
  }

  private static func symmetricDifference(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let result = SetType.copy(try receiver(vm, arguments), vm)
    try SetType.toggle(allOf: arguments[1], in: result, vm)
    return result.value
  }

  private static func union(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let result = SetType.copy(try receiver(vm, arguments), vm)
    try SetType.add(allOf: arguments[1], to: result, vm)
    return result.value
  }

  private static func isDisjoint(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let set = try receiver(vm, arguments)
    let common = try vm.firstItem(of: arguments[1]) { item throws(Raised) in try vm.setContains(set, item) }
    return Value(common.isUnbound)
  }

  private static func isSubset(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let set = try receiver(vm, arguments)
    return Value(try SetType.isSubset(set, of: try setOf(arguments[1], vm), vm))
  }

  private static func isSuperset(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let set = try receiver(vm, arguments)
    return Value(try SetType.isSubset(try setOf(arguments[1], vm), of: set, vm))
  }

  private static func contains(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    Value(try vm.setContains(try receiver(vm, arguments), arguments[1]))
  }

  /// A set as it is, anything else as a set of its items.
  private static func setOf(_ value: Value, _ vm: Interpreter) throws(Raised) -> SetHandle {
    if let set = SetHandle(value) { return set }
    // It is held while it is filled; comparing sets collects nothing.
    let set = vm.heap.set()
    try SetType.add(allOf: value, to: set, vm)
    return set
  }
}
