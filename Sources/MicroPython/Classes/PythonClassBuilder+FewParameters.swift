import Timebase

/// Methods of few parameters: the same, and faster, because the compiler makes code for the very types, which it does not of
/// parameter packs.
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
    let objects = objects
    let names = ParameterNames(rules, receivers: 1)
    add(name, names) { (vm, arguments) throws(Raised) in
      let receiver = try objects.receiver(of: arguments[0])
      let others = arguments.dropFirst()
      if !names.areInOrder(others) { _ = try names.sorted(others, vm) }
      do { try body(receiver) } catch { throw vm.raised(error) }
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
    let objects = objects
    let host = hostReference
    let names = ParameterNames(rules, receivers: 1)
    add(name, names) { (vm, arguments) throws(Raised) in
      let receiver = try objects.receiver(of: arguments[0])
      let others = arguments.dropFirst()
      if !names.areInOrder(others) { _ = try names.sorted(others, vm) }
      do { try body(receiver, Call(vm, arguments[0], host)) } catch { throw vm.raised(error) }
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
    let objects = objects
    let reader = ParameterReader(rules, receivers: 1, parameter)
    add(name, reader.names) { (vm, arguments) throws(Raised) in
      let receiver = try objects.receiver(of: arguments[0])
      let argument = try reader.read(arguments.dropFirst(), vm)
      do { try body(receiver, argument) } catch { throw vm.raised(error) }
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
    let objects = objects
    let host = hostReference
    let reader = ParameterReader(rules, receivers: 1, parameter)
    add(name, reader.names) { (vm, arguments) throws(Raised) in
      let receiver = try objects.receiver(of: arguments[0])
      let argument = try reader.read(arguments.dropFirst(), vm)
      do { try body(receiver, Call(vm, arguments[0], host), argument) } catch { throw vm.raised(error) }
      return .none
    }
  }
}
