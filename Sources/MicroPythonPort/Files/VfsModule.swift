import MicroPython

/// `vfs`
enum VfsModule: PythonModule {
  static let name = "vfs"

  static func define(_ module: PythonModuleBuilder<PythonRuntime>) {
    guard let mounting = module.host.hardware.mounting else { return }
    module.function("mount", .rest) { call, arguments in try mounting.mount(call.vm, arguments) }
    module.function("umount", .required("mount_point", .value)) { _, what in
      try mounting.files.unmount(what)
    }
    module.constant("VfsFat", mounting.type.type.value)
    module.constant("VfsLfs2", mounting.littlefs.type.value)
  }
}

/// What `vfs.mount`, `os.mount` and `pyb.mount` do.
struct Mounting {
  let files: MountedFiles
  let type: FileSystemType
  let littlefs: LittlefsType

  private struct Request {
    var object: Value
    var path: String
    var isReadOnly: Value
    var makesFileSystem: Value
  }

  /// The first two have no names (`mp_vfs_mount` in extmod/vfs.c).
  private let request = Signature(
    Request.init, .required("", .value), .required("", .string),
    .keyword("readonly", .value, default: .false), .keyword("mkfs", .value, default: .false))

  /// `mount(object, path, *, readonly=False, mkfs=False)`; without arguments a list of what is mounted.
  func mount(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    if arguments.count == 0 {
      return vm.heap.list(
        files.table.mounts.map { vm.heap.tuple([$0.object, vm.heap.string($0.path)]) })
    }
    var request = try self.request.read(arguments, vm)
    if try vm.findAttribute(request.object, vm.heap.intern("mount")) == nil {
      // A block device: its file system is detected.
      request.object = try fileSystem(on: request.object, vm)
    }
    try files.mount(
      request.object, at: request.path, readOnly: request.isReadOnly,
      makesFileSystem: request.makesFileSystem)
    return .none
  }

  /// The file system on a block device: littlefs where there is one, otherwise FAT.
  private func fileSystem(on device: Value, _ vm: Interpreter) throws(Raised) -> Value {
    if try LittlefsType.isOn(device, vm) {
      do throws(Raised) { return try vm.call(littlefs.type.value, device) } catch {
        // One that cannot be mounted is none.
        if vm.isHalted { throw error }
      }
    }
    return try vm.call(type.type.value, device)
  }
}
