import Timebase

/// Functions of few parameters: the same, and faster, because the compiler makes code for the very types, which it does not of
/// parameter packs. One that returns nothing is one that returns None.
extension PythonModuleBuilder {
  @discardableResult
  package func function<Result: PythonResult>(
    _ name: String, rules: ArgumentRules = .counted,
    body: @escaping (Call<Host>) throws -> Result
  ) -> NativeFunctionHandle {
    let host = hostReference
    let names = ParameterNames(rules)
    return add(name, names) { (vm, arguments) throws(Raised) in
      if !names.areInOrder(arguments) { _ = try names.sorted(arguments, vm) }
      do { return try body(Call(vm, .unbound, host)).value(in: vm) } catch { throw vm.raised(error) }
    }
  }

  @discardableResult
  package func function(
    _ name: String, rules: ArgumentRules = .counted,
    body: @escaping (Call<Host>) throws -> Void
  ) -> NativeFunctionHandle {
    function(name, rules: rules) { (call: Call<Host>) -> Value in
      try body(call)
      return .none
    }
  }

  @discardableResult
  package func function<Argument, Result: PythonResult>(
    _ name: String, rules: ArgumentRules = .counted, _ parameter: PythonParameter<Argument>,
    body: @escaping (Call<Host>, Argument) throws -> Result
  ) -> NativeFunctionHandle {
    let host = hostReference
    let reader = ParameterReader(rules, parameter)
    return add(name, reader.names) { (vm, arguments) throws(Raised) in
      let argument = try reader.read(arguments, vm)
      do { return try body(Call(vm, .unbound, host), argument).value(in: vm) } catch {
        throw vm.raised(error)
      }
    }
  }

  @discardableResult
  package func function<Argument>(
    _ name: String, rules: ArgumentRules = .counted, _ parameter: PythonParameter<Argument>,
    body: @escaping (Call<Host>, Argument) throws -> Void
  ) -> NativeFunctionHandle {
    function(name, rules: rules, parameter) { (call: Call<Host>, argument: Argument) -> Value in
      try body(call, argument)
      return .none
    }
  }

  @discardableResult
  package func function<First, Second, Result: PythonResult>(
    _ name: String, rules: ArgumentRules = .counted, _ first: PythonParameter<First>,
    _ second: PythonParameter<Second>,
    body: @escaping (Call<Host>, First, Second) throws -> Result
  ) -> NativeFunctionHandle {
    let host = hostReference
    let reader = ParameterPairReader(rules, first, second)
    return add(name, reader.names) { (vm, arguments) throws(Raised) in
      let pair = try reader.read(arguments, vm)
      do { return try body(Call(vm, .unbound, host), pair.0, pair.1).value(in: vm) } catch {
        throw vm.raised(error)
      }
    }
  }

  @discardableResult
  package func function<First, Second>(
    _ name: String, rules: ArgumentRules = .counted, _ first: PythonParameter<First>,
    _ second: PythonParameter<Second>,
    body: @escaping (Call<Host>, First, Second) throws -> Void
  ) -> NativeFunctionHandle {
    function(name, rules: rules, first, second) { (call: Call<Host>, first: First, second: Second) -> Value in
      try body(call, first, second)
      return .none
    }
  }
}
