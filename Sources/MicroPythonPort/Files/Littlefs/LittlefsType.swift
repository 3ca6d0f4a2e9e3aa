import Machine
import MicroPython

/// `vfs.VfsLfs2`: littlefs 2 on block devices of the firmware.
struct LittlefsType {
  let type: TypeHandle

  /// - Parameter now: nanoseconds since 1970.
  init(now: @escaping () -> Int, _ vm: Interpreter) {
    type = vm.heap.type("VfsLfs2")
    let types = FileTypes(vm, showsAddress: false)
    type.info.make = { (vm, type, args) throws(Raised) in
      let volume = try Self.volume(vm, args, now: now)
      return vm.heap.native(type, try LittlefsFileSystem(volume, types: types), boardBytes: 700)
    }
    vm.define(type) { builder in
      builder.staticMethod("mkfs", 0...1, keywords: true) { vm, args throws(Raised) in
        try Self.volume(vm, args, now: now).format()
        return .none
      }
      FileSystemMethods(typeName: "VfsLfs2").define(builder)
    }
    mountFlash = { [unowned vm] image, blockCount throws(Raised) in
      let device = FlashLittlefsDevice(image, blockCount: blockCount, vm)
      return try LittlefsFileSystem(
        LittlefsVolume(device, LittlefsVolume.Options(), vm, now: now), types: types)
    }
  }

  /// The littlefs on the board's flash, which has so many blocks.
  let mountFlash: (FlashImage, Int) throws(Raised) -> LittlefsFileSystem

  /// `VfsLfs2(device, *, readsize=32, progsize=32, lookahead=32, mtime=True)`
  private static func volume(
    _ vm: Interpreter, _ args: Arguments, now: @escaping () -> Int
  ) throws(Raised) -> LittlefsVolume {
    let values = try vm.parse(
      args, positional: [""], required: 1, keywordOnly: ["readsize", "progsize", "lookahead", "mtime"])
    var options = LittlefsVolume.Options()
    if !values[1].isUnbound { options.readSize = try vm.int(values[1]) }
    if !values[2].isUnbound { options.programSize = try vm.int(values[2]) }
    if !values[3].isUnbound { options.lookahead = try vm.int(values[3]) }
    if !values[4].isUnbound { options.keepsTimes = try vm.isTrue(values[4]) }
    return try LittlefsVolume(FirmwareLittlefsDevice(values[0], vm), options, vm, now: now)
  }

  /// Whether a device has the name of littlefs in one of its first two blocks, as `vfs.mount` looks for it.
  /// - Throws: exceptions that end the run; others of the device mean that it has none.
  static func isOn(_ device: Value, _ vm: Interpreter) throws(Raised) -> Bool {
    do throws(Raised) {
      let reading = try vm.getAttribute(device, vm.heap.intern("readblocks"))
      for block in 0...1 {
        let bytes = vm.heap.bytearray([UInt8](repeating: 0, count: 44))
        let answer = try vm.call(
          reading, arguments: [Value(smallInt: block), bytes, Value(smallInt: 8)])
        if !answer.isNone, try vm.int(answer) != 0 { continue }
        if try vm.bytes(bytes).starts(with: "littlefs".utf8) { return true }
      }
    } catch { if vm.isHalted { throw error } }
    return false
  }
}

extension FlashImage {
  /// Blocks of the littlefs that the first or second block describes; nil when there is none.
  var littlefsBlockCount: Int? {
    for block in 0...1 {
      guard let bytes = read(sector: block), bytes[8..<16].elementsEqual("littlefs".utf8) else { continue }
      // Behind the name and a tag: version, size and number of blocks.
      let isOurs = LittlefsNumber.read(bytes[24..<28]) == Self.sectorSize
      let blockCount = LittlefsNumber.read(bytes[28..<32])
      return isOurs && (1...count).contains(blockCount) ? blockCount : count
    }
    return nil
  }
}
