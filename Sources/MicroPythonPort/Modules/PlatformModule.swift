import MicroPython

/// `platform`: the compiler and library of a Pyboard's firmware, as its release reports them.
struct PlatformModule {
  private static let compiler = "GCC 14.2.0"
  private static let library = (name: "newlib", version: "4.4.0")

  func add(to vm: Interpreter) {
    vm.addModule("platform") { module in
      let library = Self.library
      module.function("platform", 0...0) { vm, _ in
        vm.heap.string("MicroPython-\(SysModule.versionText)-arm--with-\(library.name)\(library.version)")
      }
      module.function("python_compiler", 0...0) { vm, _ in vm.heap.string(Self.compiler) }
      module.function("libc_ver", 0...0) { vm, _ in
        vm.heap.tuple([vm.heap.string(library.name), vm.heap.string(library.version)])
      }
    }
  }
}
