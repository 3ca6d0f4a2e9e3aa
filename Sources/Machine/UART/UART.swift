import Diagnostics
import Timebase

/// An asynchronous serial port. Its TX pin drives a net, its RX pin listens to one; a loopback is a wire.
///
/// Behaves as the board's driver (see `UARTModel`): received characters are buffered, and what finds the buffer full is
/// lost.
public final class UART {
  /// Conditions that make the UART interrupt.
  public struct Trigger: OptionSet, Sendable, Hashable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// A character was received.
    public static let received = Trigger(rawValue: 1)
    /// The line has been idle for one character after the last one.
    public static let idle = Trigger(rawValue: 2)
    /// Everything has been sent.
    public static let sent = Trigger(rawValue: 4)
    /// The line was held low for longer than a character.
    public static let lineBreak = Trigger(rawValue: 8)
  }

  public let number: Int
  /// The connector that firmware may name instead: `XB`.
  public let connector: String?
  public let model: UARTModel
  /// The host's device file that it is with real lines.
  public let device: String?
  public private(set) var txPin: Pin
  public private(set) var rxPin: Pin
  /// How it was started; `nil` while it is off.
  public private(set) var settings: UARTSettings?
  /// Conditions that call the handler.
  public var trigger: Trigger { interrupts.trigger }
  /// Conditions since the handler was last called; for `irq().flags()`.
  public var interruptFlags: Trigger { interrupts.flags }
  /// Characters lost because nobody read in time.
  public var overrunCount: Int { faults.overrunCount }

  let sentBytes = SignalObservers()
  let receivedBytes = SignalObservers()

  let context: PartContext
  var silence = UARTSilence()
  private let bus: BoardDescription.Bus
  var busClock: Int { context.clocks.frequency(of: bus) }
  private var clockChanges: Observation?
  private var txOutput: PinOutput?
  /// The pins for flow control; `nil` for a port without them.
  private let rtsPin: Pin?
  private let ctsPin: Pin?
  private var flow: UARTFlowControl?
  /// The pins that can carry one of its signals.
  let capablePins: [Pin]
  let interrupts: UARTInterrupts
  private let faults: UARTFaults
  private var buffer = ReceiveBuffer(capacity: 0)
  private(set) var bitTime = BitTime(baudRate: 9600)
  private var sender: UARTSender?
  private var receiver: SerialReceiver?
  /// Puts characters on the line to `rxPin` from outside.
  private let outside: UARTOutsideSender
  /// The host's serial port that takes the place of the pins; `nil` for a virtual UART.
  private(set) var host: HostSerialLink?
  /// Whether it is a serial port of the host, whose driver knows no more than rate, bits, parity and flow control.
  public var isHostPort: Bool { host != nil }
  /// Line where Swift firmware has started it.
  private(set) var startedAt: SourceLine?

  init(number: Int, description: BoardDescription.UART, pins: PinTable, context: PartContext)
    throws(BoardError)
  {
    self.number = number
    capablePins = pins.filter { pin in
      pin.functions.contains {
        $0.signal.hasPrefix("UART\(number)_") || $0.signal.hasPrefix("USART\(number)_")
      }
    }
    self.context = context
    connector = description.name
    model = description.model
    device = description.device
    txPin = try pins[description.tx]
    rxPin = try pins[description.rx]
    bus = description.bus
    rtsPin = try description.rts.map { (name) throws(BoardError) in try pins[name] }
    ctsPin = try description.cts.map { (name) throws(BoardError) in try pins[name] }
    interrupts = UARTInterrupts(number, context)
    faults = UARTFaults(number, context.reporter)
    outside = UARTOutsideSender(name: "uart\(number).rx", context)
    clockChanges = context.clocks.changes.add { [unowned self] in keepDivider() }
  }

  /// From now on it is a serial port of the host; its pins stay out of it.
  func connect(to port: any HostSerialPort) { host = HostSerialLink(port, context: context) }

  // MARK: Setting up

  /// The clock of the bus has changed, the divider has not: bits get longer or shorter.
  private func keepDivider() {
    guard model == .stm32, bitTime.rate.hertz != busClock else { return }
    setDivider(bitTime.divider)
  }

  /// Divisor of the bus clock for a bit.
  var divider: Int { bitTime.divider }

  /// Gives bits another length from the next character on.
  func setDivider(_ divider: Int) {
    guard let settings else { return }
    bitTime = BitTime(clock: busClock, divider: divider)
    guard let output = txOutput else { return }
    sender = makeSender(settings, output)
    let isReceiving = isReceiving
    receiver = makeReceiver(settings)
    if isReceiving { receiver?.start(on: rxPin.net) }
  }

  /// Whether it listens to its line, as it does from `start` on.
  var isReceiving: Bool { receiver?.isListening ?? false }

  /// Switches the receiver on or off: while it is off no characters are received, not even its own echo.
  func setReceiving(_ isOn: Bool) {
    guard settings != nil, isOn != isReceiving else { return }
    if isOn { receiver?.start(on: rxPin.net) } else { receiver?.stop() }
  }

  /// Bits per second that the divider gives.
  public var actualBaudRate: Int { settings == nil ? 0 : bitTime.baudRate }

  /// Sets the port up and takes its two pins; what was received before is dropped.
  ///
  /// The time-out between bytes is raised to what 13 bits take, rounded up to the system tick.
  /// - Parameters:
  ///   - tx: takes the place of `txPin`.
  ///   - rx: takes the place of `rxPin`.
  public func start(
    _ settings: UARTSettings, tx: Pin? = nil, rx: Pin? = nil, file: StaticString = #fileID, line: UInt = #line
  ) throws(UARTError) {
    startedAt = SourceLine(file, line)
    try check(settings)
    if let tx { try check(tx, carries: "TX") }
    if let rx { try check(rx, carries: "RX") }
    stop()
    if let tx { txPin = tx }
    if let rx { rxPin = rx }
    var settings = settings
    settings.timeoutBetweenBytes = max(
      settings.timeoutBetweenBytes, model.shortestTimeoutBetweenBytes(baudRate: settings.baudRate))
    self.settings = settings
    bitTime = model.bitTime(baudRate: settings.baudRate, clock: busClock)
    buffer = ReceiveBuffer(capacity: settings.receiveBufferSize + model.hardwareBuffer - 1)
    faults.restart()
    if let host {
      if !host.open(settings, number: number) { self.settings = nil }
      return
    }
    let output = txPin.connectPeripheral(
      signal("TX"), output: settings.isTXInverted ? .low : .high, pull: model.pull(before: txPin.pull))
    rxPin.connectPeripheral(signal("RX"), output: nil, pull: model.pull(before: rxPin.pull))
    txOutput = output
    sender = makeSender(settings, output)
    receiver = makeReceiver(settings)
    outside.settingsChanged()
    receiver?.start(on: rxPin.net)
    let rts = settings.usesRTS ? rtsPin.map { (pin: $0, signal: signal("RTS")) } : nil
    let cts = settings.usesCTS ? ctsPin.map { (pin: $0, signal: signal("CTS")) } : nil
    // A port without the pins takes no notice, as the board's.
    if rts != nil || cts != nil {
      flow = UARTFlowControl(rts: rts, cts: cts) { [unowned self] in _ = sender?.begin($0) }
    }
  }

  private func makeSender(_ settings: UARTSettings, _ output: PinOutput) -> UARTSender {
    let transmitter = SerialTransmitter(
      clock: context.clock, output: output, format: settings.frameFormat, bitTime: bitTime,
      isInverted: settings.isTXInverted)
    transmitter.sent = { [context, number, sentBytes] value, time in
      context.trace.record(.uartSent(number, value), at: time)
      sentBytes.tell(.bytes([UInt8(truncatingIfNeeded: value)]), at: time)
    }
    transmitter.becameIdle = { [weak interrupts] in interrupts?.raise(.sent, at: $0) }
    return UARTSender(transmitter, settings, model, context.clock)
  }

  private func makeReceiver(_ settings: UARTSettings) -> SerialReceiver {
    let receiver = SerialReceiver(
      clock: context.clock, format: settings.frameFormat, bitTime: bitTime, isInverted: settings.isRXInverted
    ) { [unowned self] in receive($0, at: $1) }
    receiver.hearsOtherSettings = { [unowned self] in hearOtherSettings($0, sender: $1) }
    return receiver
  }

  /// Switches the port off and gives its pins back.
  public func stop() {
    guard settings != nil else { return }
    settings = nil
    flow?.stop()
    flow = nil
    interrupts.stop()
    if let host { return host.close() }
    receiver = nil
    txPin.disconnectPeripheral(signal("TX"))
    rxPin.disconnectPeripheral(signal("RX"))
  }

  // MARK: Sending

  /// Whether a character can be written at once. Without a transmit buffer that is whenever no write is going on.
  public var isWritable: Bool {
    guard settings != nil else { return false }
    // A full buffer of the host's makes the write wait.
    return host != nil || (sender?.hasRoom ?? true)
  }

  /// Whether the last bit of everything written is out.
  public var isIdle: Bool { settings != nil && (host?.isIdle ?? sender?.isIdle ?? true) }

  /// Waits until the last bit of everything written is out.
  public func flush(file: StaticString = #fileID, line: UInt = #line) {
    context.clock.blockingCall(BlockingCall("UART.flush", file: file, line: line)) {
      if let host { host.flush() } else { sender?.flush() }
    }
  }

  /// Sends characters, one byte each; without a transmit buffer it waits until the last bit is out.
  /// - Returns: how many were taken; fewer when the buffer stayed full for longer than the time-out, when the wait was
  ///   abandoned or the power went.
  @discardableResult
  public func write(
    _ bytes: [UInt8], file: StaticString = #fileID, line: UInt = #line
  ) throws(UARTError) -> Int {
    try write(characters: bytes.map(UInt16.init), file: file, line: line)
  }

  /// As `write(_:)`, with characters of up to nine bits.
  @discardableResult
  public func write(
    characters: [UInt16], file: StaticString = #fileID, line: UInt = #line
  ) throws(UARTError) -> Int {
    try context.clock.blockingCall(BlockingCall("UART.write", file: file, line: line)) {
      () throws(UARTError) in
      try send(characters)
    }
  }

  func send(_ characters: [UInt16]) throws(UARTError) -> Int {
    if let host { return try send(characters, through: host) }
    guard settings != nil, let sender else { throw .notStarted(number) }
    if !silence.isSettled {
      silence.sends(at: context.clock.now)
      reviewSilence()
    }
    return sender.send(characters, flow)
  }

  /// Holds the line low for one character; a receiver takes it for a zero without a stop bit. Does not wait.
  public func sendBreak() throws(UARTError) {
    guard settings != nil else { throw .notStarted(number) }
    if let host { return host.sendBreak() }
    sender?.sendBreak()
  }

  // MARK: Receiving

  /// Characters that can be read without waiting.
  public var available: Int {
    if buffer.count == 0 { silence.waits() }
    return buffer.count
  }
  public var isReadable: Bool { buffer.count > 0 }

  /// Reads up to `count` characters: waits `timeout` for the first and `timeoutBetweenBytes` for each further one.
  /// - Returns: at least one character, or `nil` when none came in time.
  /// - Throws: the error of an observer of `Board.waits`.
  public func read(
    characters count: Int, file: StaticString = #fileID, line: UInt = #line
  ) throws -> [UInt16]? {
    try context.clock.blockingCall(BlockingCall("UART.read", file: file, line: line)) { try receive(count) }
  }

  func receive(_ count: Int) throws -> [UInt16]? {
    guard let settings else { throw UARTError.notStarted(number) }
    guard count > 0 else { return [] }
    guard try waitForCharacter(settings.timeout) else { return nil }
    var result: [UInt16] = []
    repeat {
      guard let value = buffer.removeFirst() else { break }
      flow?.tell(hasRoom: !buffer.isFull)
      faults.charactersWereRead()
      result.append(value)
    } while try result.count < count && waitForCharacter(settings.timeoutBetweenBytes)
    return result
  }

  /// As `read(characters:)`; the ninth bit, if any, is dropped.
  public func read(
    _ count: Int, file: StaticString = #fileID, line: UInt = #line
  ) throws -> [UInt8]? {
    try read(characters: count, file: file, line: line)?.map { UInt8(truncatingIfNeeded: $0) }
  }

  /// Takes one character if there is any, without waiting.
  public func takeCharacter() -> UInt16? {
    guard let value = buffer.removeFirst() else { return nil }
    flow?.tell(hasRoom: !buffer.isFull)
    faults.charactersWereRead()
    return value
  }

  /// The driver counts system ticks, so a wait ends on a whole millisecond of board time.
  private func waitForCharacter(_ milliseconds: Int64) throws -> Bool {
    if isReadable { return true }
    silence.waits()
    let clock = context.clock
    let deadline = .powerOn + .milliseconds(clock.now.milliseconds) + .milliseconds(milliseconds)
    while clock.now < deadline && !clock.isPoweredOff {
      _ = clock.idle(until: deadline)
      context.interrupts.poll()
      try context.waits.callEach { (wait) throws in try wait() }
      if isReadable { return true }
    }
    reviewSilence()
    return false
  }

  /// Puts bytes on the line to `rxPin`, as a device there with the port's own settings sends them; behind what it still sends.
  func putOnLine(_ bytes: [UInt8]) {
    outside.send(bytes, to: rxPin.net, settings, bitTime)
    context.interrupts.poll()
  }

  // MARK: Interrupts

  /// Calls `handler` when one of `trigger` happens.
  public func irq(
    _ trigger: Trigger, kind: InterruptKind = .hard, file: StaticString = #fileID, line: UInt = #line,
    _ handler: @escaping @Sendable (Interrupt) throws -> Void
  ) {
    interrupts.setAt = SourceLine(file, line)
    setInterrupt(trigger, InterruptHandler(kind, handler))
  }

  /// Sets or, with `nil`, takes away what runs when one of `trigger` happens; the form for a language port.
  public func setInterrupt(_ trigger: Trigger, _ handler: InterruptHandler?) {
    interrupts.set(trigger, handler)
  }

  /// Makes other things call the handler.
  public func changeTrigger(_ trigger: Trigger) { interrupts.trigger = trigger }

  public var handler: InterruptHandler? { interrupts.handler }

  // MARK: Received characters

  /// Looks at each character before it is kept, and keeps it out by returning true: the character that interrupts the program
  /// whose terminal the port is.
  public var intercepts: ((UInt16) -> Bool)?

  private func receive(_ character: SerialReceiver.Character, at time: Instant) {
    // Firmware that uses the pin for something else has cut the receiver off.
    guard let settings, rxPin.mode == .alternatePushPull else { return }
    if intercepts?(character.value) == true { return }
    if character.isFramingError && !character.isBreak {
      faults.missesStopBit(listening, at: startedAt)
    }
    if character.isBreak { interrupts.raise(.lineBreak, at: time) }
    // The PL011's driver drops characters that it takes for a break.
    if character.isBreak && model == .pl011 { return }
    silence.settle()
    keep(character.value, settings, at: time)
  }

  /// Puts a character into the receive buffer, where it is lost if that is full.
  func keep(_ value: UInt16, _ settings: UARTSettings, at time: Instant) {
    let isKept = buffer.append(value)
    flow?.tell(hasRoom: !buffer.isFull)
    if isKept {
      context.trace.record(.uartReceived(number, value), at: time)
      receivedBytes.tell(.bytes([UInt8(truncatingIfNeeded: value)]), at: time)
    } else {
      context.trace.record(.uartLost(number, value), at: time)
      faults.lost(at: time, startedAt: startedAt)
    }
    interrupts.raise(.received, at: time)
    guard trigger.contains(.idle) else { return }
    let idle = time + bitTime.interval(bits: model.idleBits(format: settings.frameFormat))
    // A character that is on the line then restarts the wait when it ends.
    interrupts.expectIdle(at: idle) { [weak self] in self?.receiver?.isBusy == true }
  }

  private func hearOtherSettings(_ frame: FrameWaveform, sender: String) {
    guard rxPin.mode == .alternatePushPull else { return }
    faults.hearsOtherSettings(listening, sender, frame.bitTime.baudRate, at: startedAt)
  }

  private var listening: String { "listens on \(rxPin.name) at \(bitTime.baudRate) baud" }
}
