import Devices
import Diagnostics
import Machine
import MicroPython
import Timebase

/// A device whose behaviour is a class in Python.
///
/// An exception of the class is reported once, with its place in the file; the device then releases its pins
/// and does nothing more.
class PythonDevice: PictureDevice {
  class var kind: DeviceKind {
    DeviceKind(
      "python", title: "a device in Python", source: "the file that it is named by", pins: [])
  }

  let site: DeviceSite
  let model: DeviceModel
  private(set) var hasFailed = false

  private let states: [DeviceState]
  private var listeners: [PinListener] = []
  private var spi: SPIEnd?

  required init(_ site: DeviceSite) throws(DeviceError) {
    throw DeviceError("is made from its file, as in --device my_sensor.py@X1")
  }

  init(_ site: DeviceSite, _ model: DeviceModel) throws(DeviceError) {
    self.site = site
    self.model = model
    states = model.description.values.map {
      DeviceState($0.name, $0.form, unit: $0.unit, $0.first, site: site)
    }
    model.device = self
    do { try model.makeInstance() } catch { throw DeviceError(model.message(of: error)) }
    site.started = { [unowned self] in start() }
  }

  var signals: [Signal] { states.map(\.signal) }

  var controls: [Control] {
    zip(states, model.description.values).filter { !$1.isSignal }.map { state, _ in
      state.control { [unowned self] in call(.changed, [model.vm.heap.string(state.name)]) }
    }
  }

  // MARK: Calls of the model

  private func start() {
    if model.has(.edge) {
      for (index, terminal) in terminals.enumerated()
      where !site.kind.pins[index].isSupply
        && !(self is PythonI2CDevice && ["scl", "sda"].contains(terminal.name))
      {
        listeners.append(PinListener(self, terminal, index))
      }
    }
    if model.has(.spiSelect) || model.has(.spiByte) { spi = SPIEnd(self, mode: model.description.spiMode) }
    call(.start, [])
  }

  /// - Returns: the method's result; `nil` if there is no such method, and after a failure.
  @discardableResult
  func call(_ method: DeviceMethod, _ arguments: [Value]) -> Value? {
    guard !hasFailed, model.has(method) else { return nil }
    return guarded { () throws(Raised) in try model.call(method, arguments) }
  }

  func edge(_ edge: Net.Edge, at index: Int) {
    guard !hasFailed else { return }
    guarded { () throws(Raised) in
      let pin = model.pinObject(index)
      let time = model.vm.heap.int(Int(edge.time.nanoseconds))
      _ = try model.call(.edge, [pin, Value(smallInt: edge.level == .high ? 1 : 0), time])
      return nil
    }
  }

  /// Runs code of the model, reports its exceptions, and lets interrupts that it caused happen.
  @discardableResult
  func guarded(_ body: () throws(Raised) -> Value?) -> Value? {
    guard !hasFailed else { return nil }
    defer { site.context.interrupts.poll() }
    do { return try body() } catch {
      fail(error)
      return nil
    }
  }

  private func fail(_ raised: Raised) {
    hasFailed = true
    let place = model.place(of: raised)
    site.context.reporter.report(
      .deviceFailed, in: Diagnostic.Place(file: place?.file ?? model.file, line: place?.line),
      "\(name): \(model.complaint(of: raised))", advice: "the device does nothing more; mend its file")
    for terminal in terminals { terminal.release() }
  }

  /// Rows of colours, each point at least so large that the picture is 256 wide or high.
  var picture: Picture? {
    guard !hasFailed, model.has(.picture) else { return nil }
    var picture: Picture?
    guarded { () throws(Raised) in
      guard let rows = try model.call(.picture, []), !rows.isNone else { return nil }
      picture = try model.picture(of: rows)
      return nil
    }
    return picture.map { $0.scaled(by: max(1, 256 / max($0.width, $0.height))) }
  }

  // MARK: Requests of the model

