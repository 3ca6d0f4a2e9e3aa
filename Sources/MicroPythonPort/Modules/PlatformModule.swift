import MicroPython

/// `platform`: the compiler and library of a Pyboard's firmware, as its release reports them.
enum PlatformModule: PythonModule {
  static let name = "platform"

  private static let compiler = "GCC 14.2.0"
  private static let library = (name: "newlib", version: "4.4.0")

  static func define(_ module: PythonModuleBuilder<PythonRuntime>) {
    module.function("platform") { _ in
      "MicroPython-\(SysModule.versionText)-arm--with-\(library.name)\(library.version)"
    }
    module.function("python_compiler") { _ in compiler }
    module.function("libc_ver") { _ in PythonTuple(library.name, library.version) }
  }
}
