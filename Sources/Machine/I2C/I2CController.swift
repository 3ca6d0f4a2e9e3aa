import Diagnostics
import Glibc
import Timebase

/// One of the processor's I2C peripherals: controls a bus, or is a target on it.
///
/// Behaves as the board's drivers (ports/stm32/i2c.c, pyb_i2c.c). A transfer holds the firmware up for as long as it takes on the
/// wires; interrupts come meanwhile.
public final class I2CController {
  /// 1 to 3.
  public let number: Int
  /// The connector's name that firmware may use instead of the number: `X`.
  public let connector: String?
  public private(set) var sclPin: Pin
  public private(set) var sdaPin: Pin
  /// Bits a second, as the divider gives them; `nil` while the peripheral is off.
  public private(set) var frequency: Int?

  /// Observers of the result of each transfer: `write 4c: 07 01`.
  let observers = SignalObservers()
  private(set) var lastTransfer = ""

  private let context: PartContext
  private let model: BoardDescription.I2C.Model
  private let description: BoardDescription.I2C
  /// Hz, of the clock that is divided.
  var sourceClock: Int {
    model == .stm32
      ? context.clocks.frequency(of: BoardDescription.Bus(name: "apb1", clock: description.busClock))
      : description.busClock
  }
  private var clockChanges: Observation?
  var timing: I2CTiming { didSet { if frequency != nil { frequency = timing.frequency } } }
  private var timeout = Interval.milliseconds(50)
  private var outputs: (scl: PinOutput, sda: PinOutput)?
  /// A transfer that was not ended with a stop condition.
  private var openWire: (any I2CWire)?
  /// The target that answers on the bus while the peripheral is one, and its port.
  private var target: (any I2CTarget)?
  private var targetPort: I2CTargetPort?
  /// The host's bus that takes the place of the pins; `nil` for a virtual one.
  private var host: HostI2CLink?
  /// The host's device file that it is with real lines.
  public var device: String? { description.device }

  /// Fast mode, Hz: the most that an STM32F4 does.
  public static let highestFrequency = 400_000

  init(description: BoardDescription.I2C, scl: Pin, sda: Pin, context: PartContext) {
    number = description.number
    connector = description.name
    sclPin = scl
    sdaPin = sda
    model = description.model
    self.description = description
    self.context = context
    timing = model.timing(frequency: Self.highestFrequency, clock: description.busClock)
    clockChanges = context.clocks.changes.add { [unowned self] in
      guard model == .stm32 else { return }
      timing.rate = TickRate(hertz: sourceClock)
    }
  }

  // MARK: Setting up

  /// From now on it is a bus of the host; its pins stay out of it.
  func connect(to bus: any HostI2CBus) { host = HostI2CLink(bus, context: context) }

  /// Takes the two pins and controls the bus from now on.
  /// - Parameters:
  ///   - frequency: Hz; the divider's nearest, on an STM32 at most `highestFrequency`.
  ///   - pull: of the pins; a bus needs resistors that pull its lines up.
  ///   - timeout: how long a target may hold the clock low.
  public func start(frequency: Int, pull: Pull = .up, timeout: Interval = .milliseconds(50)) {
    stop()
    timing = model.timing(frequency: max(1, frequency), clock: sourceClock)
    self.timeout = timeout
    if let host {
      // The host's driver has a clock of its own.
      self.frequency = host.open() ? timing.frequency : nil
      return
    }
    self.frequency = timing.frequency
    takePins(pull)
  }

  /// Uses another pin from the next start on.
  /// - Parameter line: `SCL` or `SDA`.
  /// - Throws: when the pin cannot carry the signal.
  public func choose(_ pin: Pin, for line: String) throws(I2CError) {
    guard pin.carries(signal(line)) else {
      throw .invalid("pin \(pin.name) cannot be \(signal(line))")
    }
    let current = line == "SCL" ? sclPin : sdaPin
    guard pin !== current else { return }
    stop()
    if line == "SCL" { sclPin = pin } else { sdaPin = pin }
  }

