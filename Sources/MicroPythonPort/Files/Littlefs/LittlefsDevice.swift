import MicroPython

/// The device of a littlefs: numbered blocks that are erased as a whole and written in parts.
protocol LittlefsDevice: ValueHolding {
  /// Bytes.
  var blockSize: Int { get }
  var blockCount: Int { get }
  var isReadOnly: Bool { get set }
  func read(_ block: Int, at offset: Int, count: Int) throws(Raised) -> [UInt8]
  func program(_ block: Int, at offset: Int, _ bytes: [UInt8]) throws(Raised)
  func erase(_ block: Int) throws(Raised)
  func sync() throws(Raised)
}

/// An object of the firmware with the extended interface of block devices: `readblocks` and `writeblocks` with an offset, and `ioctl`.
final class FirmwareLittlefsDevice: LittlefsDevice {
  let blockSize: Int
  let blockCount: Int
  var isReadOnly: Bool
  private unowned let vm: Interpreter
  private let reading: Value
  /// Unbound on a device that cannot be written.
  private let writing: Value
  private let control: Value
  /// Memory that is handed to the device, by its length: transfers take none of the board's, as there.
  private var buffers: [Int: (bytes: Value, view: Value)] = [:]

  /// - Throws: exceptions of the object's methods; `AttributeError` without `readblocks`, `TypeError` where
  ///   `ioctl` gives no numbers.
  init(_ object: Value, _ vm: Interpreter) throws(Raised) {
    self.vm = vm
    reading = try vm.getAttribute(object, vm.heap.intern("readblocks"))
    writing = try vm.findAttribute(object, vm.heap.intern("writeblocks")) ?? .unbound
    let control = try vm.findAttribute(object, vm.heap.intern("ioctl")) ?? .unbound
    self.control = control
    isReadOnly = writing.isUnbound
    // Without `ioctl` nobody says how large a block is.
    func ask(_ request: BlockRequest, _ argument: Int) throws(Raised) -> Value {
      guard !control.isUnbound else { return .none }
      return try vm.call(control, arguments: [Value(smallInt: request.rawValue), Value(smallInt: argument)])
    }
    let answer = try ask(.initialize, 1)
    if !answer.isNone { _ = try vm.int(answer) }
    blockSize = try vm.int(try ask(.blockSize, 0))
    blockCount = try vm.int(try ask(.blockCount, 0))
  }

  func visitValues(_ visit: (Value) -> Void) {
    for value in [reading, writing, control] { visit(value) }
    for (bytes, view) in buffers.values {
      visit(bytes)
      visit(view)
    }
  }

  func read(_ block: Int, at offset: Int, count: Int) throws(Raised) -> [UInt8] {
    let (bytes, view) = try memory(count)
    try transfer(reading, block, view, offset)
    return try vm.bytes(bytes)
  }

  func program(_ block: Int, at offset: Int, _ data: [UInt8]) throws(Raised) {
    let (bytes, view) = try memory(data.count)
    try vm.buffer(bytes, writable: true).mutableBytes.copyBytes(from: data)
    try transfer(writing, block, view, offset)
  }

  func erase(_ block: Int) throws(Raised) {
    let answer = try vm.int(
      try vm.call(
        control, arguments: [Value(smallInt: BlockRequest.erase.rawValue), Value(smallInt: block)]))
    if answer < 0 { throw vm.osError(-answer) }
  }

  func sync() throws(Raised) {
    let answer = try vm.call(
      control, arguments: [Value(smallInt: BlockRequest.sync.rawValue), Value(smallInt: 0)])
    if !answer.isNone, try vm.int(answer) < 0 { throw vm.osError(-(try vm.int(answer))) }
  }

  private func memory(_ count: Int) throws(Raised) -> (bytes: Value, view: Value) {
    if let known = buffers[count] { return known }
    let bytes = vm.heap.bytearray([UInt8](repeating: 0, count: count))
    // Known before the view is made, so that the collector sees it.
    buffers[count] = (bytes, bytes)
    let view = try vm.call(vm.heap.types.memoryview.value, arguments: [bytes])
    buffers[count] = (bytes, view)
    return (bytes, view)
  }

  /// - Throws: `OSError` with the number that the device gave, or `EINVAL` where it gave one above 0.
  private func transfer(_ method: Value, _ block: Int, _ view: Value, _ offset: Int) throws(Raised) {
    let answer = try vm.call(
      method, arguments: [Value(smallInt: block), view, Value(smallInt: offset)])
    guard !answer.isNone else { return }
    let number = try vm.int(answer)
    if number != 0 { throw vm.osError(number > 0 ? LittlefsError.invalid : -number) }
  }
}

/// The board's flash under a littlefs that is mounted when the board starts.
final class FlashLittlefsDevice: LittlefsDevice {
  let blockSize = FlashImage.sectorSize
  let blockCount: Int
  var isReadOnly = false
  private let image: FlashImage
  private unowned let vm: Interpreter

  init(_ image: FlashImage, blockCount: Int, _ vm: Interpreter) {
    self.image = image
    self.blockCount = blockCount
    self.vm = vm
  }

  func visitValues(_ visit: (Value) -> Void) {}

  private func range(_ block: Int, _ offset: Int, _ count: Int) throws(Raised) -> Range<Int> {
    let start = block * blockSize + offset
    guard block >= 0, offset >= 0, block < image.count, start + count <= image.sectors.count else {
      throw vm.osError(LittlefsError.device)
    }
    return start..<start + count
  }

  func read(_ block: Int, at offset: Int, count: Int) throws(Raised) -> [UInt8] {
    Array(image.sectors[try range(block, offset, count)])
  }

  func program(_ block: Int, at offset: Int, _ bytes: [UInt8]) throws(Raised) {
    guard image.write(bytes, at: try range(block, offset, bytes.count).lowerBound) else {
      throw vm.osError(LittlefsError.device)
    }
  }

  /// Erased when it is written, as by `pyb.Flash`.
  func erase(_ block: Int) throws(Raised) {}
  func sync() throws(Raised) {}
}
