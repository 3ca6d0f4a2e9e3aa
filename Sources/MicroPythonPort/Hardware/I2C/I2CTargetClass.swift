import Machine
import MicroPython

/// An `I2CTarget` object: one of the processor's I2C peripherals as a target, whose memory is a buffer of the firmware's or whose
/// bytes its handler takes and gives (extmod/machine_i2c_target.c).
final class I2CTargetObject: I2CTarget, ValueHolding {
  /// Events that interrupt.
  struct Event: OptionSet {
    let rawValue: Int
    static let addressMatchRead = Event(rawValue: 1)
    static let addressMatchWrite = Event(rawValue: 2)
    static let readRequest = Event(rawValue: 4)
    static let writeRequest = Event(rawValue: 8)
    static let endRead = Event(rawValue: 16)
    static let endWrite = Event(rawValue: 32)
    /// Events that the bus waits for.
    static let needHardHandler: Event = [.addressMatchRead, .addressMatchWrite, .readRequest, .writeRequest]
  }

  private enum State {
    case idle
    case addressedForReading
    case addressedForWriting
    case selecting
    case reading
    case writing
  }

  let controller: I2CController
  private unowned let hardware: Hardware
  fileprivate(set) var address = 0
  /// The last address that was selected in the memory.
  private(set) var selectedAddress = 0
  private var memory = Value.none
  private var addressBytes = 1
  private var state = State.idle
  private var place = 0
  private var addressBytesLeft = 0
  /// The byte that the controller has just written, until firmware takes it, and the byte it gets next.
  private var incoming: UInt8?
  private var outgoing: UInt8?
  /// The byte in the data register while the one before it is on the bus.
  private var nextByte: UInt8?

  private var handler = Value.none
  private var object = Value.none
  private var isHard = false
  fileprivate(set) var triggers: Event = []
  private(set) var flags: Event = []

  init(_ controller: I2CController, _ hardware: Hardware) {
    self.controller = controller
    self.hardware = hardware
  }

  func visitValues(_ visit: (Value) -> Void) {
    visit(memory)
    visit(handler)
  }

  func begin(address: Int, memory: Value, addressBits: Int) {
    self.address = address & 0x7f
    self.memory = memory
    addressBytes = addressBits / 8
    (state, place, selectedAddress, incoming, outgoing) = (.idle, 0, 0, nil, nil)
    setHandler(.none, [], isHard: false, object: .none)
    controller.listen(self)
  }

  func end() {
    controller.stop()
    setHandler(.none, [], isHard: false, object: .none)
  }

  func setHandler(_ handler: Value, _ triggers: Event, isHard: Bool, object: Value) {
    (self.handler, self.triggers, self.isHard, self.object, flags) = (handler, triggers, isHard, object, [])
  }

  // MARK: The handler

  /// - Returns: whether a handler was called.
  @discardableResult
  private func tell(_ event: Event) -> Bool {
    guard triggers.contains(event), !handler.isNone else { return false }
    flags = event
    let vm = hardware.vm
    do throws(Raised) {
      if isHard {
        try vm.callHardHandler(handler, [object], complaint: Hardware.irqComplaint)
      } else {
        vm.scheduleIfRoom(handler, object)
      }
    } catch {
      // A full queue loses the call; a handler that has raised has reported it, and is off from now on.
      if isHard { setHandler(.none, [], isHard: false, object: .none) }
    }
    return true
  }

  /// `readinto`: the byte that the controller has just written.
  func take() -> UInt8? {
    defer { incoming = nil }
    return incoming
  }

  /// `write`: the byte that the controller gets.
  func give(_ byte: UInt8) { outgoing = byte }

  // MARK: On the bus

  func start(address: UInt8, isRead: Bool) -> Bool {
    guard Int(address) == self.address else { return false }
    finish()
    tell(isRead ? .addressMatchRead : .addressMatchWrite)
    state = isRead ? .addressedForReading : .addressedForWriting
    return true
  }

  func stop() { finish() }

  private func finish() {
    switch state {
    case .reading: tell(.endRead)
    case .addressedForWriting, .writing: tell(.endWrite)
    case .idle, .addressedForReading, .selecting: break
    }
    state = .idle
    nextByte = nil
  }

  /// The peripheral asks for one byte more than the controller reads: the first one goes on to the shift register at once, and the data
  /// register wants the next (RM0090, 27.3.2). That byte is lost when the transfer ends.
  func read() -> UInt8 {
    let byte = nextByte ?? fetch()
    nextByte = fetch()
    return byte
  }

  private func fetch() -> UInt8 {
    outgoing = nil
    tell(.readRequest)
    guard let size = memorySize else {
      state = .reading
      return outgoing ?? 0
    }
    if state == .selecting { select(place % size) }
    state = .reading
    return memoryByte(size)
  }

