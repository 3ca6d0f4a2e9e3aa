import Machine
import MicroPython

/// `os`
struct OsModule {
  let board: Board
  let files: MountedFiles
  let mounting: VfsModule
  let terminal: TerminalCopies

  func add(to vm: Interpreter) {
    vm.addModule("os") { module in
      addIdentity(to: module)
      module.attribute("sep", vm.heap.intern("/"))
      addFolders(to: module)
      addFiles(to: module)
    }
    vm.addModuleAlias("uos", for: "os")
  }

  private func addIdentity(to module: ModuleBuilder) {
    let identity = board.description.identity
    let version = SysModule.versionText
    module.function("uname", 0...0) { vm, _ in
      let fields = [
        ("sysname", identity.platform), ("nodename", identity.node), ("release", version),
        ("version", "v\(version) on VirtualPyboard"), ("machine", identity.machine),
      ]
      return vm.namedTuple("uname", fields.map { ($0.0, vm.heap.string($0.1)) })
    }
    module.function("urandom", 1...1) { (vm, args) throws(Raised) in
      let count = try vm.int(args[0])
      guard count >= 0 else { throw vm.error(.valueError, arguments: []) }
      guard count <= 1 << 20 else { throw vm.error(.memoryError, "memory allocation failed") }
      return vm.heap.bytes(
        (0..<count).map { _ in UInt8(truncatingIfNeeded: board.random.next() >> 24) })
    }
  }

  private func addFolders(to module: ModuleBuilder) {
    module.function("getcwd", 0...0) { _, _ throws(Raised) in try files.currentDirectory() }
    module.function("listdir", 0...1) { (vm, args) throws(Raised) in
      try files.listDirectory(args.count > 0 ? args[0] : vm.heap.string(""))
    }
    module.function("ilistdir", 0...1) { (vm, args) throws(Raised) in
      try files.iterateDirectory(args.count > 0 ? args[0] : vm.heap.string(""))
    }
    module.function("chdir", 1...1) { (_, args) throws(Raised) in
      try files.changeDirectory(args[0])
      return .none
    }
    module.function("mkdir", 1...1) { (_, args) throws(Raised) in
      try files.makeDirectory(args[0])
      return .none
    }
    module.function("rmdir", 1...1) { (_, args) throws(Raised) in try files.ask("rmdir", args[0]) }
  }

  private func addFiles(to module: ModuleBuilder) {
    for name in ["remove", "unlink"] {
      module.function(name, 1...1) { (_, args) throws(Raised) in try files.ask("remove", args[0]) }
    }
    module.function("rename", 2...2) { (_, args) throws(Raised) in
      try files.rename(args[0], to: args[1])
      return .none
    }
    module.function("stat", 1...1) { (_, args) throws(Raised) in try files.status(args[0]) }
    module.function("statvfs", 1...1) { (_, args) throws(Raised) in try files.capacity(args[0]) }
    module.function("sync", 0...0) { _, _ in .none }
    module.function("dupterm", 1...2) { (vm, args) throws(Raised) in
      try terminal.set(args[0], at: args.count > 1 ? try vm.int(args[1]) : 0)
    }
    // As `vfs` has them.
    module.function("mount", 0...Int.max, keywords: true) { (vm, args) throws(Raised) in
      try mounting.mount(vm, args)
    }
    module.function("umount", 1...1) { (_, args) throws(Raised) in
      try files.unmount(args[0])
      return .none
    }
    mounting.addTypes(to: module)
  }
}
