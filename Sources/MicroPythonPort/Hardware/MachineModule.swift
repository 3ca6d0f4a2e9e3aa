import MicroPython

/// `machine`: the classes and functions of the registries that it has.
enum MachineModule: PythonModule {
  static let name = "machine"
  static let aliases = ["umachine"]

  static func define(_ module: PythonModuleBuilder<Hardware>) {
    module.host.addClasses(of: .machine, to: module)
    module.host.addFunctions(of: .machine, to: module)
  }
}

/// `pyb`, which only the Pyboard's port has.
enum PybModule: PythonModule {
  static let name = "pyb"

  static func define(_ module: PythonModuleBuilder<Hardware>) {
    module.host.addClasses(of: .pyb, to: module)
    module.host.addFunctions(of: .pyb, to: module)
    if let slot = module.host.board.sdCardSlot {
      module.constant("SD", module.host.objects(of: SDCardClass.self).shared(for: slot))
    }
  }
}
