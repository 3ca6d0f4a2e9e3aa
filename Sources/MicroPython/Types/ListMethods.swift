/// The methods of `list`.
enum ListMethods {
  static func define(in vm: Interpreter) {
    vm.define(vm.heap.types.list) { type in
      type.method("append", 1...1, append)
      type.method("clear", 0...0, clear)
      type.method("copy", 0...0, copy)
      type.method("count", 1...1, count)
      type.method("extend", 1...1, extend)
      type.method("index", 1...3, index)
      type.method("insert", 2...2, insert)
      type.method("pop", 0...1, pop)
      type.method("remove", 1...1, remove)
      type.method("reverse", 0...0, reverse)
      type.method("sort", 0...Int.max, keywords: true, sort)
    }
  }

  @inline(__always)
  private static func receiver(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> ListHandle {
    try vm.receiver(arguments)
  }

  private static func append(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let list = try receiver(vm, arguments)
    try vm.requireRoom(list.count + 1, in: list.pointer.pointee.capacity)
    list.append(arguments[1], in: vm.heap)
    return .none
  }

  private static func clear(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let list = try receiver(vm, arguments)
    list.removeAll()
    shrink(list, to: smallestCapacity, vm)
    return .none
  }

  private static func copy(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    vm.heap.list(try receiver(vm, arguments).items)
  }

  private static func count(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let list = try receiver(vm, arguments)
    return try vm.occurrences(of: arguments[1], { $0 < list.count ? list[$0] : nil })
  }

  private static func extend(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    try ListType.extend(try receiver(vm, arguments), from: arguments[1], vm)
    return .none
  }

  private static func index(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let list = try receiver(vm, arguments)
    return try vm.firstIndex(
      in: list.value, arguments, { $0 < list.count ? list[$0] : nil }, count: list.count)
  }

  private static func insert(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let list = try receiver(vm, arguments)
    var index = try vm.wideInt(arguments[1])
    if index < 0 { index += list.count }
    index = min(max(index, 0), list.count)
    list.append(.none, in: vm.heap)
    let items = list.pointer.pointee.items
    vm.charge(bytes: (list.count - index) * Heap.boardWord)
    (items + index + 1).update(from: items + index, count: list.count - 1 - index)
    items[index] = arguments[2]
    return .none
  }

  private static func pop(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let list = try receiver(vm, arguments)
    return try remove(at: arguments.count > 1 ? arguments[1] : Value(smallInt: -1), from: list, vm)
  }

  private static func remove(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let list = try receiver(vm, arguments)
    let found = try vm.firstIndex(
      in: list.value, arguments, { $0 < list.count ? list[$0] : nil }, count: list.count)
    _ = try remove(at: found, from: list, vm)
    return .none
  }

  private static func reverse(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    var items = try receiver(vm, arguments).items
    items.reverse()
    vm.charge(bytes: items.count * Heap.boardWord)
    return .none
  }

  private static func sort(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let list = try receiver(vm, arguments)
    try ListSort.sort(list, arguments.dropFirst(), vm)
    return .none
  }

  // MARK: Removing

  /// Items that the storage of an empty list has room for.
  private static let smallestCapacity = 4

  /// `list.pop(index)` and `del list[index]`.
  static func remove(at index: Value, from list: ListHandle, _ vm: Interpreter) throws(Raised) -> Value {
    if list.count == 0 { throw vm.error(.indexError, "pop from empty list") }
    let position = try vm.position(index, in: list.value, count: list.count)
    let items = list.pointer.pointee.items
    let item = items[position]
    vm.charge(bytes: (list.count - position) * Heap.boardWord)
    (items + position).update(from: items + position + 1, count: list.count - 1 - position)
    list.pointer.pointee.count -= 1
    let capacity = list.pointer.pointee.capacity
    if capacity > smallestCapacity && capacity > 2 * list.count { shrink(list, to: capacity / 2, vm) }
    return item
  }

  /// Gives memory back as MicroPython does.
  private static func shrink(_ list: ListHandle, to capacity: Int, _ vm: Interpreter) {
    vm.heap.noteRequest()
    if capacity < list.pointer.pointee.capacity { list.move(toRoomFor: capacity, in: vm.heap) }
  }
}
