import MicroPython

/// The methods that all types of file systems have.
struct FileSystemMethods {
  /// As errors name it.
  let typeName: String

  func define(_ builder: TypeBuilder) {
    defineMounting(builder)
    defineFiles(builder)
    defineDirectories(builder)
  }

  private func files(_ vm: Interpreter, _ value: Value) throws(Raised) -> any FileSystem {
    guard let files = NativeHandle(vm.native(of: value))?.payload as? any FileSystem else {
      throw vm.error(.typeError, "\(typeName) expected")
    }
    return files
  }

  /// A path, `str` or `bytes`.
  private static func path(_ vm: Interpreter, _ value: Value) throws(Raised) -> String {
    if value.isKind(.bytes) { return HostName.text(try vm.bytes(value)) }
    return try vm.string(value)
  }

  private func defineMounting(_ builder: TypeBuilder) {
    builder.method("mount", 2...2) { vm, args throws(Raised) in
      let (isReadOnly, makes) = (try vm.isTrue(args[1]), try vm.isTrue(args[2]))
      try files(vm, args[0]).mount(isReadOnly: isReadOnly, makesFileSystem: makes)
      return .none
    }
    builder.method("umount", 0...0) { _, _ in .none }
    builder.method("statvfs", 1...1) { vm, args throws(Raised) in
      let capacity = try files(vm, args[0]).capacity()
      let size = capacity.blockSize
      let numbers = [size, size, capacity.blocks, capacity.free, capacity.free, 0, 0, 0, 0, 255]
      return vm.heap.tuple(numbers.map { Value(smallInt: $0) })
    }
  }

  private func defineFiles(_ builder: TypeBuilder) {
    builder.method("open", 2...2) { vm, args throws(Raised) in
      let mode = FileMode(try vm.string(args[2]))
      return try files(vm, args[0]).open(try Self.path(vm, args[1]), mode)
    }
    builder.method("remove", 1...1) { vm, args throws(Raised) in
      try files(vm, args[0]).remove(try Self.path(vm, args[1]), isDirectory: false)
      return .none
    }
    builder.method("rename", 2...2) { vm, args throws(Raised) in
      try files(vm, args[0]).rename(try Self.path(vm, args[1]), to: try Self.path(vm, args[2]))
      return .none
    }
    builder.method("stat", 1...1) { vm, args throws(Raised) in
      let status = try files(vm, args[0]).status(try Self.path(vm, args[1]))
      let numbers = [status.mode, 0, 0, 0, 0, 0, status.size] + Array(repeating: status.modified, count: 3)
      return vm.heap.tuple(numbers.map { vm.heap.int($0) })
    }
  }

  private func defineDirectories(_ builder: TypeBuilder) {
    builder.method("ilistdir", 0...1) { vm, args throws(Raised) in
      let isBytes = args.count > 1 && args[1].isKind(.bytes)
      let path = args.count > 1 ? try Self.path(vm, args[1]) : ""
      let entries = try files(vm, args[0]).entries(path).map { entry in
        vm.heap.tuple([
          // A name that is no text is given as bytes.
          isBytes || HostName.isBytes(entry.name)
            ? vm.heap.bytes(HostName.bytes(entry.name)) : vm.heap.string(entry.name),
          Value(smallInt: entry.isDirectory ? FileStatus.directoryMode : FileStatus.fileMode),
          Value(smallInt: 0), vm.heap.int(entry.size),
        ])
      }
      return try vm.iterate(vm.heap.list(entries))
    }
    builder.method("mkdir", 1...1) { vm, args throws(Raised) in
      try files(vm, args[0]).makeDirectory(try Self.path(vm, args[1]))
      return .none
    }
    builder.method("rmdir", 1...1) { vm, args throws(Raised) in
      try files(vm, args[0]).remove(try Self.path(vm, args[1]), isDirectory: true)
      return .none
    }
    builder.method("chdir", 1...1) { vm, args throws(Raised) in
      try files(vm, args[0]).changeDirectory(try Self.path(vm, args[1]))
      return .none
    }
    builder.method("getcwd", 0...0) { vm, args throws(Raised) in
      vm.heap.string(try files(vm, args[0]).currentDirectory())
    }
  }
}
