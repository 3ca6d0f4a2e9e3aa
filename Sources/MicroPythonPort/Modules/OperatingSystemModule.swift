import Glibc
import Machine
import MicroPython

/// `os`
struct OperatingSystemModule {
  let board: Board
  let files: BoardFileSystem

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
    let version = SystemModule.versionText
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
    module.function("getcwd", 0...0) { vm, _ in
      vm.heap.string("/" + files.currentDirectory.joined(separator: "/"))
    }
    module.function("chdir", 1...1) { (vm, args) throws(Raised) in
      guard files.changeDirectory(try vm.string(args[0])) else { throw vm.osError(Int(ENOENT)) }
      return .none
    }
    module.function("listdir", 0...1) { (vm, args) throws(Raised) in
      let entries = try entries(args.count > 0 ? try vm.string(args[0]) : ".", vm)
      return vm.heap.list(entries.map { vm.heap.string($0.name) })
    }
    module.function("ilistdir", 0...1) { (vm, args) throws(Raised) in
      let items = try entries(args.count > 0 ? try vm.string(args[0]) : ".", vm).map { entry in
        vm.heap.tuple([
          vm.heap.string(entry.name), Value(smallInt: Int(entry.status.st_mode & S_IFMT)), Value(smallInt: 0),
          vm.heap.int(Int(entry.status.st_size)),
        ])
      }
      return try vm.iterate(vm.heap.list(items))
    }
    addPathFunction("mkdir", to: module) { mkdir($0, 0o777) }
    addPathFunction("rmdir", to: module) { rmdir($0) }
  }

  private func addFiles(to module: ModuleBuilder) {
    addPathFunction("remove", to: module) { unlink($0) }
    addPathFunction("unlink", to: module) { unlink($0) }
    module.function("rename", 2...2) { (vm, args) throws(Raised) in
      let (from, to) = (files.hostPath(try vm.string(args[0])), files.hostPath(try vm.string(args[1])))
      guard rename(from, to) == 0 else { throw vm.osError(Int(errno)) }
      return .none
    }
    module.function("stat", 1...1) { (vm, args) throws(Raised) in
      guard let status = status(ofHostPath: files.hostPath(try vm.string(args[0]))) else {
        throw vm.osError(Int(errno))
      }
      let times = [status.st_atim.tv_sec, status.st_mtim.tv_sec, status.st_ctim.tv_sec]
      let mode = Value(smallInt: Int(status.st_mode & S_IFMT))
      let size = status.st_mode & S_IFMT == S_IFDIR ? 0 : Int(status.st_size)
      return vm.heap.tuple(
        [mode] + Array(repeating: Value(smallInt: 0), count: 5) + [vm.heap.int(size)]
          + times.map { vm.heap.int($0 - Self.secondsTo2000) })
    }
    module.function("statvfs", 1...1) { vm, _ in
      // What a Pyboard's 112 KiB of flash for files reports.
      vm.heap.tuple([512, 512, 223, 223, 223, 0, 0, 0, 0, 255].map { Value(smallInt: $0) })
    }
    module.function("sync", 0...0) { _, _ in .none }
  }

  /// From the host's epoch to the board's.
  private static let secondsTo2000 = 946_684_800

  private func addPathFunction(_ name: String, to module: ModuleBuilder, _ body: @escaping (String) -> Int32)
  {
    module.function(name, 1...1) { (vm, args) throws(Raised) in
      guard body(files.hostPath(try vm.string(args[0]))) == 0 else { throw vm.osError(Int(errno)) }
      return .none
    }
  }

  /// Sorted by name, so that two runs list the same order.
  private func entries(_ path: String, _ vm: Interpreter) throws(Raised) -> [(name: String, status: stat)] {
    let folder = files.hostPath(path)
    guard let stream = opendir(folder) else { throw vm.osError(Int(errno)) }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted().compactMap { name in
      status(ofHostPath: folder + "/" + name).map { (name, $0) }
    }
  }
}
