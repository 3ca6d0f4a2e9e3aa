import Timebase

/// Methods of few parameters: the same, and faster, because the compiler makes code for the very types, which it does not of
/// parameter packs. One that returns nothing is one that returns None.
extension PythonClassBuilder {
  package func method<Result: PythonResult>(
    _ name: String, rules: ArgumentRules = .counted,
    body: @escaping (Receiver) throws -> Result
  ) {
    let objects = objects
    let names = ParameterNames(rules, receivers: 1)
    add(name, names) { (vm, arguments) throws(Raised) in
      let receiver = try objects.receiver(of: arguments[0])
      let others = arguments.dropFirst()
      if !names.areInOrder(others) { _ = try names.sorted(others, vm) }
      do { return try body(receiver).value(in: vm) } catch { throw vm.raised(error) }
    }
  }

  package func method(
    _ name: String, rules: ArgumentRules = .counted,
    body: @escaping (Receiver) throws -> Void
  ) {
    method(name, rules: rules) { (receiver: Receiver) -> Value in
      try body(receiver)
      return .none
    }
  }

  package func method<Result: PythonResult>(
    _ name: String, rules: ArgumentRules = .counted,
    body: @escaping (Receiver, Call<Host>) throws -> Result
  ) {
    let objects = objects
    let host = hostReference
    let names = ParameterNames(rules, receivers: 1)
    add(name, names) { (vm, arguments) throws(Raised) in
      let receiver = try objects.receiver(of: arguments[0])
      let others = arguments.dropFirst()
      if !names.areInOrder(others) { _ = try names.sorted(others, vm) }
      do { return try body(receiver, Call(vm, arguments[0], host)).value(in: vm) } catch {
        throw vm.raised(error)
      }
    }
  }

  package func method(
    _ name: String, rules: ArgumentRules = .counted,
    body: @escaping (Receiver, Call<Host>) throws -> Void
  ) {
    method(name, rules: rules) { (receiver: Receiver, call: Call<Host>) -> Value in
      try body(receiver, call)
      return .none
    }
  }

  package func method<Argument, Result: PythonResult>(
    _ name: String, rules: ArgumentRules = .counted, _ parameter: PythonParameter<Argument>,
    body: @escaping (Receiver, Argument) throws -> Result
  ) {
    let objects = objects
    let reader = ParameterReader(rules, receivers: 1, parameter)
    add(name, reader.names) { (vm, arguments) throws(Raised) in
      let receiver = try objects.receiver(of: arguments[0])
      let argument = try reader.read(arguments.dropFirst(), vm)
      do { return try body(receiver, argument).value(in: vm) } catch { throw vm.raised(error) }
    }
  }

  package func method<Argument>(
    _ name: String, rules: ArgumentRules = .counted, _ parameter: PythonParameter<Argument>,
    body: @escaping (Receiver, Argument) throws -> Void
  ) {
    method(name, rules: rules, parameter) { (receiver: Receiver, argument: Argument) -> Value in
      try body(receiver, argument)
      return .none
    }
  }

  package func method<Argument, Result: PythonResult>(
    _ name: String, rules: ArgumentRules = .counted, _ parameter: PythonParameter<Argument>,
    body: @escaping (Receiver, Call<Host>, Argument) throws -> Result
  ) {
    let objects = objects
    let host = hostReference
    let reader = ParameterReader(rules, receivers: 1, parameter)
    add(name, reader.names) { (vm, arguments) throws(Raised) in
      let receiver = try objects.receiver(of: arguments[0])
      let argument = try reader.read(arguments.dropFirst(), vm)
      do { return try body(receiver, Call(vm, arguments[0], host), argument).value(in: vm) } catch {
        throw vm.raised(error)
      }
    }
  }

  package func method<Argument>(
    _ name: String, rules: ArgumentRules = .counted, _ parameter: PythonParameter<Argument>,
    body: @escaping (Receiver, Call<Host>, Argument) throws -> Void
  ) {
    method(name, rules: rules, parameter) {
      (receiver: Receiver, call: Call<Host>, argument: Argument) -> Value in
      try body(receiver, call, argument)
      return .none
    }
  }
}
