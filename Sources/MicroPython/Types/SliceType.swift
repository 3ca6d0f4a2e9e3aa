/// `slice`, which firmware cannot call: objects of it come from `x[a:b:c]` alone.
enum SliceType {
  static func install(in vm: Interpreter) {
    let type = vm.heap.types.slice
    let info = type.info
    info.print = print
    info.getAttribute = getAttribute
    // A slot that supports nothing makes slices unhashable.
    info.unary = { (_, _, _) throws(Raised) in .unbound }
    vm.define(type) { type in type.method("indices", 1...1, indices) }
  }

  private static func print(
    _ vm: Interpreter, _ value: Value, _ style: PrintStyle, _ output: inout TextOutput
  ) throws(Raised) {
    let slice = SliceHandle(unchecked: value)
    output.write("slice(")
    try vm.print(slice.start, .repr, into: &output)
    output.write(", ")
    try vm.print(slice.stop, .repr, into: &output)
    output.write(", ")
    try vm.print(slice.step, .repr, into: &output)
    output.write(")")
  }

  private static func getAttribute(_ vm: Interpreter, _ value: Value, _ name: Value) throws(Raised) -> Value {
    let slice = SliceHandle(unchecked: value)
    switch StringHandle(unchecked: name).text {
    case "start": return slice.start
    case "stop": return slice.stop
    case "step": return slice.step
    default: return .unbound
    }
  }

  private static func indices(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let slice: SliceHandle = try vm.receiver(arguments)
    let bounds = try vm.bounds(of: slice, count: try vm.int(arguments[1]))
    return vm.heap.tuple([bounds.start, bounds.stop, bounds.step].map { vm.heap.int($0) })
  }
}
