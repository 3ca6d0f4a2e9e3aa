/// `object`, `None`, `Ellipsis` and `NotImplemented`.
enum ObjectType {
  static func install(in vm: Interpreter) {
    let types = vm.heap.types
    types.object.info.make = { (vm, type, arguments) throws(Raised) in
      try vm.require(arguments, 0...0)
      return vm.heap.wrapper(vm.heap.types.object, .none)
    }
    types.object.info.isObject = true
    vm.define(types.object) { type in
      type.method("__init__", 0...0) { (_, _) throws(Raised) in .none }
      type.staticMethod("__new__", 1...1, new)
      type.method("__setattr__", 2...2, setAttribute)
      type.method("__delattr__", 1...1, deleteAttribute)
    }
    types.noneType.info.print = { (_, _, style, output) throws(Raised) in
      output.write(style == .json ? "null" : "None")
    }
    types.ellipsis.info.print = { (_, _, _, output) throws(Raised) in output.write("Ellipsis") }
    types.notImplemented.info.print = { (_, _, _, output) throws(Raised) in output.write("NotImplemented") }
  }

  /// A bare instance of a firmware class.
  private static func new(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    guard let type = TypeHandle(arguments[0]), type.info.isFirmwareClass else { throw notAnInstance(vm) }
    return vm.heap.instance(of: type).value
  }

  private static func notAnInstance(_ vm: Interpreter) -> Raised {
    vm.error(.typeError, "arg must be user-type")
  }

  /// Sets an attribute past a `__setattr__` of the instance's class.
  private static func setAttribute(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let (instance, name) = try target(vm, arguments)
    instance.set(name, to: arguments[2], in: vm.heap)
    return .none
  }

  private static func deleteAttribute(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let (instance, name) = try target(vm, arguments)
    if !instance.remove(name, in: vm.heap) { throw vm.error(.attributeError, "no such attribute") }
    return .none
  }

  private static func target(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> (
    InstanceHandle, Value
  ) {
    guard let instance = InstanceHandle(arguments[0]) else { throw notAnInstance(vm) }
    guard let name = StringHandle(arguments[1]) else { throw vm.error(.typeError, arguments: []) }
    return (instance, try vm.name(name.bytes))
  }
}
