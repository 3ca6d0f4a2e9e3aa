/// Built-ins that stand for functions written in Python on the board: their parameters can be given by name,
/// and mistakes are reported as those of a Python function.
package struct PythonSignature: Sendable {
  let parameters: [String]
  /// How many of them have no default.
  let required: Int

  package init(_ parameters: String..., required: Int? = nil) {
    self.init(parameters, required: required ?? parameters.count)
  }

  private init(_ parameters: [String], required: Int) {
    self.parameters = parameters
    self.required = required
  }

  /// The same for a method, whose first parameter is `self`.
  fileprivate var withReceiver: PythonSignature {
    PythonSignature(["self"] + parameters, required: required + 1)
  }

  /// Calls `body` with every argument in its parameter's place; behind the last one that was given there are none.
  func call(_ body: NativeBody, _ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    guard arguments.count <= parameters.count else { throw wrongCount(parameters.count, arguments, vm) }
    if arguments.keywordCount == 0 {
      guard arguments.count >= required else { throw wrongCount(required, arguments, vm) }
      return try body(vm, arguments)
    }
    let values = vm.heap.tuple([Value](repeating: .unbound, count: parameters.count))
    let places = TupleHandle(unchecked: values)
    for index in 0..<arguments.count { places[index] = arguments[index] }
    var last = arguments.count
    for index in 0..<arguments.keywordCount {
      let (name, value) = arguments.keyword(at: index)
      guard let place = parameters.firstIndex(of: name.text) else {
        throw vm.error(.typeError, "unexpected keyword argument '\(name.text)'")
      }
      guard places[place].isUnbound else {
        throw vm.error(.typeError, "function got multiple values for argument '\(name.text)'")
      }
      places[place] = value
      last = max(last, place + 1)
    }
    for index in (0..<required).reversed() where places[index].isUnbound {
      throw vm.error(.typeError, "function missing required positional argument #\(index)")
    }
    for index in required..<parameters.count where places[index].isUnbound { places[index] = .none }
    let mark = vm.hold(values)
    defer { vm.release(mark) }
    return try body(vm, Arguments(base: places.base, count: last))
  }

  private func wrongCount(_ wanted: Int, _ arguments: Arguments, _ vm: Interpreter) -> Raised {
    vm.error(
      .typeError, "function takes \(wanted) positional arguments but \(arguments.count) were given")
  }
}

extension ModuleBuilder {
  @discardableResult package func function(
    _ name: String, _ signature: PythonSignature, _ body: @escaping NativeBody
  ) -> NativeFunctionHandle {
    function(name, 0...Int.max, keywords: true) { (vm, arguments) throws(Raised) in
      try signature.call(body, vm, arguments)
    }
  }
}

extension TypeBuilder {
  /// A method; the signature leaves `self` out, which is `args[0]`.
  package func method(_ name: String, _ signature: PythonSignature, _ body: @escaping NativeBody) {
    let signature = signature.withReceiver
    method(name, 0...Int.max, keywords: true) { (vm, arguments) throws(Raised) in
      try signature.call(body, vm, arguments)
    }
  }

  package func staticMethod(_ name: String, _ signature: PythonSignature, _ body: @escaping NativeBody) {
    staticMethod(name, 0...Int.max, keywords: true) { (vm, arguments) throws(Raised) in
      try signature.call(body, vm, arguments)
    }
  }
}
