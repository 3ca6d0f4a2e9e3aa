import MicroPython

/// An object of the firmware that stores sectors: `readblocks`, `writeblocks` and `ioctl`, or in the older way `sync`
/// and `count`.
final class FirmwareBlockDevice: BlockDevice {
  unowned let vm: Interpreter
  private let reading: Value
  /// Unbound on a device that cannot be written.
  private let writing: Value
  private let control: Value
  private let syncing: Value
  private let counting: Value
  /// One sector's memory, which is used again and again as on the board, and the view of it that the device gets.
  private var sectorBuffer = Value.unbound
  private var sectorView = Value.unbound
  private var bufferSize = 0

  private(set) var sectorSize = 512
  /// Mounted with `readonly=True`, or without `writeblocks`.
  var isReadOnly: Bool

  /// - Throws: `AttributeError` when the object lacks a method.
  init(_ object: Value, _ vm: Interpreter) throws(Raised) {
    func method(_ name: String) throws(Raised) -> Value {
      try vm.findAttribute(object, vm.heap.intern(name)) ?? .unbound
    }
    self.vm = vm
    reading = try vm.getAttribute(object, vm.heap.intern("readblocks"))
    writing = try method("writeblocks")
    control = try method("ioctl")
    syncing = control.isUnbound ? try method("sync") : .unbound
    counting = control.isUnbound ? try vm.getAttribute(object, vm.heap.intern("count")) : .unbound
    isReadOnly = writing.isUnbound
  }

  func visitValues(_ visit: (Value) -> Void) {
    for value in [reading, writing, control, syncing, counting, sectorBuffer, sectorView] { visit(value) }
  }

  // MARK: Requests

  /// Gets the device ready and asks how large its sectors are.
  func start() throws(Raised) {
    let answer = try ask(.initialize)
    if !answer.isNone, try vm.int(answer) != 0 { throw vm.osError(FatError.notReady) }
    let size = try ask(.blockSize)
    sectorSize = size.isNone ? 512 : try vm.int(size)
    guard (512...4096).contains(sectorSize), sectorSize & (sectorSize - 1) == 0 else {
      throw vm.osError(FatError.device)
    }
  }

  func sectorCount() throws(Raised) -> Int {
    if control.isUnbound { return try vm.int(try vm.call(counting)) }
    return try vm.int(try ask(.blockCount))
  }

  func sync() throws(Raised) {
    if !syncing.isUnbound { _ = try vm.call(syncing) } else { _ = try ask(.sync) }
  }

  private func ask(_ request: BlockRequest) throws(Raised) -> Value {
    guard !control.isUnbound else { return .none }
    return try vm.call(control, arguments: [Value(smallInt: request.rawValue), Value(smallInt: 0)])
  }

  // MARK: Sectors

  func read(_ sector: Int) throws(Raised) -> [UInt8] {
    let (buffer, view) = try sectorMemory()
    try transfer(reading, sector, view)
    return try vm.bytes(buffer)
  }

  /// - Parameter bytes: one sector's.
  func write(_ sector: Int, _ bytes: [UInt8]) throws(Raised) {
    let (buffer, view) = try sectorMemory()
    try vm.buffer(buffer, writable: true).mutableBytes.copyBytes(from: bytes)
    try transfer(writing, sector, view)
  }

  private func sectorMemory() throws(Raised) -> (buffer: Value, view: Value) {
    if bufferSize != sectorSize {
      bufferSize = sectorSize
      sectorBuffer = vm.heap.bytearray([UInt8](repeating: 0, count: sectorSize))
      sectorView = try vm.call(vm.heap.types.memoryview.value, arguments: [sectorBuffer])
    }
    return (sectorBuffer, sectorView)
  }

  private func transfer(_ method: Value, _ sector: Int, _ view: Value) throws(Raised) {
    let answer = try vm.call(method, arguments: [Value(smallInt: sector), view])
    if !answer.isNone, try vm.int(answer) != 0 { throw vm.osError(FatError.device) }
  }
}
