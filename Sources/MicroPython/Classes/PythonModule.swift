/// A module that firmware can import, described in Swift: its name and what it has.
///
///     /// `gc`
///     enum GcModule: PythonModule {
///       static let name = "gc"
///       static let aliases = ["ugc"]
///       static func define(_ module: PythonModuleBuilder<PythonRuntime>) {
///         module.function("mem_free") { $0.vm.heap.free }
///         module.function("threshold", .optional("amount", .int)) { call, amount -> Int? in … }
///       }
///     }
package protocol PythonModule<Host>: SendableMetatype {
  /// The object that the module is bound to: the board's `Hardware`, a program's runtime, the interpreter itself.
  associatedtype Host: AnyObject
  static var name: String { get }
  /// Other names under which firmware can import it.
  static var aliases: [String] { get }
  /// Whether the board has it.
  static func exists(on host: Host) -> Bool
  static func define(_ module: PythonModuleBuilder<Host>)
}

extension PythonModule {
  package static var aliases: [String] { [] }
  package static func exists(on host: Host) -> Bool { true }

  fileprivate static func register(in vm: Interpreter, _ host: Host) {
    guard exists(on: host) else { return }
    vm.addModule(name) { [unowned host] builder in define(PythonModuleBuilder(builder, host)) }
    for alias in aliases { vm.addModuleAlias(alias, for: name) }
  }
}

extension Interpreter {
  /// Makes modules importable; each is built when it is first imported. One replaces another of its name.
  /// - Parameter host: outlives the interpreter's firmware.
  package func addModules<Host: AnyObject>(_ modules: [any PythonModule<Host>.Type], host: Host) {
    for module in modules { register(module, host) }
  }

  private func register<Module: PythonModule>(_ module: Module.Type, _ host: Module.Host) {
    module.register(in: self, host)
  }
}
