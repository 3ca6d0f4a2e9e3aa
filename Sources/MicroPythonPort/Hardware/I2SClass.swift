import Machine
import MicroPython
import Timebase

/// An `I2S` object.
final class I2SObject: NativeStream, ValueHolding {
  /// How firmware waits for the bus.
  private enum Waiting {
    case blocking
    case callback
    case asynchronous
  }

  let i2s: I2S
  /// How it was set up last.
  fileprivate(set) var pins: [Pin] = []
  fileprivate(set) var settings: I2SSettings?
  private unowned let hardware: Hardware
  private var waiting = Waiting.blocking
  private var callback = Value.none
  private var object = Value.none
  /// The buffer that is copied in the background, and how far that is.
  private var transfer: (buffer: Value, index: Int)?

  init(_ i2s: I2S, _ hardware: Hardware) {
    self.i2s = i2s
    self.hardware = hardware
  }

  func visitValues(_ visit: (Value) -> Void) {
    visit(callback)
    if let transfer { visit(transfer.buffer) }
  }

  func begin() {
    waiting = .blocking
    callback = .none
    transfer = nil
    i2s.halfDone = { [unowned self] in goOn() }
  }

  /// - Parameter object: the firmware's object, which the callback gets.
  func setCallback(_ function: Value, object: Value) {
    waiting = function.isNone ? .blocking : .callback
    callback = function
    self.object = object
  }

  /// Hands a buffer over that is copied while the firmware goes on.
  /// - Returns: false where it is to be copied now.
  func copyInBackground(_ buffer: Value) -> Bool {
    guard waiting == .callback else { return false }
    transfer = (buffer, 0)
    return true
  }

  /// Copies what fits, at most 512 bytes each time that half of the driver's memory is done.
  private func goOn() {
    guard let transfer, let settings = i2s.settings else { return }
    let vm = hardware.vm
    do throws(Raised) {
      let isReading = settings.direction == .receive
      let view = try vm.buffer(transfer.buffer, writable: isReading)
      let end = min(transfer.index + 512 / 8 * settings.bytesOfFrame, view.byteCount)
      guard (isReading ? i2s.available : i2s.room) >= end - transfer.index else { return }
      if isReading {
        UnsafeMutableRawBufferPointer(rebasing: view.mutableBytes[transfer.index..<end])
          .copyBytes(from: i2s.read(end - transfer.index))
      } else {
        _ = i2s.write(view.bytes[transfer.index..<end])
      }
      self.transfer?.index = end
      guard end >= view.byteCount else { return }
      self.transfer = nil
      vm.scheduleIfRoom(callback, object)
    } catch { self.transfer = nil }
  }

  // MARK: Streams

  func read(into buffer: UnsafeMutableRawBufferPointer, _ vm: Interpreter) throws(Raised) -> StreamResult {
    guard let settings = i2s.settings, settings.direction == .receive else { return .failed(1) }
    guard buffer.count % settings.bytesOfFrame == 0 else { return .failed(.einval) }
    let samples = try samples(buffer.count, vm)
    buffer.copyBytes(from: samples)
    return .done(samples.count)
  }

  /// Waits for as many bytes; asyncio takes what there is.
  func samples(_ count: Int, _ vm: Interpreter) throws(Raised) -> [UInt8] {
    var samples: [UInt8] = []
    while samples.count < count {
      samples += i2s.read(count - samples.count)
      if samples.count < count {
        if waiting == .asynchronous { break }
        try wait(vm)
      }
    }
    return samples
  }

  func write(_ bytes: UnsafeRawBufferPointer, _ vm: Interpreter) throws(Raised) -> StreamResult {
    guard i2s.settings?.direction == .send else { return .failed(1) }
    let samples = Array(bytes)
    var count = 0
    while count < samples.count {
      count += i2s.write(samples[count...])
      if count < samples.count {
        if waiting == .asynchronous { break }
        try wait(vm)
      }
    }
    return .done(count)
  }

