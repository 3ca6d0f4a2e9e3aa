import Timebase

/// Functions of few parameters: the same, and faster, because the compiler makes code for the very types, which it does not of
/// parameter packs.
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
    let host = hostReference
    let names = ParameterNames(rules)
    return add(name, names) { (vm, arguments) throws(Raised) in
      if !names.areInOrder(arguments) { _ = try names.sorted(arguments, vm) }
      do { try body(Call(vm, .unbound, host)) } catch { throw vm.raised(error) }
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
    let host = hostReference
    let reader = ParameterReader(rules, parameter)
    return add(name, reader.names) { (vm, arguments) throws(Raised) in
      let argument = try reader.read(arguments, vm)
      do { try body(Call(vm, .unbound, host), argument) } catch { throw vm.raised(error) }
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
    let host = hostReference
    let reader = ParameterPairReader(rules, first, second)
    return add(name, reader.names) { (vm, arguments) throws(Raised) in
      let pair = try reader.read(arguments, vm)
      do { try body(Call(vm, .unbound, host), pair.0, pair.1) } catch { throw vm.raised(error) }
      return .none
    }
  }
}
