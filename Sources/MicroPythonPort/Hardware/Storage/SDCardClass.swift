import Machine
import MicroPython

/// `pyb.SDCard` and `machine.SDCard` (ports/stm32/sdcard.c).
enum SDCardClass: HardwareClass {
  static let name = "SDCard"
  static let modules = [HardwareModule.machine, .pyb]
  static let boardBytes = 0

  static func exists(on hardware: Hardware) -> Bool { hardware.board.sdCardSlot != nil }

  static func define(_ type: PythonClassBuilder<Hardware, SDCardSlot>) {
    type.make(shared: true) { call in
      guard let slot = call.host.board.sdCardSlot else { throw OSErrorNumber.noDevice }
      return slot
    }
    type.method("present") { $0.isPresent }
    type.method("power", .required("state", .bool)) { slot, state -> Bool in
      if state { return slot.turnOn() }
      slot.turnOff()
      return true
    }
    type.method("info") { slot -> PythonTuple? in
      guard slot.isOn, let card = slot.card else { return nil }
      // 1: high capacity.
      return PythonTuple(card.blockCount * 512, 512, 1)
    }
    type.method("read", .required("block", .int)) { slot, call, block -> Value in
      guard let bytes = slot.read(block) else { throw failure("read") }
      return call.vm.heap.bytearray(bytes)
    }
    type.method("write", .required("block", .int), .required("data", .buffer)) { slot, block, data in
      let bytes = Array(data.bytes)
      guard bytes.count % 512 == 0 else { throw PythonError.value("writes must be a multiple of 512 bytes") }
      guard BlockTransfer.write(bytes, block, slot.write) else { throw failure("write") }
    }
    type.method("readblocks", .required("block", .int), .required("buffer", .writableBuffer)) {
      slot, block, buffer in
      BlockTransfer.read(into: buffer, block, slot.read) ? 0 : -OSErrorNumber.ioError.number
    }
    type.method("writeblocks", .required("block", .int), .required("buffer", .buffer)) {
      slot, block, buffer in
      BlockTransfer.write(Array(buffer.bytes), block, slot.write) ? 0 : -OSErrorNumber.ioError.number
    }
    type.method("ioctl", .required("request", .int), .required("argument", .int)) { slot, request, _ -> Int in
      switch BlockRequest(rawValue: request) {
      case .initialize: return slot.turnOn() ? 0 : -1
      case .shutDown:
        slot.turnOff()
        return 0
      case .sync: return 0
      case .blockCount: return slot.isOn ? slot.card?.blockCount ?? 0 : 0
      case .blockSize: return 512
      case .erase, nil: return -1
      }
    }
  }

  private static func failure(_ what: String) -> PythonError {
    PythonError(.exception, "sdcard_\(what)_blocks failed [-5]")
  }
}

/// Several blocks of 512 bytes, as `readblocks` and `writeblocks` take them.
enum BlockTransfer {
  // A sum beyond all integers is no block either, and is refused like other blocks that do not exist.
  /// - Returns: whether all could be read.
  static func read(into buffer: BufferView, _ first: Int, _ read: (Int) -> [UInt8]?) -> Bool {
    for index in 0..<buffer.byteCount / 512 {
      guard let bytes = read(first &+ index) else { return false }
      UnsafeMutableRawBufferPointer(rebasing: buffer.mutableBytes[(index * 512)..<(index * 512 + 512)])
        .copyBytes(from: bytes)
    }
    return true
  }

  static func write(_ bytes: [UInt8], _ first: Int, _ write: (Int, [UInt8]) -> Bool) -> Bool {
    for index in 0..<bytes.count / 512
    where !write(first &+ index, Array(bytes[(index * 512)..<(index * 512 + 512)])) {
      return false
    }
    return true
  }
}
