import Timebase

/// A CAN controller, the bxCAN of an STM32F4 (RM0090, chapter 32).
///
/// There is no other node on its bus: a message reaches the controller itself in the loopback modes, and in
/// the others nobody acknowledges it, so it is sent again and again and the errors are counted. Its messages
/// appear on its TX pin, bit by bit.
public final class CAN {
  public enum Mode: Sendable, Hashable {
    case normal
    /// Hears itself; the pin shows the bits that are sent.
    case loopback
    /// Only listens.
    case silent
    /// Hears itself; the pin stays recessive.
    case silentLoopback

    var hearsItself: Bool { self == .loopback || self == .silentLoopback }
    var showsItself: Bool { self == .normal || self == .loopback }
  }

  /// How long a bit is: `prescaler` clocks a quantum; one quantum, then `segment1` to where it is sampled, then `segment2`.
  public struct BitTiming: Sendable, Hashable {
    /// 1 to 1024.
    public var prescaler: Int
    /// 1 to 16.
    public var segment1: Int
    /// 1 to 8.
    public var segment2: Int

    public init(prescaler: Int, segment1: Int, segment2: Int) {
      self.prescaler = prescaler
      self.segment1 = segment1
      self.segment2 = segment2
    }

    /// Clocks of the bus.
    var ticks: Int { prescaler * (1 + segment1 + segment2) }
  }

  /// By the count of errors in sending (RM0090, 32.7.6).
  public enum State: Int, Sendable {
    case stopped, errorActive, errorWarning, errorPassive, busOff
  }

  /// The reason for a FIFO's interrupt.
  public enum Reason: Int, Sendable {
    case message, full, overrun
  }

  /// Events of the controller, for a language port that interrupts in its own way.
  public enum Event: Sendable, Hashable {
    case received
    /// A FIFO has no room for another message.
    case full
    case overrun
    case sent(mailbox: Int)
    /// It has come to a worse state.
    case stateChanged
  }

  /// Its interrupts beside those of the FIFOs.
  public enum EventLine: Int, Sendable, CaseIterable {
    case transmit, receive, state
  }

  /// A message that came, and the number of the filter that let it in.
  public struct Received: Sendable, Hashable {
    public let frame: CANFrame
    public let filter: Int
  }

  /// 1 is the first.
  public let number: Int
  /// The connector's name: `YA`.
  public let connector: String?
  /// Hz.
  public var clockRate: Int { clocks.frequency(of: bus) }
  public private(set) var mode: Mode?
  /// Whether it comes back by itself from bus-off.
  public private(set) var restartsItself = false
  /// Errors in sending, and in receiving.
  public private(set) var transmitErrors = 0
  public private(set) var receiveErrors = 0
  /// How often it came to a state.
  public private(set) var warningCount = 0
  public private(set) var passiveCount = 0
  public private(set) var busOffCount = 0
  /// Filter banks, which the two controllers share: those before this index are the first one's.
  public private(set) var banks = [CANFilterBank](repeating: .idle, count: 14)

  /// Called for every event, until it is started anew.
  public var eventHappened: ((Event) -> Void)?

  private let bus: BoardDescription.Bus
  private let clocks: ClockTree
  private let clock: Clock
  private let interrupts: InterruptController
  private let pins: (tx: Pin, rx: Pin)
  private var output: PinOutput?
  private var bitTime = BitTiming(prescaler: 1, segment1: 1, segment2: 1)
  private var mailboxes = [CANFrame?](repeating: nil, count: 3)
  /// The mailbox that is being sent, and the event that ends that.
  private var transmission: (mailbox: Int, event: Clock.EventID)?
  private var fifos = [FIFO(), FIFO()]
  private let sources: [InterruptSource]
  /// By `EventLine`.
  private let eventSources: [InterruptSource]

  private struct FIFO {
    var messages: [Received] = []
    /// Reasons that have come up and have not been reported yet.
    var reasons: [Reason] = []
    /// Reasons that may interrupt; each switches itself off until a message is taken out, as MicroPython has
    /// it (ports/stm32/can.c).
    var enabled: Set<Reason> = []
  }

  init(
    number: Int, connector: String?, tx: Pin, rx: Pin, bus: BoardDescription.Bus, context: PartContext
  ) {
    self.number = number
    self.connector = connector
    self.bus = bus
    clocks = context.clocks
    clock = context.clock
    interrupts = context.interrupts
    pins = (tx, rx)
    sources = (0..<2).map { context.interrupts.makeSource(name: "CAN\(number) RX\($0)", priority: 7) }
    eventSources = EventLine.allCases.map {
      context.interrupts.makeSource(name: "CAN\(number) \($0)", priority: 7)
    }
    for source in sources + eventSources { source.owner = self }
  }