  /// Takes the two pins and answers on the bus as a target.
  public func listen(_ target: any I2CTarget, pull: Pull = .none) {
    stop()
    if host != nil {
      context.fail(
        HostPinError(
          errorNumber: ENOTSUP, "\(device ?? name) only controls its bus: Linux lets nobody be a target on it"
        ))
      return
    }
    takePins(pull)
    self.target = target
    targetPort = I2CTargetPort(
      target, name: name, scl: sclPin.net, sda: sdaPin.net, context: context)
  }

  /// Switches the peripheral off and gives its pins back.
  public func stop() {
    frequency = nil
    openWire = nil
    targetPort = nil
    target = nil
    host?.close()
    guard outputs != nil else { return }
    outputs = nil
    sclPin.disconnectPeripheral(signal("SCL"))
    sdaPin.disconnectPeripheral(signal("SDA"))
  }

  private func signal(_ line: String) -> String { "I2C\(number)_\(line)" }

  private func takePins(_ pull: Pull) {
    outputs = (
      sclPin.connectPeripheral(signal("SCL"), output: .high, pull: pull, isOpenDrain: true),
      sdaPin.connectPeripheral(signal("SDA"), output: .high, pull: pull, isOpenDrain: true)
    )
  }

  // MARK: Transfers

  /// Writes bytes to a target.
  /// - Parameter stop: whether a stop condition ends the transfer; else the next one goes on with another start.
  /// - Returns: how many bytes were acknowledged; the rest is not sent.
  @discardableResult
  public func write(to address: Int, _ bytes: [UInt8], stop: Bool = true) throws(I2CError) -> Int {
    let count: Int
    if let host = try startedHost() {
      count = try tellingRefusals("write", address) { () throws(I2CError) in
        try host.write(to: address, bytes, stop: stop)
      }
    } else {
      let wire = try begin(address, isRead: false)
      count = try wire.write(bytes)
      try end(wire, stop: stop)
    }
    tell("write", address, bytes, acknowledged: count)
    return count
  }

  /// Reads bytes from a target.
  /// - Parameter count: at least one.
  public func read(from address: Int, count: Int, stop: Bool = true) throws(I2CError) -> [UInt8] {
    let bytes: [UInt8]
    if let host = try startedHost() {
      bytes = try tellingRefusals("read", address) { () throws(I2CError) in
        try host.read(from: address, count: count)
      }
    } else {
      let wire = try begin(address, isRead: true)
      bytes = try wire.read(count: count)
      try end(wire, stop: stop)
    }
    tell("read", address, bytes, acknowledged: count)
    return bytes
  }

  /// - Returns: `nil` for a virtual bus.
  private func startedHost() throws(I2CError) -> HostI2CLink? {
    guard let host else { return nil }
    guard frequency != nil else { throw .notStarted(number) }
    return host
  }

  private func tellingRefusals<Result>(
    _ verb: String, _ address: Int, _ body: () throws(I2CError) -> Result
  ) throws(I2CError) -> Result {
    do throws(I2CError) { return try body() } catch {
      if case .noAcknowledge = error { tell(verb, address, [], acknowledged: -1) }
      throw error
    }
  }

  /// Whether a target acknowledges its address.
  public func isReady(_ address: Int) throws(I2CError) -> Bool {
    do throws(I2CError) {
      try write(to: address, [])
      return true
    } catch {
      if case .noAcknowledge = error {
        context.silentDevice = nil
        return false
      }
      throw error
    }
  }

  /// Takes the bus, for a transfer that goes on or one that begins.
  func openBus() throws(I2CError) -> any I2CWire {
    guard frequency != nil, let outputs else { throw .notStarted(number) }
    if let openWire {
      self.openWire = nil
      return openWire
    }
    guard !isLineLow else { throw busy() }
    return makeWire(outputs.scl, outputs.sda)
  }

  /// Whether a line of the bus is low, which keeps a controller from beginning.
  var isLineLow: Bool { sclPin.net.level == .low || sdaPin.net.level == .low }

