/// Built-in functions that ask about objects and their attributes.
enum ObjectBuiltins {
  static func install(in vm: Interpreter) {
    vm.addBuiltinFunction("callable", 1...1) { (vm, arguments) throws(Raised) in
      Value(isCallable(arguments[0], vm))
    }
    vm.addBuiltinFunction("delattr", 2...2) { (vm, arguments) throws(Raised) in
      try vm.deleteAttribute(arguments[0], try name(arguments[1], vm))
      return .none
    }
    vm.addBuiltinFunction("dir", 0...1, directory)
    vm.addBuiltinFunction("getattr", 2...3, getAttribute)
    vm.addBuiltinFunction("hasattr", 2...2) { (vm, arguments) throws(Raised) in
      Value(try vm.attributeIfAny(arguments[0], try name(arguments[1], vm)) != nil)
    }
    vm.addBuiltinFunction("hash", 1...1) { (vm, arguments) throws(Raised) in
      vm.heap.int(try vm.hash(arguments[0]))
    }
    vm.addBuiltinFunction("id", 1...1) { (vm, arguments) throws(Raised) in
      vm.heap.int(vm.identity(of: arguments[0]))
    }
    vm.addBuiltinFunction("isinstance", 2...2) { (vm, arguments) throws(Raised) in
      Value(try vm.isSubclass(vm.type(of: arguments[0]), ofAny: arguments[1]))
    }
    vm.addBuiltinFunction("issubclass", 2...2) { (vm, arguments) throws(Raised) in
      guard let type = TypeHandle(arguments[0]) else {
        throw vm.error(.typeError, "issubclass() arg 1 must be a class")
      }
      return Value(try vm.isSubclass(type, ofAny: arguments[1]))
    }
    vm.addBuiltinFunction("setattr", 3...3) { (vm, arguments) throws(Raised) in
      try vm.setAttribute(arguments[0], try name(arguments[1], vm), arguments[2])
      return .none
    }
  }

  /// An attribute's name, interned.
  private static func name(_ value: Value, _ vm: Interpreter) throws(Raised) -> Value {
    guard let string = StringHandle(vm.native(of: value)) else {
      throw vm.error(.typeError, "can't convert '\(vm.type(of: value).name)' object to str implicitly")
    }
    return string.isInterned ? string.value : try vm.name(string.bytes)
  }

  private static func getAttribute(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let name = try name(arguments[1], vm)
    if arguments.count == 2 { return try vm.getAttribute(arguments[0], name) }
    return try vm.attributeIfAny(arguments[0], name) ?? arguments[2]
  }

  static func isCallable(_ value: Value, _ vm: Interpreter) -> Bool {
    switch value.kind {
    case nil: return false
    case .function, .nativeFunction, .boundMethod, .type: return true
    case .instance:
      let instance = InstanceHandle(unchecked: value)
      if !instance.type.info.lookUp(vm.names.call).isUnbound { return true }
      return !instance.native.isUnbound && isCallable(instance.native, vm)
    default: return vm.type(of: value).info.call != nil
    }
  }

  // MARK: dir

  private static func directory(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    guard arguments.count > 0 else {
      try vm.enterPresetModules(in: vm.runningLocals)
      return vm.heap.list(keys(of: vm.runningLocals))
    }
    let object = arguments[0]
    if object.isKind(.instance), let method = try vm.findAttribute(object, vm.heap.intern("__dir__")) {
      return try vm.call(method)
    }
    // Like the board, looks up every existing name, so properties and `__getattr__` are called too.
    for name in computedNames { _ = vm.heap.internBuiltIn(name) }
    let found = vm.heap.list()
    let mark = vm.hold(found.value)
    defer { vm.release(mark) }
    try vm.passTime(Int64(vm.compiledByteCount) * sourceByteCost)
    for name in NameOrder(of: vm.heap, sources: vm.compiledSources).names {
      try vm.passTime(nameSearchCost)
      if try vm.attributeIfAny(object, name) != nil { found.append(name, in: vm.heap) }
    }
    return found.value
  }

  /// Nanoseconds of looking for a name in an object; a Pyboard takes a millisecond or two for `dir` of anything.
  private static let nameSearchCost: Int64 = 300
  /// Nanoseconds of reading a byte of source for the order of its names.
  private static let sourceByteCost: Int64 = 30

  /// Attributes that built-in objects compute, so that no table has their names.
  private static let computedNames = [
    "__class__", "__name__", "__bases__", "__dict__", "__globals__", "__next__", "start", "stop", "step",
    "args",
    "value", "errno", "real", "imag", "itemsize",
  ]

  private static func keys(of dict: DictHandle) -> [Value] {
    dict.entries.map(\.key).filter { $0.isKind(.string) }
  }
}
