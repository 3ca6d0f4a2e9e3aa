import MicroPython

/// The registry of the port's modules: one line each (docs/contributing.md).
enum PortModules {
  /// Those that bind firmware to the board.
  static let ofBoard: [any PythonModule<Hardware>.Type] = [
    MachineModule.self,
    PybModule.self,
    StmModule.self,
    OneWireModule.self,
    NetworkModule.self,
  ]

  /// Those of a program, its files and its console.
  static let ofProgram: [any PythonModule<PythonRuntime>.Type] = [
    SysModule.self,
    OsModule.self,
    VfsModule.self,
    TimeModule.self,
    MicroPythonModule.self,
    GcModule.self,
    ThreadModule.self,
    SocketModule.self,
    PlatformModule.self,
    SelectModule.self,
  ]

  static let ofScheduler: [any PythonModule<AsyncioRuntime>.Type] = [AsyncioCoreModule.self]
}
