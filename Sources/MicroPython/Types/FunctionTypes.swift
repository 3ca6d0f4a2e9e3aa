/// How functions, bound methods, cells and modules look from outside. Calling them is the interpreter's
/// own business.
///
/// A Pyboard reports errors at level "normal", where only plain functions print with their name.
enum FunctionTypes {
  static func install(in vm: Interpreter) {
    let types = vm.heap.types
    for type in [types.function, types.generatorFunction, types.closure] {
      type.info.print = printFunction
      type.info.getAttribute = attributeOfFunction
    }
    types.boundMethod.info.getAttribute = { (vm, value, name) throws(Raised) in
      try vm.findAttribute(BoundMethodHandle(unchecked: value).function, name) ?? .unbound
    }
    types.boundMethod.info.unary = unaryOfBoundMethod
    types.boundMethod.info.binary = binaryOfBoundMethod
    types.cell.info.print = { (_, _, _, output) throws(Raised) in output.write("<>") }
    types.module.info.print = printModule
  }

  private static func printFunction(
    _ vm: Interpreter, _ value: Value, _ style: PrintStyle, _ output: inout TextOutput
  ) throws(Raised) {
    let function = FunctionHandle(unchecked: value)
    let flags = function.code.pointer.pointee.flags
    if !function.pointer.pointee.closure.isUnbound {
      output.write("<closure>")
    } else if flags.contains(.generator) {
      output.write("<generator>")
    } else if flags.contains(.viper) {
      output.write("<function>")
    } else {
      output.write("<function \(function.code.name) at 0x\(vm.addressText(of: value))>")
    }
  }

  private static func attributeOfFunction(
    _ vm: Interpreter, _ value: Value, _ name: Value
  ) throws(Raised) -> Value {
    let function = FunctionHandle(unchecked: value)
    switch StringHandle(unchecked: name).text {
    case "__name__": return function.code.details.name
    case "__globals__": return function.globals.value
    default: return .unbound
    }
  }

  private static func unaryOfBoundMethod(
    _ vm: Interpreter, _ operation: UnaryOperation, _ value: Value
  ) throws(Raised) -> Value {
    guard operation == .hash else { return .unbound }
    let method = BoundMethodHandle(unchecked: value)
    return Value(smallInt: vm.identity(of: method.receiver) ^ vm.identity(of: method.function))
  }

  private static func binaryOfBoundMethod(
    _ vm: Interpreter, _ operation: BinaryOperation, _ left: Value, _ right: Value
  ) throws(Raised) -> Value {
    guard operation == .equal, let other = BoundMethodHandle(right) else { return .unbound }
    let method = BoundMethodHandle(unchecked: left)
    return Value(method.receiver == other.receiver && method.function == other.function)
  }

  private static func printModule(
    _ vm: Interpreter, _ value: Value, _ style: PrintStyle, _ output: inout TextOutput
  ) throws(Raised) {
    let globals = ModuleHandle(unchecked: value).globals
    func text(_ name: String) -> String? {
      StringHandle(globals.get(interned: vm.heap.intern(name)))?.text
    }
    output.write("<module '\(text("__name__") ?? "")'")
    if let file = text("__file__") { output.write(" from '\(file)'") }
    output.write(">")
  }
}

extension Interpreter {
  /// Returns the result of `id`: the board's address of an object, the word itself of an immediate value.
  package func identity(of value: Value) -> Int {
    if value.isObject { return heap.boardAddress(of: value) }
    // The constants are immediate objects there, too (`MP_OBJ_NEW_IMMEDIATE_OBJ` in py/mpconfig.h).
    if value.isNone { return 6 }
    if value.isBool { return value == .true ? 30 : 14 }
    return Int(truncatingIfNeeded: value.bits)
  }

  /// An object's address as it stands in its printed form.
  package func addressText(of value: Value) -> String { String(identity(of: value), radix: 16) }
}
