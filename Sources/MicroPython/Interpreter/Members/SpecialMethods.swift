/// Calling a class's member under a special method's name. Functions get the object; static and class
/// methods, classes and callable objects stand there too.
extension Interpreter {
  func callSpecial(_ method: Value, on object: Value) throws(Raised) -> Value {
    if method.isKind(.function) { return try call(method, count: 1) { $0[0] = object } }
    return try callUnusual(method, on: object, [])
  }

  func callSpecial(_ method: Value, on object: Value, _ argument: Value) throws(Raised) -> Value {
    if method.isKind(.function) {
      return try call(method, count: 2) {
        $0[0] = object
        $0[1] = argument
      }
    }
    return try callUnusual(method, on: object, [argument])
  }

  func callSpecial(_ method: Value, on object: Value, _ first: Value, _ second: Value) throws(Raised) -> Value
  {
    if method.isKind(.function) {
      return try call(method, count: 3) {
        $0[0] = object
        $0[1] = first
        $0[2] = second
      }
    }
    return try callUnusual(method, on: object, [first, second])
  }

  @inline(never)
  private func callUnusual(_ method: Value, on object: Value, _ arguments: [Value]) throws(Raised) -> Value {
    guard let wrapper = WrapperHandle(method) else { return try call(method, arguments: arguments) }
    if wrapper.type == heap.types.staticMethod { return try call(wrapper.first, arguments: arguments) }
    if wrapper.type == heap.types.classMethod {
      return try call(wrapper.first, arguments: [type(of: object).value] + arguments)
    }
    return try call(method, arguments: arguments)
  }
}