  func write(_ byte: UInt8) -> Bool {
    incoming = byte
    tell(.writeRequest)
    guard let size = memorySize else {
      state = .writing
      return true
    }
    // A handler that has taken the byte leaves none for the memory.
    guard let byte = take() else { return true }
    if state == .addressedForWriting {
      state = .selecting
      place = 0
      addressBytesLeft = addressBytes
    }
    if state == .selecting, addressBytesLeft > 0 {
      place = (place << 8 | Int(byte)) & 0xffff_ffff
      addressBytesLeft -= 1
      if addressBytesLeft == 0 { select(place % size) }
      return true
    }
    state = .writing
    store(byte, size)
    return true
  }

  private func select(_ address: Int) {
    place = address
    selectedAddress = address
  }

  // MARK: Memory

  /// Bytes of the firmware's buffer as it is now; nil without one.
  private var memorySize: Int? {
    guard !memory.isNone, let view = view, view.byteCount > 0 else { return nil }
    return view.byteCount
  }

  private var view: BufferView? {
    do throws(Raised) { return try hardware.vm.buffer(memory, writable: true) } catch { return nil }
  }

  private func memoryByte(_ size: Int) -> UInt8 {
    place %= size
    defer { place = (place + 1) % size }
    return view?.bytes[place] ?? 0
  }

  private func store(_ byte: UInt8, _ size: Int) {
    place %= size
    view?.mutableBytes[place] = byte
    place = (place + 1) % size
  }
}

/// `machine.I2CTarget` (ports/stm32/machine_i2c_target.c).
enum I2CTargetClass: HardwareClass {
  static let name = "I2CTarget"
  static let modules = [HardwareModule.machine]
  static let boardBytes = 0

  static func exists(on hardware: Hardware) -> Bool { !hardware.board.i2cs.isEmpty }

  static func define(_ type: PythonClassBuilder<Hardware, I2CTargetObject>) {
    let objects = type.objects
    type.make(
      .required("id", .value), .required("addr", .int), .keyword("addrsize", .int, default: 7),
      .keyword("mem", .value, default: .none), .keyword("mem_addrsize", .int, default: 8)
    ) { call, id, address, _, memory, addressBits -> Value in
      let controller = try call.host.i2c(identifier: id)
      if !memory.isNone {
        _ = try call.vm.buffer(memory, writable: true)
        guard (0...32).contains(addressBits), addressBits % 8 == 0 else {
          throw PythonError.value("mem_addrsize must be 0, 8, 16, 24 or 32")
        }
      }
      let value = objects.shared(for: controller) { I2CTargetObject(controller, call.host) }
      try objects.receiver(of: value).begin(address: address, memory: memory, addressBits: addressBits)
      return value
    }
    type.print { "I2CTarget(\($0.controller.number), addr=\($0.address))" }
    type.type.info.getAttribute = { (vm, value, name) throws(Raised) in
      guard StringHandle(name)?.text == "memaddr",
        let target = NativeHandle(vm.native(of: value))?.payload as? I2CTargetObject
      else { return .unbound }
      return vm.heap.int(target.selectedAddress)
    }
    type.method("deinit") { $0.end() }
    type.method("readinto", .required("buf", .writableBuffer)) { target, buffer -> Int in
      guard buffer.byteCount > 0 else { return 0 }
      buffer.mutableBytes[0] = target.take() ?? 0
      return 1
    }
    type.method("write", .required("data", .buffer)) { target, data -> Int in
      guard data.byteCount > 0 else { return 0 }
      target.give(data.bytes[0])
      return 1
    }
    type.method(
      "irq", rules: .named, .optional("handler", .value), .optional("trigger", .int), .optional("hard", .bool)
    ) { target, call, handler, trigger, hard -> Value in
      if handler != nil || trigger != nil || hard != nil {
        let triggers = I2CTargetObject.Event(rawValue: trigger ?? 48)
        if !triggers.isDisjoint(with: .needHardHandler), hard != true {
          throw PythonError.value("hard IRQ required")
        }
        if let handler { call.host.callbackIsSet?(handler) }
        target.setHandler(handler ?? .none, triggers, isHard: hard == true, object: call.object)
      }
      return call.host.objects(of: IRQClass.self).shared(for: target) { IRQObject(I2CTargetIRQ(target)) }
    }
    type.constants([
      "IRQ_ADDR_MATCH_READ": 1, "IRQ_ADDR_MATCH_WRITE": 2, "IRQ_READ_REQ": 4, "IRQ_WRITE_REQ": 8,
      "IRQ_END_READ": 16, "IRQ_END_WRITE": 32,
    ])
  }
}

/// The interrupt of a target, as `I2CTarget.irq` returns it.
private final class I2CTargetIRQ: IRQSource {
  private let target: I2CTargetObject

  init(_ target: I2CTargetObject) { self.target = target }

  var trigger: Int { target.triggers.rawValue }
  var flags: Int { target.flags.rawValue }
  var handler: InterruptHandler? { nil }
  func setTrigger(_ number: Int) { target.triggers = I2CTargetObject.Event(rawValue: number) }
  func disable() { target.setHandler(.none, [], isHard: false, object: .none) }
}
