import Machine
import MicroPython

/// `os`
enum OsModule: PythonModule {
  static let name = "os"
  static let aliases = ["uos"]

  static func define(_ module: PythonModuleBuilder<PythonRuntime>) {
    let board = module.host.board
    let identity = board.description.identity
    module.function("uname") { call in
      let version = SysModule.versionText
      let fields = [
        ("sysname", identity.platform), ("nodename", identity.node), ("release", version),
        ("version", "v\(version) on VirtualPyboard"), ("machine", identity.machine),
      ]
      return call.vm.namedTuple("uname", fields.map { ($0.0, call.vm.heap.string($0.1)) })
    }
    module.function("urandom", .required("n", .int)) { call, count -> [UInt8] in
      guard count >= 0 else { throw call.vm.error(.valueError, arguments: []) }
      guard count <= 1 << 20 else { throw PythonError(.memoryError, "memory allocation failed") }
      return (0..<count).map { _ in UInt8(truncatingIfNeeded: board.random.next() >> 24) }
    }
    module.constant("sep", module.vm.heap.intern("/"))
    if let files = module.host.files {
      defineFolders(of: module, files)
      defineFiles(of: module, files)
    }
    let terminal = module.host.hardware.terminalCopies
    module.function("dupterm", .required("stream", .value), .optional("index", .int, default: 0)) {
      _, stream, index in try terminal.set(stream, at: index)
    }
    // As `vfs` has them.
    VfsModule.define(module)
  }

  private static func defineFolders(of module: PythonModuleBuilder<PythonRuntime>, _ files: MountedFiles) {
    module.function("getcwd") { _ in try files.currentDirectory() }
    module.function("listdir", .optional("dir", .value)) { call, folder in
      try files.listDirectory(folder ?? call.vm.heap.string(""))
    }
    module.function("ilistdir", .optional("dir", .value)) { call, folder in
      try files.iterateDirectory(folder ?? call.vm.heap.string(""))
    }
    module.function("chdir", .required("path", .value)) { _, path in try files.changeDirectory(path) }
    module.function("mkdir", .required("path", .value)) { _, path in try files.makeDirectory(path) }
    module.function("rmdir", .required("path", .value)) { _, path in try files.ask("rmdir", path) }
  }

  private static func defineFiles(of module: PythonModuleBuilder<PythonRuntime>, _ files: MountedFiles) {
    for name in ["remove", "unlink"] {
      module.function(name, .required("path", .value)) { _, path in try files.ask("remove", path) }
    }
    module.function("rename", .required("old_path", .value), .required("new_path", .value)) { _, old, new in
      try files.rename(old, to: new)
    }
    module.function("stat", .required("path", .value)) { _, path in try files.status(path) }
    module.function("statvfs", .required("path", .value)) { _, path in try files.capacity(path) }
    module.function("sync") { _ in }
  }
}
