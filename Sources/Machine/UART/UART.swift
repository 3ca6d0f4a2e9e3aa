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
  /// Conditions since the handler was last called; for `irq().flags()`.
  public private(set) var interruptFlags: Trigger = []
  /// Characters lost because nobody read in time.
  public private(set) var overrunCount = 0

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
  private let source: InterruptSource
  /// Conditions that call the handler.
  public private(set) var trigger: Trigger = []
  private var buffer = ReceiveBuffer(capacity: 0)
  private(set) var bitTime = BitTime(baudRate: 9600)
  private var transmitter: SerialTransmitter?
  private var receiver: SerialReceiver?
  /// Transmitter of characters that are put on the line from outside.
  private var outsideTransmitter: SerialTransmitter?
  private var outsideDriver: NetDriver?
  private var idleEvent: Clock.EventID?
  private var isOverrunReported = false
  private var isFramingReported = false
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
    source = context.interrupts.makeSource(name: "UART \(number)", priority: 1)
    source.owner = self
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
    transmitter = makeTransmitter(settings, output)
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
    isOverrunReported = false
    isFramingReported = false
    if let host {
      if !host.open(settings, number: number) { self.settings = nil }
      return
    }
    let output = txPin.connectPeripheral(
      signal("TX"), output: settings.isTXInverted ? .low : .high, pull: model.pull(before: txPin.pull))
    rxPin.connectPeripheral(signal("RX"), output: nil, pull: model.pull(before: rxPin.pull))
    txOutput = output
    transmitter = makeTransmitter(settings, output)
    receiver = makeReceiver(settings)
    outsideTransmitter = nil
    receiver?.start(on: rxPin.net)
    startFlowControl(settings)
  }

  /// A port without the pins takes no notice, as the board's.
  private func startFlowControl(_ settings: UARTSettings) {
    let rts = settings.usesRTS ? rtsPin?.connectPeripheral(signal("RTS"), output: .low) : nil
    let cts = settings.usesCTS ? ctsPin : nil
    cts?.connectPeripheral(signal("CTS"), output: nil, pull: .up)
    guard rts != nil || cts != nil else { return }
    let flow = UARTFlowControl(rts: rts, cts: cts)
    flow.release = { [unowned self] in _ = transmitter?.send($0) }
    self.flow = flow
  }

  private func stopFlowControl(_ settings: UARTSettings) {
    guard flow != nil else { return }
    flow = nil
    if settings.usesRTS { rtsPin?.disconnectPeripheral(signal("RTS")) }
    if settings.usesCTS { ctsPin?.disconnectPeripheral(signal("CTS")) }
  }

  private func makeTransmitter(_ settings: UARTSettings, _ output: PinOutput) -> SerialTransmitter {
    let transmitter = SerialTransmitter(
      clock: context.clock, output: output, format: settings.frameFormat, bitTime: bitTime,
      isInverted: settings.isTXInverted)
    transmitter.sent = { [context, number, sentBytes] value, time in
      context.trace.record(.uartSent(number, value), at: time)
      sentBytes.tell(.bytes([UInt8(truncatingIfNeeded: value)]), at: time)
    }
    transmitter.becameIdle = { [weak self] in self?.raise(.sent, at: $0) }
    return transmitter
  }

  private func makeReceiver(_ settings: UARTSettings) -> SerialReceiver {
    let receiver = SerialReceiver(
      clock: context.clock, format: settings.frameFormat, bitTime: bitTime, isInverted: settings.isRXInverted
    ) { [unowned self] in receive($0, at: $1) }
    receiver.hearsOtherSettings = { [unowned self] in reportOtherSettings($0, sender: $1) }
    return receiver
  }

  /// Switches the port off and gives its pins back.
  public func stop() {
    guard let before = settings else { return }
    settings = nil
    stopFlowControl(before)
    trigger = []
    source.handler = nil
    source.clear()
    cancelIdle()
    if let host { return host.close() }
    receiver = nil
    txPin.disconnectPeripheral(signal("TX"))
    rxPin.disconnectPeripheral(signal("RX"))
  }

  // MARK: Sending

  /// Whether a character can be written at once. Without a transmit buffer that is whenever no write is going on.
  public var isWritable: Bool {
    guard let settings else { return false }
    // A full buffer of the host's makes the write wait.
    if host != nil { return true }
    return roomTime(settings).map { context.clock.now >= $0 } ?? true
  }

  private var wireFree: Instant { transmitter?.wireFree ?? .powerOn }

  /// Whether the last bit of everything written is out.
  public var isIdle: Bool { settings != nil && (host?.isIdle ?? (context.clock.now >= wireFree)) }

  /// Waits until the last bit of everything written is out.
  public func flush(file: StaticString = #fileID, line: UInt = #line) {
    context.clock.blockingCall(BlockingCall("UART.flush", file: file, line: line)) {
      if let host { host.flush() } else { _ = wait(until: wireFree) }
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
    guard let settings, let transmitter else { throw .notStarted(number) }
    if !silence.isSettled {
      silence.sends(at: context.clock.now)
      reviewSilence()
    }
    if model == .pl011 { return fill(characters, settings, transmitter) }
    for (index, value) in characters.enumerated() {
      if let flow {
        // The driver waits for the data register, for its own time before the first character.
        let patience = index == 0 ? settings.timeout : 2 * settings.timeoutBetweenBytes
        guard wait(milliseconds: patience, until: { !flow.isHolding }) else { return index }
        // A character begins only if the other end lets it when the one before is out.
        guard wait(until: wireFree) else { return index }
        if !flow.isClearToSend {
          flow.hold(value)
          continue
        }
      }
      let start = transmitter.send(value)
      // The transmit register takes the next character when this one moves on to the shift register, so a handler
      // that runs for less than a character leaves no gap.
      guard wait(until: start) else { return index + 1 }
    }
    if let flow { _ = wait(milliseconds: 2 * settings.timeoutBetweenBytes) { !flow.isHolding } }
    _ = wait(until: wireFree)
    return characters.count
  }

  /// - Returns: whether it has become true in time.
  private func wait(milliseconds: Int64, until condition: () -> Bool) -> Bool {
    let end = context.clock.now + .milliseconds(milliseconds)
    while !condition() {
      guard context.clock.now < end, context.clock.busy(for: .microseconds(10)) else { return condition() }
    }
    return true
  }

  /// Puts characters into the transmit buffer; waits for room as long as the settings say, first for `timeout`, then
  /// for `timeoutBetweenBytes` each.
  private func fill(
    _ characters: [UInt16], _ settings: UARTSettings, _ transmitter: SerialTransmitter
  ) -> Int {
    var hasWaited = false
    for (index, value) in characters.enumerated() {
      if let room = roomTime(settings), room > context.clock.now {
        let patience = hasWaited ? settings.timeoutBetweenBytes : settings.timeout
        // The driver counts the system's milliseconds and gives up when more than these have passed.
        let deadline = Instant.powerOn + .milliseconds(context.clock.now.milliseconds + patience + 1)
        guard wait(until: min(room, deadline)), room <= deadline else { return index }
        hasWaited = true
      }
      transmitter.send(value)
    }
    return characters.count
  }

  /// When there will be room for one more character; `nil` when there has been all along.
  private func roomTime(_ settings: UARTSettings) -> Instant? {
    guard model == .pl011, let transmitter else { return wireFree }
    let waiting = transmitter.charactersWithoutGap - settings.transmitBufferSize - model.hardwareBuffer
    return waiting >= 0 ? transmitter.start(ofCharacter: waiting) : nil
  }

  /// Holds the line low for one character; a receiver takes it for a zero without a stop bit. Does not wait.
  public func sendBreak() throws(UARTError) {
    guard settings != nil else { throw .notStarted(number) }
    if let host { return host.sendBreak() }
    // A request while there is one is the same request: SBK stays set until the break is out.
    if let transmitter, !transmitter.endsWithBreak { transmitter.send(0, isBreak: true) }
  }

  private func wait(until instant: Instant) -> Bool {
    let left = instant - context.clock.now
    return left <= .zero || context.clock.busy(for: left)
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
      isOverrunReported = false
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
    isOverrunReported = false
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
    let transmitter = outsideTransmitter ?? makeOutsideTransmitter()
    for byte in bytes {
      guard !transmitter.isFull else {
        context.reportFullLine(of: "\(name).rx")
        break
      }
      transmitter.send(UInt16(byte))
    }
    context.interrupts.poll()
  }

  private func makeOutsideTransmitter() -> SerialTransmitter {
    let driver = outsideDriver ?? NetDriver(name: "\(name).rx")
    if driver.net !== rxPin.net { rxPin.net.attach(driver) }
    let isInverted = settings?.isRXInverted ?? false
    driver.drive(isInverted ? .low : .high)
    let transmitter = SerialTransmitter(
      clock: context.clock, output: driver, format: settings?.frameFormat ?? SerialFormat(),
      bitTime: bitTime, isInverted: isInverted)
    outsideDriver = driver
    outsideTransmitter = transmitter
    return transmitter
  }

  // MARK: Interrupts

  /// Calls `handler` when one of `trigger` happens.
  public func irq(
    _ trigger: Trigger, kind: InterruptKind = .hard, file: StaticString = #fileID, line: UInt = #line,
    _ handler: @escaping @Sendable (Interrupt) throws -> Void
  ) {
    source.setAt = SourceLine(file, line)
    setInterrupt(trigger, InterruptHandler(kind, handler))
  }

  /// Sets or, with `nil`, takes away what runs when one of `trigger` happens; the form for a language port.
  public func setInterrupt(_ trigger: Trigger, _ handler: InterruptHandler?) {
    source.clear()
    self.trigger = trigger
    source.handler = handler
    source.isEnabled = true
  }

  /// Makes other things call the handler.
  public func changeTrigger(_ trigger: Trigger) { self.trigger = trigger }

  public var handler: InterruptHandler? { source.handler }

  func raise(_ reason: Trigger, at time: Instant) {
    guard trigger.contains(reason) else { return }
    interruptFlags = reason
    context.interrupts.raise(source, at: time)
  }

  private func cancelIdle() {
    if let idleEvent { context.clock.cancel(idleEvent) }
    idleEvent = nil
  }

  private func restartIdleTimer(after time: Instant, format: SerialFormat) {
    guard trigger.contains(.idle) else { return }
    cancelIdle()
    let idle = time + bitTime.interval(bits: model.idleBits(format: format))
    idleEvent = context.clock.schedule(at: idle) { [weak self] in
      guard let self else { return }
      idleEvent = nil
      // A character that is on the line now restarts the wait when it ends.
      if receiver?.isBusy != true { raise(.idle, at: idle) }
    }
  }

  // MARK: Received characters

  /// Looks at each character before it is kept, and keeps it out by returning true: the character that interrupts the program
  /// whose terminal the port is.
  public var intercepts: ((UInt16) -> Bool)?

  private func receive(_ character: SerialReceiver.Character, at time: Instant) {
    // Firmware that uses the pin for something else has cut the receiver off.
    guard let settings, rxPin.mode == .alternatePushPull else { return }
    if intercepts?(character.value) == true { return }
    if character.isFramingError && !character.isBreak { reportMissingStopBit() }
    if character.isBreak { raise(.lineBreak, at: time) }
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
      lose(value, at: time)
    }
    raise(.received, at: time)
    restartIdleTimer(after: time, format: settings.frameFormat)
  }

  private func reportOtherSettings(_ frame: FrameWaveform, sender: String) {
    guard rxPin.mode == .alternatePushPull else { return }
    isFramingReported = true
    context.reporter.reportOnce(
      .uartFraming, at: startedAt,
      "UART \(number) listens on \(rxPin.name) at \(bitTime.baudRate) baud while \(sender) "
        + "sends at \(frame.bitTime.baudRate) baud, or with other bits, parity or stop bits",
      advice: "give both ends the same settings")
  }

  private func reportMissingStopBit() {
    // The sender's settings, where they are known, say more.
    if isFramingReported { return }
    context.reporter.reportOnce(
      .uartFraming, at: startedAt,
      "UART \(number) listens on \(rxPin.name) at \(bitTime.baudRate) baud and hears a character without a stop bit",
      advice: "give both ends the same settings, and let nothing else drive the line")
  }

  private func lose(_ value: UInt16, at time: Instant) {
    overrunCount += 1
    context.trace.record(.uartLost(number, value), at: time)
    guard !isOverrunReported else { return }
    isOverrunReported = true
    let option = context.reporter.places.isEmpty ? "receiveBufferSize:" : "rxbuf="
    context.reporter.report(
      .uartOverrun, at: startedAt,
      "UART \(number) lost a byte at \(time): its receive buffer was full",
      advice: "read more often, or make the buffer larger (\(option))")
  }
}

extension UART: InterruptOwner {
  /// As shared/runtime/mpirq.c, which switches everything off that calls it.
  public func handlerFailed(of source: InterruptSource) { trigger = [] }
}