  private func wait(_ vm: Interpreter) throws(Raised) {
    guard i2s.settings != nil else { throw vm.osError(ErrorNumber.eio.rawValue) }
    try vm.live(until: vm.clock.now + .milliseconds(1))
  }

  func control(_ request: Int, _ argument: Int, _ vm: Interpreter) throws(Raised) -> StreamResult {
    guard request == StreamRequest.poll, let settings = i2s.settings else { return .failed(.einval) }
    waiting = .asynchronous
    let isReading = settings.direction == .receive
    guard argument & (isReading ? StreamRequest.writable : StreamRequest.readable) == 0 else {
      return .failed(1)
    }
    var ready = 0
    if isReading, i2s.available > 0 { ready = StreamRequest.readable }
    if !isReading, i2s.room > 0 { ready = StreamRequest.writable }
    return .done(argument & ready)
  }
}

/// `machine.I2S` (extmod/machine_i2s.c, ports/stm32/machine_i2s.c).
enum I2SClass: HardwareClass {
  static let name = "I2S"
  static let modules = [HardwareModule.machine]
  static let boardBytes = 512

  /// I2S_MODE_MASTER_RX and I2S_MODE_MASTER_TX of the vendor's driver.
  private static let receiving = 0x300
  private static let sending = 0x200

  private struct Setup {
    var sck: Value
    var ws: Value
    var sd: Value
    var mode: Int
    var bits: Int
    var format: Int
    var rate: Int
    var bufferSize: Int
  }

  static func exists(on hardware: Hardware) -> Bool { !hardware.board.i2ss.isEmpty }

  static func define(_ type: PythonClassBuilder<Hardware, I2SObject>) {
    let objects = type.objects
    let required = Signature(
      Setup.init, .requiredKeyword("sck", .value), .requiredKeyword("ws", .value),
      .requiredKeyword("sd", .value), .requiredKeyword("mode", .int),
      .requiredKeyword("bits", .int), .requiredKeyword("format", .int),
      .requiredKeyword("rate", .int), .requiredKeyword("ibuf", .int))
    type.make(.required("id", .int), .rest) { call, id, rest -> Value in
      guard let i2s = call.host.board.i2ss[id] else { throw PythonError.value("invalid id") }
      let value = objects.shared(for: i2s) { I2SObject(i2s, call.host) }
      try start(objects.receiver(of: value), required.read(rest, call.vm), call)
      return value
    }
    type.print { text(of: $0) }
    type.method("init", required) { object, call, setup in try start(object, setup, call) }
    type.method("deinit") { $0.i2s.stop() }
    type.method("irq", .required("handler", .value)) { object, call, handler in
      guard handler.isNone || call.vm.isCallable(handler) else { throw PythonError.value("invalid callback") }
      call.host.callbackIsSet?(handler)
      object.setCallback(handler, object: call.object)
    }
    type.vm.makeStreams(of: type.type)
    type.method("readinto", .required("buffer", .value)) { object, call, buffer -> Int in
      let size = try check(object, call, buffer, .receive)
      if size > 0, object.copyInBackground(buffer) { return size }
      return try TransferData.fill(buffer, call.vm) { try object.samples($0, call.vm) }
    }
    type.method("write", .required("buffer", .value)) { object, call, buffer -> Int in
      let size = try check(object, call, buffer, .send)
      if size > 0, object.copyInBackground(buffer) { return size }
      guard case .done(let count) = try object.write(call.vm.buffer(buffer).bytes, call.vm) else {
        throw OSErrorNumber.ioError
      }
      return count
    }
    type.function(
      "shift", rules: .named, .requiredKeyword("buf", .writableBuffer),
      .requiredKeyword("bits", .int), .requiredKeyword("shift", .int)
    ) { _, buffer, bits, shift -> Value in
      guard bits == 16 || bits == 32 else { throw PythonError.value("invalid bits") }
      Self.shift(buffer, bits: bits, by: shift)
      return .none
    }
    type.constants(["RX": receiving, "TX": sending, "STEREO": 1, "MONO": 0])
  }