  // MARK: Setting up

  public func start(_ mode: Mode, _ timing: BitTiming, restartsItself: Bool = false) {
    stop()
    self.mode = mode
    self.restartsItself = restartsItself
    bitTime = timing
    transmitErrors = 0
    receiveErrors = 0
    warningCount = 0
    passiveCount = 0
    busOffCount = 0
    output = pins.tx.connectPeripheral("CAN\(number)_TX", output: .high, pull: .up)
    _ = pins.rx.connectPeripheral("CAN\(number)_RX", output: nil, pull: .up)
  }

  public func stop() {
    guard mode != nil else { return }
    mode = nil
    if let transmission { clock.cancel(transmission.event) }
    transmission = nil
    mailboxes = [nil, nil, nil]
    fifos = [FIFO(), FIFO()]
    eventHappened = nil
    for source in sources + eventSources {
      source.clear()
      source.handler = nil
    }
    banks = banks.map { _ in .idle }
    pins.tx.disconnectPeripheral("CAN\(number)_TX")
    pins.rx.disconnectPeripheral("CAN\(number)_RX")
    output = nil
  }

  /// After bus-off: forgets errors and messages that were to be sent.
  public func restart() {
    transmitErrors = 0
    receiveErrors = 0
  }

  /// How many filter banks are its own; the others are the second controller's.
  public func setBankCount(_ count: Int) {
    banks = (0..<max(0, min(28, count))).map { $0 < banks.count ? banks[$0] : .idle }
  }

  /// - Precondition: the bank is one of `banks`.
  public func setFilter(_ index: Int, _ bank: CANFilterBank?) { banks[index] = bank ?? .idle }

  public var state: State {
    guard mode != nil else { return .stopped }
    if transmitErrors >= 256 { return .busOff }
    let errors = max(transmitErrors, receiveErrors)
    return errors >= 128 ? .errorPassive : errors >= 96 ? .errorWarning : .errorActive
  }

  // MARK: Sending

  /// Messages that wait in its three mailboxes.
  public var pendingCount: Int { mailboxes.count { $0 != nil } }

  /// Puts a message into a mailbox; of several the one with the lowest identifier goes first.
  /// - Returns: the mailbox; nil when none is free.
  public func send(_ frame: CANFrame) -> Int? {
    mailboxes.firstIndex { $0 == nil }.flatMap { send(frame, in: $0) }
  }

  /// Puts a message into a certain mailbox.
  /// - Returns: the mailbox; nil when it is not free.
  public func send(_ frame: CANFrame, in mailbox: Int) -> Int? {
    guard mode != nil, mailboxes[mailbox] == nil else { return nil }
    mailboxes[mailbox] = frame
    transmitNext(at: clock.now)
    return mailbox
  }

  public func isPending(_ mailbox: Int) -> Bool { mailboxes[mailbox] != nil }

  /// Takes a message back.
  public func cancel(_ mailbox: Int) {
    mailboxes[mailbox] = nil
    guard let transmission, transmission.mailbox == mailbox else { return }
    clock.cancel(transmission.event)
    self.transmission = nil
    output?.drive(.high, at: nil)
    transmitNext(at: clock.now)
  }

  private func interval(bits: Int) -> Interval {
    TickRate(hertz: clockRate).interval(ticks: bits * bitTime.ticks)
  }

  private func transmitNext(at start: Instant) {
    guard let mode, mode != .silent, transmission == nil, state != .busOff else { return }
    let waiting = mailboxes.indices.filter { mailboxes[$0] != nil }
    guard
      let mailbox = waiting.min(by: { (mailboxes[$0]?.priority ?? 0) < (mailboxes[$1]?.priority ?? 0) }),
      let frame = mailboxes[mailbox]
    else { return }
    // Check sum's end, acknowledgement and its end.
    var bits = frame.stuffedBits + [true, true, true]
    let isAcknowledged = mode.hearsItself
    if isAcknowledged {
      bits += Array(repeating: true, count: 7)
    } else {
      // The missing acknowledgement is answered by an error frame: six bits, dominant unless the node is passive, eight recessive.
      bits.removeLast()
      bits += Array(repeating: state == .errorPassive, count: 6) + Array(repeating: true, count: 8)
    }
    if mode.showsItself { show(bits, from: start) }
    // Three bits between frames; eight more after an error of a passive node.
    let pause = !isAcknowledged && state == .errorPassive ? 11 : 3
    let end = start + interval(bits: bits.count)
    let event = clock.schedule(at: end) { [weak self] in
      self?.transmissionEnds(mailbox, frame, isAcknowledged: isAcknowledged, pause: pause)
    }
    transmission = (mailbox, event)
  }