  func state(_ index: Int) -> DeviceState? { states.indices.contains(index) ? states[index] : nil }
  func terminal(_ index: Int) -> Terminal? { terminals.indices.contains(index) ? terminals[index] : nil }

  private var transmitters: [Int: (baudRate: Int, transmitter: SerialTransmitter)] = [:]
  private var receivers: [SerialReceiver] = []

  /// - Throws: `RuntimeError` when too much would wait to be sent.
  func send(_ bytes: [UInt8], at index: Int, baudRate: Int) throws(Raised) {
    guard let terminal = terminal(index) else { return }
    let known = transmitters[index]
    let transmitter =
      known?.baudRate == baudRate
      ? known?.transmitter
      : SerialTransmitter(
        clock: site.clock, output: terminal.driver, format: SerialFormat(),
        bitTime: BitTime(baudRate: baudRate))
    guard let transmitter else { return }
    transmitters[index] = (baudRate, transmitter)
    guard transmitter.waitingCount + bytes.count <= Self.mostCharacters else {
      throw model.vm.error(.runtimeError, "more than \(Self.mostCharacters) characters wait to be sent")
    }
    for byte in bytes { _ = transmitter.send(UInt16(byte)) }
  }

  /// - Throws: `RuntimeError` when there are too many receivers.
  func receive(at index: Int, baudRate: Int, _ function: RootedValue) throws(Raised) {
    guard let terminal = terminal(index) else { return }
    guard receivers.count < Self.mostReceivers else {
      throw model.vm.error(.runtimeError, "more than \(Self.mostReceivers) receivers; one can serve for good")
    }
    let receiver = SerialReceiver(clock: site.clock, bitTime: BitTime(baudRate: baudRate)) {
      [weak self] character, _ in
      guard let self, !character.isBreak, !character.isFramingError else { return }
      guarded { () throws(Raised) in
        try model.call(function.value, [Value(smallInt: Int(character.value & 0xFF))])
      }
    }
    receiver.start(on: terminal.net)
    receivers.append(receiver)
  }

  /// How many calls, characters to be sent and receivers may wait at once; each takes memory of the host's.
  private static let mostEvents = 10_000
  private static let mostCharacters = 65_536
  private static let mostReceivers = 64

  private var events: [Int: Clock.EventID] = [:]
  private var nextEvent = 0

  /// - Returns: a number for `cancel`.
  /// - Throws: `RuntimeError` when too many calls wait.
  func after(_ delay: Interval, _ function: RootedValue) throws(Raised) -> Int {
    guard events.count < Self.mostEvents else {
      throw model.vm.error(.runtimeError, "more than \(Self.mostEvents) calls wait for their time")
    }
    nextEvent += 1
    let number = nextEvent
    events[number] = site.after(delay) { [weak self] in
      guard let self else { return }
      events[number] = nil
      guarded { () throws(Raised) in try model.call(function.value) }
    }
    return number
  }

  func cancel(_ number: Int) { site.cancel(events.removeValue(forKey: number)) }

  /// How long the clock of the bus is held low next; the model sets it.
  var hold = Interval.zero
}

/// A device in Python on an I2C bus.
final class PythonI2CDevice: PythonDevice, I2CDevice, I2CBehaviour {
  let bus: I2CBusPort

  required init(_ site: DeviceSite) throws(DeviceError) {
    throw DeviceError("is made from its file, as in --device my_sensor.py@X9,X10")
  }

  override init(_ site: DeviceSite, _ model: DeviceModel) throws(DeviceError) {
    bus = I2CBusPort([site.integer("address")], site: site)
    try super.init(site, model)
    bus.serve(self)
  }

  override var controls: [Control] { super.controls + busControls }

  var clockHold: Interval {
    defer { hold = .zero }
    return hold
  }

  func begin(isRead: Bool) -> Bool { isAcknowledged(call(.i2cStart, [Value(isRead)])) }