  private static func start(_ object: I2SObject, _ setup: Setup, _ call: Call<Hardware>) throws {
    let i2s = object.i2s
    i2s.stop()
    let pins = call.host.objects(of: PinClass.self)
    var found: [Pin] = []
    for (name, line, value) in [("SCK", "SCK", setup.sck), ("WS", "NSS", setup.ws), ("SD", "MOSI", setup.sd)]
    {
      guard let pin = pins.receiver(ifAny: value) else { throw PythonError.value("\(name) not a Pin type") }
      guard i2s.canUse(pin, for: line) else { throw PythonError.value("invalid \(name) pin") }
      found.append(pin)
    }
    guard setup.mode == receiving || setup.mode == sending else { throw PythonError.value("invalid mode") }
    guard setup.bits == 16 || setup.bits == 32 else { throw PythonError.value("invalid bits") }
    guard setup.format == 0 || setup.format == 1 else { throw PythonError.value("invalid format") }
    guard setup.bufferSize > 0 else { throw PythonError.value("invalid ibuf") }
    _ = try TransferData.checked(setup.bufferSize, call.vm)
    guard (1...1_000_000).contains(setup.rate) else { throw PythonError(.osError, "I2S init failed") }
    object.pins = found
    object.begin()
    let settings = I2SSettings(
      direction: setup.mode == sending ? .send : .receive, bits: setup.bits, isStereo: setup.format == 1,
      rate: setup.rate, bufferSize: setup.bufferSize)
    object.settings = settings
    i2s.start(settings, sck: found[0], ws: found[1], sd: found[2])
  }

  private static func text(of object: I2SObject) -> String {
    guard let settings = object.settings, object.pins.count == 3 else {
      return "I2S(id=\(object.i2s.number))"
    }
    let (sck, ws, sd) = (object.pins[0].cpuName, object.pins[1].cpuName, object.pins[2].cpuName)
    return "I2S(id=\(object.i2s.number),\nsck=\(sck),\nws=\(ws),\nsd=\(sd),\n"
      + "mode=\(settings.direction == .send ? sending : receiving),\nbits=\(settings.bits), "
      + "format=\(settings.isStereo ? 1 : 0),\nrate=\(settings.rate), ibuf=\(settings.bufferSize))"
  }

  /// - Returns: the bytes of a buffer that can be transferred.
  private static func check(
    _ object: I2SObject, _ call: Call<Hardware>, _ buffer: Value, _ direction: I2SSettings.Direction
  ) throws -> Int {
    let size = try call.vm.buffer(buffer, writable: direction == .receive).byteCount
    guard let settings = object.i2s.settings, settings.direction == direction else {
      throw OSErrorNumber(number: 1)
    }
    guard direction == .send || size % settings.bytesOfFrame == 0 else { throw OSErrorNumber.invalid }
    return size
  }

  /// Makes samples louder or quieter by 6 dB for each place.
  private static func shift(_ buffer: BufferView, bits: Int, by shift: Int) {
    func shifted<Sample: FixedWidthInteger & SignedInteger>(_ type: Sample.Type) {
      let size = MemoryLayout<Sample>.size
      for offset in stride(from: 0, to: buffer.byteCount - size + 1, by: size) {
        let sample = buffer.bytes.loadUnaligned(fromByteOffset: offset, as: Sample.self)
        let result = shift >= 0 ? sample << Sample(clamping: shift) : sample >> Sample(clamping: -shift)
        buffer.mutableBytes.storeBytes(of: result, toByteOffset: offset, as: Sample.self)
      }
    }
    if bits == 16 { shifted(Int16.self) } else { shifted(Int32.self) }
  }
}
