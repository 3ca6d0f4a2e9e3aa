import Timebase

/// Fills in a module.
package final class PythonModuleBuilder<Host: AnyObject> {
  private let builder: ModuleBuilder
  package unowned let host: Host
  private let hostReference: UncountedReference<Host>
  package var vm: Interpreter { builder.vm }

  package init(_ builder: ModuleBuilder, _ host: Host) {
    self.builder = builder
    self.host = host
    hostReference = UncountedReference(host)
  }

  package func constant(_ name: String, _ value: some PythonResult) {
    builder.attribute(name, value.value(in: vm))
  }

  package func constants(_ constants: KeyValuePairs<String, Int>) {
    for (name, value) in constants { constant(name, value) }
  }

  package func function<each Argument, Result: PythonResult>(
    _ name: String, named: Bool = false, _ parameters: repeat PythonParameter<each Argument>,
    body: @escaping (Call<Host>, repeat each Argument) throws -> Result
  ) {
    let list = ParameterList(named: named, repeat each parameters)
    builder.function(
      name, list.counts, keywords: list.takesKeywords,
      functionAdapter(hostReference, list, body) { $0.value(in: $1) })
  }

  package func function<each Argument>(
    _ name: String, named: Bool = false, _ parameters: repeat PythonParameter<each Argument>,
    body: @escaping (Call<Host>, repeat each Argument) throws -> Void
  ) {
    let list = ParameterList(named: named, repeat each parameters)
    builder.function(
      name, list.counts, keywords: list.takesKeywords,
      functionAdapter(hostReference, list, body) { _, _ in .none })
  }
}
