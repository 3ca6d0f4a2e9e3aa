import MicroPython

/// The board's files as `os`, `open` and `vfs` show them: whatever is mounted, by absolute paths and a current directory.
struct MountedFiles {
  let table: MountTable
  unowned let vm: Interpreter

  /// A path from an argument, `str` or `bytes`.
  func path(_ value: Value) throws(Raised) -> String {
    if value.isKind(.bytes) { return HostName.text(try vm.bytes(value)) }
    return try vm.string(value)
  }

  /// Calls a method of the file system that a path leads into, with the path there and the method's further
  /// arguments.
  func ask(_ method: String, _ path: Value, _ more: Value...) throws(Raised) -> Value {
    let (mount, inner) = try inside(path)
    return try call(mount, method, [inner] + more)
  }

  private func inside(_ path: Value) throws(Raised) -> (MountTable.Mount, Value) {
    switch table.place(of: try self.path(path)) {
    // `EPERM` and `ENODEV`.
    case .root: throw vm.osError(1)
    case .nowhere: throw vm.osError(19)
    case .inside(let mount, let inner): return (mount, text(inner, like: path))
    }
  }

  private func text(_ text: String, like path: Value) -> Value {
    path.isKind(.bytes) ? vm.heap.bytes(HostName.bytes(text)) : vm.heap.string(text)
  }

  private func call(_ mount: MountTable.Mount, _ method: String, _ arguments: [Value]) throws(Raised) -> Value
  {
    try vm.call(try vm.getAttribute(mount.object, method), arguments: arguments)
  }

  // MARK: Mounting

  /// - Parameter mode: whether it is to be read only, and whether a file system is to be made.
  func mount(_ object: Value, at path: String, readOnly: Value, makesFileSystem: Value) throws(Raised) {
    let mount = MountTable.Mount(path: path, object: object, in: vm.heap)
    _ = try call(mount, "mount", [readOnly, makesFileSystem])
    guard table.isFree(path) else { throw vm.osError(1) }
    table.add(mount)
  }

  func unmount(_ what: Value) throws(Raised) {
    guard let mount = table.remove(path: StringHandle(what)?.text, object: what) else {
      throw vm.osError(FatError.invalid)
    }
    _ = try call(mount, "umount", [])
  }

  // MARK: Directories

  func changeDirectory(_ path: Value) throws(Raised) {
    switch table.place(of: try self.path(path)) {
    case .root:
      if let root = table.atRoot { _ = try call(root, "chdir", [vm.heap.string("/")]) }
      table.makeCurrent(nil)
    case .nowhere: throw vm.osError(FatError.noFileSystem)
    case .inside(let mount, let inner):
      _ = try call(mount, "chdir", [text(inner, like: path)])
      table.makeCurrent(mount)
    }
  }

  func currentDirectory() throws(Raised) -> Value {
    guard let mount = table.current else { return vm.heap.string("/") }
    let inner = try call(mount, "getcwd", [])
    if mount.isRoot { return inner }
    let path = try self.path(inner)
    return vm.heap.string(mount.path + (path == "/" ? "" : path))
  }

  /// An iterator over a directory's entries: tuples that begin with name and mode.
  func iterateDirectory(_ path: Value) throws(Raised) -> Value {
    guard case .root = table.place(of: try self.path(path)) else { return try ask("ilistdir", path) }
    // First, because garbage may be collected meanwhile.
    let rootEntries = try table.atRoot.map { root throws(Raised) in
      try vm.collect(try call(root, "ilistdir", [vm.heap.string("/")]))
    }
    var entries: [Value] = []
    for mount in table.mounts where !mount.isRoot {
      entries.append(
        vm.heap.tuple([
          text(String(mount.path.dropFirst()), like: path), Value(smallInt: FileStatus.directoryMode),
          Value(smallInt: 0),
        ]))
    }
    return try vm.iterate(vm.heap.list(entries + (rootEntries ?? [])))
  }

  func listDirectory(_ path: Value) throws(Raised) -> Value {
    var names: [Value] = []
    for entry in try vm.collect(try iterateDirectory(path)) {
      names.append(try vm.getItem(entry, Value(smallInt: 0)))
    }
    return vm.heap.list(names)
  }

  func makeDirectory(_ path: Value) throws(Raised) {
    switch table.place(of: try self.path(path)) {
    case .root, .inside(_, "/"): throw vm.osError(FatError.exists)
    default: _ = try ask("mkdir", path)
    }
  }

  func rename(_ old: Value, to new: Value) throws(Raised) {
    guard case .inside(let mount, let from) = table.place(of: try path(old)),
      case .inside(let other, let to) = table.place(of: try path(new)), mount === other
    else {
      // From one file system to another, `EPERM`.
      throw vm.osError(1)
    }
    _ = try call(mount, "rename", [text(from, like: old), text(to, like: new)])
  }

  // MARK: Facts

  func status(_ path: Value) throws(Raised) -> Value {
    guard case .root = table.place(of: try self.path(path)) else { return try ask("stat", path) }
    return numbers([FileStatus.directoryMode] + Array(repeating: 0, count: 9))
  }

  func capacity(_ path: Value) throws(Raised) -> Value {
    guard case .root = table.place(of: try self.path(path)) else { return try ask("statvfs", path) }
    guard let root = table.atRoot else { return numbers(Array(repeating: 0, count: 9) + [128]) }
    return try call(root, "statvfs", [vm.heap.string("/")])
  }

  private func numbers(_ numbers: [Int]) -> Value { vm.heap.tuple(numbers.map { Value(smallInt: $0) }) }
}

extension MountedFiles {
  /// Adds the built-in function `open`.
  func addOpen() {
    vm.addBuiltinFunction("open", 0...4, keywords: true) { (vm, args) throws(Raised) in
      let values = try vm.parse(args, positional: ["file", "mode", "buffering", "encoding"], required: 1)
      return try ask("open", values[0], values[1].isUnbound ? vm.heap.string("r") : values[1])
    }
  }
}
