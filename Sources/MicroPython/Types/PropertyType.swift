/// `property`, `staticmethod` and `classmethod`: the wrappers that attribute look-up takes off. They are
/// callable as decorators.
enum PropertyType {
  static func install(in vm: Interpreter) {
    let type = vm.heap.types.property
    type.info.make = makeProperty
    vm.define(type) { type in
      type.method("getter", 1...1) { (vm, arguments) throws(Raised) in
        let property: WrapperHandle = try vm.receiver(arguments)
        return vm.heap.wrapper(property.type, arguments[1], property.second, property.third)
      }
      type.method("setter", 1...1) { (vm, arguments) throws(Raised) in
        let property: WrapperHandle = try vm.receiver(arguments)
        return vm.heap.wrapper(property.type, property.first, arguments[1], property.third)
      }
      type.method("deleter", 1...1) { (vm, arguments) throws(Raised) in
        let property: WrapperHandle = try vm.receiver(arguments)
        return vm.heap.wrapper(property.type, property.first, property.second, arguments[1])
      }
    }
    vm.heap.types.staticMethod.info.make = makeStaticMethod
    vm.heap.types.classMethod.info.make = makeClassMethod
  }

  /// The three functions are positional only; a fourth argument, `doc`, is accepted and dropped.
  private static func makeProperty(
    _ vm: Interpreter, _ type: TypeHandle, _ arguments: Arguments
  ) throws(Raised) -> Value {
    if arguments.count > 4 { throw vm.error(.typeError, "extra positional arguments given") }
    for index in 0..<arguments.keywordCount where arguments.keyword(at: index).name.text != "doc" {
      throw vm.error(.typeError, "extra keyword arguments given")
    }
    func function(_ index: Int) -> Value { index < arguments.count ? arguments[index] : .none }
    return vm.heap.wrapper(vm.heap.types.property, function(0), function(1), function(2))
  }

  private static func makeStaticMethod(
    _ vm: Interpreter, _ type: TypeHandle, _ arguments: Arguments
  ) throws(Raised) -> Value {
    try vm.require(arguments, 1...1)
    return vm.heap.wrapper(vm.heap.types.staticMethod, arguments[0])
  }

  private static func makeClassMethod(
    _ vm: Interpreter, _ type: TypeHandle, _ arguments: Arguments
  ) throws(Raised) -> Value {
    try vm.require(arguments, 1...1)
    return vm.heap.wrapper(vm.heap.types.classMethod, arguments[0])
  }
}