  func write(_ byte: UInt8) -> Bool { isAcknowledged(call(.i2cWrite, [Value(smallInt: Int(byte))])) }

  /// False refuses; a method that returns nothing, and one that is not there, accept.
  private func isAcknowledged(_ answer: Value?) -> Bool { !hasFailed && answer != Value(false) }

  func read() -> UInt8 {
    var byte: UInt8 = 0xFF
    guarded { () throws(Raised) in
      guard let answer = try model.call(.i2cRead, []), !answer.isNone else { return nil }
      byte = UInt8(truncatingIfNeeded: try model.vm.wideInt(answer))
      return nil
    }
    return byte
  }

  func acknowledge(_ wantsMore: Bool) { call(.i2cAcknowledge, [Value(wantsMore)]) }

  func end() { call(.i2cStop, []) }
}

/// Hears the edges of one pin that others make.
private final class PinListener: NetListener {
  private unowned let device: PythonDevice
  private let driver: NetDriver
  private let index: Int
  private var listening: NetListening?

  init(_ device: PythonDevice, _ terminal: Terminal, _ index: Int) {
    self.device = device
    driver = terminal.driver
    self.index = index
    listening = terminal.net.listen(self)
  }

  func netChanged(_ edge: Net.Edge) { device.edge(edge, at: index) }

  func takes(_ waveform: any Waveform, from driver: NetDriver, at start: Instant) -> Bool {
    driver === self.driver
  }
}

/// The target side of an SPI bus on the pins `sck`, `mosi`, `miso` and `cs` of a device in Python, in any of the four modes, the highest bit
/// first.
final class SPIEnd {
  private unowned let device: PythonDevice
  private let mosi: Terminal?
  private let miso: Terminal?
  /// The level of the clock from which on a bit is valid; the other one puts the next out.
  private let samplingLevel: Level
  /// Whether the first bit is out before the first edge.
  private let isEarly: Bool
  private var listening: [NetListening] = []
  private var isSelected = false
  private var count = 0
  private var incoming: UInt8 = 0
  private var outgoing: UInt8 = 0xFF

  init(_ device: PythonDevice, mode: Int) {
    self.device = device
    let pins = device.terminals
    mosi = pins.first { $0.name == "mosi" }
    miso = pins.first { $0.name == "miso" }
    samplingLevel = (mode >> 1 & 1) == (mode & 1) ? .high : .low
    isEarly = mode & 1 == 0
    guard let sck = pins.first(where: { $0.name == "sck" }), let cs = pins.first(where: { $0.name == "cs" })
    else { return }
    listening = [
      cs.net.listen { [unowned self] in selectChanged($0.level) },
      sck.net.listen { [unowned self] in clockChanged($0.level) },
    ]
  }

  private func selectChanged(_ level: Level) {
    isSelected = level == .low
    count = 0
    guard isSelected else {
      miso?.release()
      device.call(.spiDeselect, [])
      return
    }
    outgoing = byte(of: device.call(.spiSelect, []))
    if isEarly { putOut() }
  }

  private func clockChanged(_ level: Level) {
    guard isSelected else { return }
    guard level == samplingLevel else { return putOut() }
    incoming = incoming << 1 | (mosi?.level == .high ? 1 : 0)
    count += 1
    guard count == 8 else { return }
    count = 0
    outgoing = byte(of: device.call(.spiByte, [Value(smallInt: Int(incoming))]))
  }

  private func byte(of answer: Value?) -> UInt8 {
    guard let answer, !answer.isNone else { return 0xFF }
    var byte: UInt8 = 0xFF
    device.guarded { () throws(Raised) in
      byte = UInt8(truncatingIfNeeded: try device.model.vm.wideInt(answer))
      return nil
    }
    return byte
  }

  private func putOut() { miso?.drive(outgoing >> UInt8(7 - count) & 1 == 1 ? .high : .low) }
}
