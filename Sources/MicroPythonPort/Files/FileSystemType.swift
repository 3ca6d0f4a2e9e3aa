import MicroPython

/// `vfs.VfsFat`: FAT file systems on block devices of the firmware. The board's flash is one, too, as far as firmware can see.
struct FileSystemType {
  let type: TypeHandle

  /// - Parameter known: the files that the host keeps for a device of the board's; nil for any other device.
  init(
    types: FileTypes, now: @escaping () -> [Int], _ vm: Interpreter,
    known: @escaping (Value) -> (any FileSystem)?
  ) {
    type = vm.heap.type("VfsFat")
    type.info.make = { (vm, type, args) throws(Raised) in
      try vm.require(args, 1...1)
      if let files = known(args[0]) { return vm.heap.native(type, files, boardBytes: 600) }
      return vm.heap.native(
        type, try FatFileSystem(FirmwareBlockDevice(args[0], vm), vm, types: types, now: now), boardBytes: 600
      )
    }
    vm.define(type) { builder in
      builder.staticMethod("mkfs", 1...1) { vm, args throws(Raised) in
        try FatFileSystem(FirmwareBlockDevice(args[0], vm), vm, types: types, now: now).format()
        return .none
      }
      FileSystemMethods(typeName: "VfsFat").define(builder)
    }
  }

  func make(_ files: any FileSystem, _ vm: Interpreter) -> Value {
    files is HostFolder ? vm.heap.native(type, plain: files) : vm.heap.native(type, files)
  }
}