  private func show(_ bits: [Bool], from start: Instant) {
    var steps: [BurstWaveform.Step] = []
    for (index, bit) in bits.enumerated() where index == 0 || bits[index - 1] != bit {
      steps.append(BurstWaveform.Step(start + interval(bits: index), bit ? .high : .low))
    }
    output?.drive(BurstWaveform(initial: .high, steps: steps), at: start)
  }

  private func transmissionEnds(_ mailbox: Int, _ frame: CANFrame, isAcknowledged: Bool, pause: Int) {
    transmission = nil
    if isAcknowledged {
      mailboxes[mailbox] = nil
      if transmitErrors > 0 { transmitErrors -= 1 }
      receive(frame)
      eventHappened?(.sent(mailbox: mailbox))
    } else {
      countError()
    }
    let next = clock.now + interval(bits: pause)
    guard pendingCount > 0 else { return }
    let event = clock.schedule(at: next) { [weak self] in
      guard let self else { return }
      transmission = nil
      transmitNext(at: clock.now)
    }
    transmission = (-1, event)
  }

  /// An acknowledgement that does not come counts eight, and nothing once the node is passive.
  private func countError() {
    let before = state
    if before != .errorPassive { transmitErrors += 8 }
    guard state != before else { return }
    switch state {
    case .errorWarning: warningCount += 1
    case .errorPassive: passiveCount += 1
    case .busOff: busOffCount += 1
    default: break
    }
    eventHappened?(.stateChanged)
  }

  // MARK: Receiving

  /// Messages in a FIFO, 0 to 3.
  public func available(in fifo: Int) -> Int { fifos[fifo].messages.count }

  public func take(from fifo: Int) -> Received? {
    guard !fifos[fifo].messages.isEmpty else { return nil }
    let message = fifos[fifo].messages.removeFirst()
    if sources[fifo].handler != nil {
      fifos[fifo].enabled.formUnion([.full, .overrun])
      if fifos[fifo].messages.isEmpty { fifos[fifo].enabled.insert(.message) }
    }
    return message
  }

  private func receive(_ frame: CANFrame) {
    guard let route = CANFilterBank.route(frame, through: banks) else { return }
    let message = Received(frame: frame, filter: route.filter)
    if fifos[route.fifo].messages.count == 3 {
      // The FIFO is not locked: the last message gives way.
      fifos[route.fifo].messages[2] = message
      interrupt(route.fifo, .overrun)
      eventHappened?(.overrun)
    } else {
      fifos[route.fifo].messages.append(message)
      interrupt(route.fifo, .message)
      eventHappened?(.received)
      guard fifos[route.fifo].messages.count == 3 else { return }
      interrupt(route.fifo, .full)
      eventHappened?(.full)
    }
  }

  private func interrupt(_ fifo: Int, _ reason: Reason) {
    guard fifos[fifo].enabled.remove(reason) != nil else { return }
    fifos[fifo].reasons.append(reason)
    interrupts.raise(sources[fifo])
  }

  /// Sets what runs when a message comes to a FIFO, when it is full, and when one was lost.
  public func setInterrupt(_ fifo: Int, _ handler: InterruptHandler?) {
    let isNew = sources[fifo].handler == nil
    sources[fifo].handler = handler
    if handler == nil {
      fifos[fifo].enabled = []
      fifos[fifo].reasons = []
    } else if isNew {
      fifos[fifo].enabled = [.message, .full, .overrun]
    }
  }

  /// Sets what runs when one of the lines is raised.
  public func setEventInterrupt(_ handler: InterruptHandler?) {
    for source in eventSources { source.handler = handler }
  }
  public var eventInterrupt: InterruptHandler? { eventSources[0].handler }
  public func raise(_ line: EventLine) { interrupts.raise(eventSources[line.rawValue]) }

  /// Returns the reasons of interrupts since the last call, in order.
  public func takeReasons(of fifo: Int) -> [Reason] {
    defer { fifos[fifo].reasons = [] }
    return fifos[fifo].reasons
  }
}

extension CAN: InterruptOwner {
  public func handlerFailed(of source: InterruptSource) {
    if eventSources.contains(where: { $0 === source }) { setEventInterrupt(nil) }
    for (fifo, candidate) in sources.enumerated() where candidate === source { setInterrupt(fifo, nil) }
  }
}
