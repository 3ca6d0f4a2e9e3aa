/// `super`. Without arguments the compiler fills in the class and the receiver.
enum SuperType {
  static func install(in vm: Interpreter) {
    let info = vm.heap.types.superType.info
    info.make = make
    info.print = print
    info.getAttribute = getAttribute
  }

  private static func make(_ vm: Interpreter, _ type: TypeHandle, _ arguments: Arguments) throws(Raised)
    -> Value
  {
    try vm.require(arguments, 2...2)
    let subject = TypeHandle(arguments[1]) ?? vm.type(of: arguments[1])
    if try !vm.isSubclass(subject, ofAny: arguments[0]) { throw vm.error(.typeError, arguments: []) }
    return vm.heap.wrapper(vm.heap.types.superType, arguments[0], arguments[1])
  }

  private static func print(
    _ vm: Interpreter, _ value: Value, _ style: PrintStyle, _ output: inout TextOutput
  ) throws(Raised) {
    let wrapper = WrapperHandle(unchecked: value)
    output.write("<super: ")
    try vm.print(wrapper.first, .str, into: &output)
    output.write(", ")
    try vm.print(wrapper.second, .str, into: &output)
    output.write(">")
  }

  private static func getAttribute(_ vm: Interpreter, _ value: Value, _ name: Value) throws(Raised) -> Value {
    let wrapper = WrapperHandle(unchecked: value)
    guard let type = TypeHandle(wrapper.first) else { return .unbound }
    return try vm.superAttribute(name, after: type, receiver: wrapper.second)
  }
}

extension Interpreter {
  /// Whether `type` is, or derives from, a class or one of a tuple of classes.
  func isSubclass(_ type: TypeHandle, ofAny classes: Value) throws(Raised) -> Bool {
    if classes.isKind(.type) { return isSubclass(type, of: classes) }
    guard let tuple = TupleHandle(classes) else {
      throw error(.typeError, "issubclass() arg 2 must be a class or a tuple of classes")
    }
    for candidate in tuple.items where isSubclass(type, of: candidate) { return true }
    return false
  }

  /// Nothing derives from `object` explicitly, but everything is one.
  private func isSubclass(_ type: TypeHandle, of candidate: Value) -> Bool {
    guard let candidate = TypeHandle(candidate) else { return false }
    return candidate == heap.types.object || type.info.isSubclass(of: candidate)
  }
}
