/// The view that `keys()`, `values()` and `items()` return: it follows changes of its dict.
enum DictView {
  /// The raw values are those of `SequenceIteratorObject.mode`.
  enum Mode: Int, CaseIterable {
    case keys, values, items

    var methodName: String {
      switch self {
      case .keys: "keys"
      case .values: "values"
      case .items: "items"
      }
    }
  }

  static func install(in vm: Interpreter) -> TypeHandle {
    let type = vm.heap.type("dict_view")
    let info = type.info
    info.print = print
    info.unary = unary
    info.binary = binary
    info.iterate = { (vm, value) throws(Raised) in
      let view = WrapperHandle(unchecked: value)
      return vm.heap.sequenceIterator(over: view.first, mode: view.second.smallInt)
    }
    return type
  }

  static func make(over dict: DictHandle, _ mode: Mode, type: TypeHandle, _ vm: Interpreter) -> Value {
    vm.heap.wrapper(type, dict.value, Value(smallInt: mode.rawValue))
  }

  private static func parts(of view: Value) -> (dict: DictHandle, mode: Mode) {
    let wrapper = WrapperHandle(unchecked: view)
    return (DictHandle(unchecked: wrapper.first), Mode(rawValue: wrapper.second.smallInt) ?? .keys)
  }

  private static func print(
    _ vm: Interpreter, _ value: Value, _ style: PrintStyle, _ output: inout TextOutput
  ) throws(Raised) {
    let (dict, mode) = parts(of: value)
    output.write("dict_\(mode.methodName)([")
    var isFirst = true
    var index = 0
    while index < dict.slotCount {
      if let entry = dict.entry(at: index) {
        if !isFirst { output.write(", ") }
        isFirst = false
        switch mode {
        case .keys: try vm.print(entry.key, .repr, into: &output)
        case .values: try vm.print(entry.value, .repr, into: &output)
        case .items: try vm.print(vm.heap.tuple([entry.key, entry.value]), .repr, into: &output)
        }
      }
      index += 1
    }
    output.write("])")
  }

  private static func unary(_ vm: Interpreter, _ operation: UnaryOperation, _ value: Value) throws(Raised)
    -> Value
  {
    let (dict, mode) = parts(of: value)
    if operation == .hash && mode == .values { return Value(smallInt: vm.heap.boardAddress(of: value)) }
    return try DictType.unary(vm, operation, dict.value)
  }

  private static func binary(
    _ vm: Interpreter, _ operation: BinaryOperation, _ left: Value, _ right: Value
  ) throws(Raised) -> Value {
    let (dict, mode) = parts(of: left)
    guard mode == .keys, operation == .contains else { return .unbound }
    return try DictType.binary(vm, .contains, dict.value, right)
  }
}
