/// The methods of `dict`, which `OrderedDict` shares.
enum DictMethods {
  static func define(in vm: Interpreter) {
    let view = DictView.install(in: vm)
    for type in [vm.heap.types.dict, vm.heap.types.orderedDict] {
      vm.define(type) { type in
        type.method("clear", 0...0, clear)
        type.method("copy", 0...0, copy)
        type.classMethod("fromkeys", 1...2, fromKeys)
        type.method("get", 1...2, get)
        type.method("pop", 1...2, pop)
        type.method("popitem", 0...0, popItem)
        type.method("setdefault", 1...2, setDefault)
        type.method("update", 0...1, keywords: true, update)
        for mode in DictView.Mode.allCases {
          type.method(mode.methodName, 0...0) { (vm, arguments) throws(Raised) in
            DictView.make(over: try receiver(vm, arguments), mode, type: view, vm)
          }
        }
        type.method("__getitem__", 1...1) { (vm, arguments) throws(Raised) in
          try DictType.getItem(vm, try receiver(vm, arguments).value, arguments[1])
        }
        type.method("__setitem__", 2...2) { (vm, arguments) throws(Raised) in
          try vm.dictSet(try receiver(vm, arguments), arguments[1], arguments[2])
          return .none
        }
        type.method("__delitem__", 1...1) { (vm, arguments) throws(Raised) in
          try DictType.deleteItem(vm, try receiver(vm, arguments).value, arguments[1])
          return .none
        }
      }
    }
  }

  @inline(__always)
  private static func receiver(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> DictHandle {
    try vm.receiver(arguments)
  }

  /// The receiver of a method that changes it.
  private static func changeable(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> DictHandle {
    let dict = try receiver(vm, arguments)
    if dict.isLocked { throw vm.error(.typeError, arguments: []) }
    return dict
  }

  private static func clear(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    try changeable(vm, arguments).removeAll(in: vm.heap)
    return .none
  }

  private static func copy(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    DictType.copy(try receiver(vm, arguments), vm).value
  }

  /// A plain dict, whatever class it is called on, with room for as many keys as the iterable is long.
  private static func fromKeys(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let dict = vm.heap.dict()
    let source = arguments[1]
    let mark = vm.hold(dict.value)
    defer { vm.release(mark) }
    let value = arguments.count > 2 ? arguments[2] : .none
    if let count = try vm.lengthIfAny(source) {
      if count < 0 { throw vm.error(.valueError, arguments: []) }
      try vm.requireMemory(count, itemSize: 2 * Heap.boardWord)
      dict.reserve(count, in: vm.heap)
    }
    try vm.forEach(source) { key throws(Raised) in try vm.dictSet(dict, key, value) }
    return dict.value
  }

  private static func get(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let found = try vm.dictGet(try receiver(vm, arguments), arguments[1])
    if !found.isUnbound { return found }
    return arguments.count > 2 ? arguments[2] : .none
  }

  private static func pop(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let found = try vm.dictRemove(try receiver(vm, arguments), arguments[1])
    if !found.isUnbound { return found }
    if arguments.count > 2 { return arguments[2] }
    throw vm.keyError(arguments[1])
  }

  private static func popItem(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let dict = try changeable(vm, arguments)
    if dict.count == 0 { throw vm.error(.keyError, "popitem(): dictionary is empty") }
    var index = dict.isOrdered ? dict.count - 1 : 0
    while true {
      if let entry = dict.entry(at: index) {
        dict.bury(index)
        return vm.heap.tuple([entry.key, entry.value])
      }
      index += 1
    }
  }

  private static func setDefault(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let dict = try changeable(vm, arguments)
    let found = try vm.dictGet(dict, arguments[1])
    if !found.isUnbound { return found }
    let value = arguments.count > 2 ? arguments[2] : .none
    try vm.dictSet(dict, arguments[1], value)
    return value
  }

  private static func update(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    try DictType.update(try changeable(vm, arguments), arguments.dropFirst(), vm)
    return .none
  }
}

extension DictHandle {
  /// Gives an empty dict a table for `count` keys.
  func reserve(_ count: Int, in heap: Heap) {
    precondition(pointer.pointee.capacity == 0)
    heap.storage.deallocate(pointer.pointee.slots, 0)
    pointer.pointee.slots = HashTable.emptySlots(count, in: heap)
    pointer.pointee.capacity = count
    heap.resize(value, by: count * 2 * Heap.boardWord)
  }

  /// Removes an entry and leaves a deleted slot, whatever follows it.
  func bury(_ index: Int) {
    pointer.pointee.used -= 1
    // Behind the last entry of an ordered dict stands nothing that a search would have to pass.
    pointer.pointee.slots[index] = DictSlot(key: isOrdered ? .unbound : .tombstone, value: .unbound)
  }
}
