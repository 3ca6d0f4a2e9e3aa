import MicroPython

/// `vfs`
struct VfsModule {
  let files: MountedFiles
  let type: FileSystemType
  let littlefs: LittlefsType

  func add(to vm: Interpreter) {
    vm.addModule("vfs") { module in
      module.function("mount", 0...Int.max, keywords: true) { (vm, args) throws(Raised) in try mount(vm, args)
      }
      module.function("umount", 1...1) { (_, args) throws(Raised) in
        try files.unmount(args[0])
        return .none
      }
      addTypes(to: module)
    }
  }

  func addTypes(to module: ModuleBuilder) {
    module.attribute("VfsFat", type.type.value)
    module.attribute("VfsLfs2", littlefs.type.value)
  }

  /// `mount(object, path, *, readonly=False, mkfs=False)`; without arguments a list of what is mounted.
  func mount(_ vm: Interpreter, _ args: Arguments) throws(Raised) -> Value {
    if args.count == 0 {
      return vm.heap.list(
        files.table.mounts.map { vm.heap.tuple([$0.object, vm.heap.string($0.path)]) })
    }
    // The first two have no names (`mp_vfs_mount` in extmod/vfs.c).
    let values = try vm.parse(args, positional: ["", ""], required: 2, keywordOnly: ["readonly", "mkfs"])
    let options = values.dropFirst(2).map { $0.isUnbound ? Value.false : $0 }
    let path = try vm.string(values[1])
    var object = values[0]
    if try vm.findAttribute(object, vm.heap.intern("mount")) == nil {
      // A block device: its file system is detected.
      object = try fileSystem(on: object, vm)
    }
    try files.mount(object, at: path, readOnly: options[0], makesFileSystem: options[1])
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
