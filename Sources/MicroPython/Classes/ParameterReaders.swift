/// A list of one parameter: as `ParameterList`, and faster, because the compiler makes code for the very type.
struct ParameterReader<Argument> {
  let names: ParameterNames
  let parameter: PythonParameter<Argument>

  init(_ rules: ArgumentRules, receivers: Int = 0, _ parameter: PythonParameter<Argument>) {
    names = ParameterNames(rules, receivers: receivers, [parameter.asName])
    self.parameter = parameter
  }

  @inline(__always)
  func read(_ arguments: Arguments, _ vm: Interpreter) throws(Raised) -> Argument {
    if names.areInOrder(arguments) { return try parameter.read(vm, arguments.optional(0)) }
    return try readSlowly(arguments, vm)
  }

  func readSlowly(_ arguments: Arguments, _ vm: Interpreter) throws(Raised) -> Argument {
    if let readRest = parameter.readRest { return readRest(arguments) }
    return try parameter.read(vm, names.sorted(arguments, vm)[0])
  }
}

/// A list of two parameters, in the same way.
struct ParameterPairReader<First, Second> {
  let names: ParameterNames
  let first: PythonParameter<First>
  let second: PythonParameter<Second>

  init(
    _ rules: ArgumentRules, receivers: Int = 0, _ first: PythonParameter<First>,
    _ second: PythonParameter<Second>
  ) {
    names = ParameterNames(rules, receivers: receivers, [first.asName, second.asName])
    self.first = first
    self.second = second
  }

  @inline(__always)
  func read(_ arguments: Arguments, _ vm: Interpreter) throws(Raised) -> (First, Second) {
    if names.areInOrder(arguments) {
      return (try first.read(vm, arguments.optional(0)), try second.read(vm, arguments.optional(1)))
    }
    return try readSlowly(arguments, vm)
  }

  func readSlowly(_ arguments: Arguments, _ vm: Interpreter) throws(Raised) -> (First, Second) {
    if let readRest = second.readRest {
      return (
        try first.read(vm, arguments.optional(0)), readRest(arguments.dropFirst(min(1, arguments.count)))
      )
    }
    if names.leading > 0 {
      return (try first.read(vm, arguments[0]), try second.read(vm, names.sorted(arguments, vm)[1]))
    }
    let values = try names.sorted(arguments, vm)
    return (try first.read(vm, values[0]), try second.read(vm, values[1]))
  }
}
