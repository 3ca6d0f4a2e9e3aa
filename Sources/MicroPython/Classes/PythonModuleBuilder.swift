import Timebase

/// Fills in a module. Bodies get the `Call`, then the arguments, typed and by name as the parameters describe them; their
/// errors are raised as by `Interpreter.raised`.
package final class PythonModuleBuilder<Host: AnyObject> {
  private let builder: ModuleBuilder
  package unowned let host: Host
  let hostReference: UncountedReference<Host>
  package var vm: Interpreter { builder.vm }
  /// False for the functions of an observer outside of the firmware, whose calls the board does not notice.
  package var takesBoardTime = true

  init(_ builder: ModuleBuilder, _ host: Host) {
    self.builder = builder
    self.host = host
    hostReference = UncountedReference(host)
  }

  // MARK: Constants and classes

  package func constant(_ name: String, _ value: some PythonResult) {
    builder.attribute(name, value.value(in: vm))
  }

  /// Integers, in order.
  package func constants(_ constants: KeyValuePairs<String, Int>) {
    for (name, value) in constants { constant(name, value) }
  }

  /// An attribute that firmware may set (py/objmodule.c, delegation of attributes).
  package func variable(_ name: String, _ value: some PythonResult) {
    builder.settableAttribute(name, value.value(in: vm))
  }

  /// A class that only this module has.
  /// - Parameter name: the module's name for it, if it is not the class's own.
  @discardableResult
  package func add<Class: PythonClass>(
    _ kind: Class.Type, as name: String? = nil
  ) -> PythonObjects<Class.Receiver> where Class.Host == Host {
    let definition = kind.make(in: vm, host: host)
    constant(name ?? kind.name, definition.type.value)
    return definition.objects
  }

  // MARK: Functions

  @discardableResult
  package func function<each Argument, Result: PythonResult>(
    _ name: String, rules: ArgumentRules = .counted, _ parameters: repeat PythonParameter<each Argument>,
    body: @escaping (Call<Host>, repeat each Argument) throws -> Result
  ) -> NativeFunctionHandle {
    let list = ParameterList(rules, repeat each parameters)
    return add(name, list.names, functionAdapter(hostReference, list, body) { $0.value(in: $1) })
  }

  @discardableResult
  package func function<each Argument>(
    _ name: String, rules: ArgumentRules = .counted, _ parameters: repeat PythonParameter<each Argument>,
    body: @escaping (Call<Host>, repeat each Argument) throws -> Void
  ) -> NativeFunctionHandle {
    let list = ParameterList(rules, repeat each parameters)
    return add(name, list.names, functionAdapter(hostReference, list, body) { _, _ in .none })
  }

  /// A function that firmware calls in its innermost loops: its arguments are counted, and the body takes them as they are.
  /// - Parameters:
  ///   - required: the names of those that must be given.
  ///   - optional: the names of those after them that may be left out.
  @discardableResult
  package func fastFunction(
    _ name: String, _ required: String..., optional: [String] = [], body: @escaping NativeBody
  ) -> NativeFunctionHandle {
    builder.function(name, required.count...(required.count + optional.count), body)
  }

  func add(
    _ name: String, _ names: ParameterNames, _ body: @escaping NativeBody
  ) -> NativeFunctionHandle {
    guard !takesBoardTime else {
      return builder.function(name, names.counts, keywords: names.takesKeywords, body)
    }
    let function = vm.uncountedFunction(name, names.counts, keywords: names.takesKeywords, body)
    builder.attribute(name, function)
    return NativeFunctionHandle(unchecked: function)
  }
}