  /// Sends a start condition and an address.
  private func begin(_ address: Int, isRead: Bool) throws(I2CError) -> any I2CWire {
    let wire = try openBus()
    guard try wire.select(address, isRead: isRead) else {
      try wire.stop()
      tell(isRead ? "read" : "write", address, [], acknowledged: -1)
      context.silentDevice = SilentDevice(i2cAddress: address, scl: sclPin, sda: sdaPin)
      throw .noAcknowledge(address: address & 0x7f)
    }
    context.silentDevice = nil
    return wire
  }

  private func end(_ wire: any I2CWire, stop: Bool) throws(I2CError) {
    if stop { try wire.stop() } else { openWire = wire }
  }

  private func makeWire(_ scl: PinOutput, _ sda: PinOutput) -> any I2CWire {
    if let ports = I2CTargetPort.sole(scl: sclPin.net, sda: sdaPin.net) {
      return I2CByteWire(ports, timing: timing, clock: context.clock)
    }
    return I2CBitWire(
      scl: PeripheralLine(sclPin, scl, context.interrupts),
      sda: PeripheralLine(sdaPin, sda, context.interrupts),
      timing: timing, timeout: timeout, seesArbitration: true, clock: context.clock)
  }

  /// Whether nothing drives a line of the bus, nor pulls it up.
  public var isFloating: Bool { sclPin.net.state == .floating || sdaPin.net.state == .floating }

  private func busy() -> I2CError {
    context.reportMissingPulls([sclPin, sdaPin], by: "I2C(\(number))", "the bus looks busy for ever") { _ in
      "add resistors to the supply, or use machine.I2C, which switches the pins' own on"
    }
    return .busBusy
  }

  /// Tells trace and observers of a transfer.
  /// - Parameter acknowledged: how many bytes were; -1 where the address was not.
  func tell(_ verb: String, _ address: Int, _ bytes: [UInt8], acknowledged: Int) {
    guard context.trace.isOn || !observers.isEmpty else { return }
    var text = "\(verb) \((address & 0x7f).hexadecimal(digits: 2))"
    if acknowledged < 0 {
      text += " nack"
    } else {
      if !bytes.isEmpty { text += ": " + bytes.map { $0.hexadecimal(digits: 2) }.joined(separator: " ") }
      if acknowledged < bytes.count { text += " nack after \(acknowledged)" }
    }
    lastTransfer = text
    context.trace.record(TraceEntry("i2c \(number) \(text)"), at: context.clock.now)
    observers.tell(.text(text), at: context.clock.now)
  }
}

/// A pin that the peripheral pulls low or lets go of.
private final class PeripheralLine: I2CLine {
  private let pin: Pin
  private let output: PinOutput
  private let interrupts: InterruptController

  init(_ pin: Pin, _ output: PinOutput, _ interrupts: InterruptController) {
    self.pin = pin
    self.output = output
    self.interrupts = interrupts
  }

  func pullLow() { drive(.low) }
  func release() { drive(.high) }
  var isHigh: Bool { pin.net.level == .high }

  private func drive(_ level: Level) {
    output.drive(level, at: nil)
    interrupts.poll()
  }
}

extension I2CTargetPort {
  /// The targets on two lines, if nobody else listens or drives there, so that their transfers need no edges.
  static func sole(scl: Net, sda: Net) -> [I2CTargetPort]? {
    guard let clocks = ports(on: scl, isClock: true), let data = ports(on: sda, isClock: false) else {
      return nil
    }
    return data.filter { port in clocks.contains { $0 === port } }
  }

  /// - Returns: `nil` if a target has its other line here, too: it makes something of the edges all the same.
  private static func ports(on net: Net, isClock: Bool) -> [I2CTargetPort]? {
    // A follower that repeats the net elsewhere, on another board or behind a contact, repeats its edges.
    guard net.state == .high, net.waveDrivers.isEmpty, net.followers.isEmpty else { return nil }
    var ports: [I2CTargetPort] = []
    for listener in net.hearers.compactMap(\.listener) {
      guard !listener.needsBusEdges else { return nil }
      guard let line = listener as? I2CLineListener else { continue }
      guard line.isClock == isClock else { return nil }
      if let port = line.port { ports.append(port) }
    }
    // A strong high would show no bit: its driver has to be seen.
    return net.drivers.contains { $0.settledLevel != nil } ? nil : ports
  }
}
