/// Built-in functions that walk over iterables.
enum IterationBuiltins {
  static func install(in vm: Interpreter) {
    vm.addBuiltinFunction("all", 1...1, all)
    vm.addBuiltinFunction("any", 1...1, any)
    vm.addBuiltinFunction("iter", 1...1) { (vm, arguments) throws(Raised) in try vm.iterate(arguments[0]) }
    let length = vm.heap.function("len", 1...1) { (vm, arguments) throws(Raised) in
      if let instance = InstanceHandle(arguments[0]) {
        let method = instance.type.info.lookUp(vm.names.length)
        // The result of the firmware's own method, even if it is no integer.
        if method.isKind(.function) { return try vm.callSpecial(method, on: instance.value) }
      }
      return vm.heap.int(try vm.length(arguments[0]))
    }
    vm.addBuiltin("len", length)
    vm.heap.permanentRoots.append(length)
    vm.lengthFunction = length
    vm.addBuiltinFunction("max", 1...Int.max, keywords: true) { (vm, arguments) throws(Raised) in
      try extreme(vm, arguments, .greater)
    }
    vm.addBuiltinFunction("min", 1...Int.max, keywords: true) { (vm, arguments) throws(Raised) in
      try extreme(vm, arguments, .less)
    }
    vm.iteratorNext = vm.heap.function("next", 1...2, next)
    vm.addBuiltin("next", vm.iteratorNext)
    vm.heap.permanentRoots.append(vm.iteratorNext)
    vm.addBuiltinFunction("sorted", 1...Int.max, keywords: true, sorted)
  }

  private static func all(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    Value(try vm.firstItem(of: arguments[0]) { item throws(Raised) in try !vm.isTrue(item) }.isUnbound)
  }

  private static func any(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    Value(try !vm.firstItem(of: arguments[0]) { item throws(Raised) in try vm.isTrue(item) }.isUnbound)
  }

  /// `min` and `max`. As in MicroPython, keywords other than `key` and `default` are ignored.
  private static func extreme(
    _ vm: Interpreter, _ arguments: Arguments, _ operation: BinaryOperation
  ) throws(Raised) -> Value {
    let key = arguments.keyword("key")
    var best = Value.unbound
    var bestKey = Value.unbound
    let mark = vm.hold(best, bestKey)
    defer { vm.release(mark) }
    func keyed(_ item: Value) throws(Raised) -> Value {
      let itemMark = vm.hold(item)
      defer { vm.release(itemMark) }
      return try vm.callUnpinned(key, count: 1) { $0[0] = item }
    }
    func consider(_ item: Value) throws(Raised) {
      let itemKey = key.isUnbound ? item : try keyed(item)
      if !best.isUnbound {
        guard try vm.compare(operation, itemKey, bestKey) == .true else { return }
      }
      best = item
      bestKey = itemKey
      vm.temporaryRoots[mark] = best
      vm.temporaryRoots[mark + 1] = bestKey
    }
    if arguments.count > 1 {
      for index in 0..<arguments.count { try consider(arguments[index]) }
      return best
    }
    try vm.forEachItem(of: try vm.iterateInLoop(arguments[0]), consider)
    if !best.isUnbound { return best }
    let fallback = arguments.keyword("default")
    if fallback.isUnbound { throw vm.error(.valueError, "arg is an empty sequence") }
    return fallback
  }

  /// The end of a generator carries its result; the end of anything else nothing.
  private static func next(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    if arguments.count > 1 { return try vm.next(arguments[0]) ?? arguments[1] }
    if let generator = GeneratorHandle(arguments[0]) {
      switch try vm.resume(generator) {
      case .yielded(let value): return value
      case .returned(let value): throw vm.stopIteration(value)
      }
    }
    if arguments[0].isKind(.instance), let method = try vm.findAttribute(arguments[0], vm.names.next) {
      return try vm.call(method)
    }
    vm.stopValue = .none
    let item = try vm.nextOrUnbound(arguments[0])
    if !item.isUnbound { return item }
    throw vm.stopIteration(vm.stopValue)
  }

  private static func sorted(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    if arguments.count > 1 {
      throw vm.error(.typeError, "must use keyword argument for key function")
    }
    let list = vm.heap.list()
    try ListType.extend(list, from: arguments[0], vm)
    try ListSort.sort(list, arguments.dropFirst(), vm)
    return list.value
  }
}
