/// `type`: the class of classes.
enum TypeType {
  static func install(in vm: Interpreter) {
    let info = vm.heap.types.type.info
    info.make = make
    info.print = { (_, value, _, output) throws(Raised) in
      output.write("<class '\(TypeHandle(unchecked: value).name)'>")
    }
    info.getAttribute = getAttribute
  }

  /// `type(x)` is the class of an object, `type(name, bases, attributes)` a new class.
  private static func make(_ vm: Interpreter, _ type: TypeHandle, _ arguments: Arguments) throws(Raised)
    -> Value
  {
    try vm.require(arguments, 1...3)
    switch arguments.count {
    case 1: return vm.type(of: arguments[0]).value
    case 3: return try vm.makeClass(name: arguments[0], bases: arguments[1], attributes: arguments[2])
    default: throw vm.error(.typeError, "type takes 1 or 3 arguments")
    }
  }

  private static func getAttribute(_ vm: Interpreter, _ value: Value, _ name: Value) throws(Raised) -> Value {
    let type = TypeHandle(unchecked: value)
    switch StringHandle(unchecked: name).text {
    case "__name__": return vm.heap.intern(type.name)
    case "__bases__": return bases(of: type, vm)
    case "__dict__":
      let copy = DictType.copy(type.info.attributes, vm)
      copy.isLocked = true
      return copy.value
    default: return .unbound
    }
  }

  private static func bases(of type: TypeHandle, _ vm: Interpreter) -> Value {
    let object = vm.heap.types.object
    if type == object { return vm.heap.emptyTuple }
    let bases = type.info.bases
    return vm.heap.tuple(bases.isEmpty ? [object.value] : bases.map(\.value))
  }
}
