import Machine

/// A `machine.CAN` object: its settings, the messages in the mailboxes, and events that its handler has not
/// seen yet (extmod/machine_can.c, ports/stm32/machine_can.c).
final class MachineCANObject {
  /// Interrupt flags, and those of `irq().flags()`.
  enum Flag {
    static let transmitted = 1
    static let received = 2
    static let failed = 4
    static let state = 8
    static let triggers = transmitted | received | state
    /// The mailbox stands from this bit on.
    static let indexShift = 16
  }

  /// Errors of receiving.
  enum ReceiveError {
    static let full = 1
    static let overrun = 2
  }

  struct Setup {
    var modeName: String
    var jumpWidth: Int
    var timing: CAN.BitTiming
  }

  let can: CAN
  /// Nil while it is off.
  private(set) var setup: Setup?
  private(set) var trigger = 0
  var handler: InterruptHandler? { can.eventInterrupt }
  /// The identifiers in the mailboxes; a mailbox whose message is out keeps its until a handler has asked.
  private var identifiers = [Int?](repeating: nil, count: 3)
  private var finished: [(mailbox: Int, isSent: Bool)] = []
  private var hasNewState = false
  private(set) var overrunCount = 0
  private var receiveErrors = 0
  /// The controller's counts of states when this object began to count.
  private var countsBefore = (warning: 0, passive: 0, busOff: 0)

  init(_ can: CAN) { self.can = can }

  // MARK: Setting up

  func start(_ mode: CAN.Mode, _ setup: Setup) {
    can.start(mode, setup.timing)
    self.setup = setup
    setHandler(nil, trigger: 0)
    forget()
    can.eventHappened = { [unowned self] in happened($0) }
  }

  func stop() {
    setHandler(nil, trigger: 0)
    setup = nil
    can.stop()
  }

  func restart() {
    for mailbox in identifiers.indices { can.cancel(mailbox) }
    can.restart()
    forget()
  }

  private func forget() {
    identifiers = [nil, nil, nil]
    finished = []
    hasNewState = false
    overrunCount = 0
    receiveErrors = 0
    countsBefore = (can.warningCount, can.passiveCount, can.busOffCount)
  }

  // MARK: Messages

  /// - Parameter isOrdered: whether a message of the same identifier must not wait already.
  /// - Returns: the mailbox; nil when none is free for it.
  func send(_ frame: CANFrame, isOrdered: Bool) -> Int? {
    if isOrdered, identifiers.contains(Int(frame.identifier)) { return nil }
    guard let free = identifiers.firstIndex(of: nil), let mailbox = can.send(frame, in: free) else {
      return nil
    }
    identifiers[mailbox] = Int(frame.identifier)
    return mailbox
  }

  /// - Returns: whether a message was taken back.
  func cancel(_ mailbox: Int) -> Bool {
    guard can.isPending(mailbox) else { return false }
    can.cancel(mailbox)
    finish(mailbox, isSent: false)
    return true
  }

  /// The next message, with what was wrong since the last one.
  func receive() -> (frame: CANFrame, errors: Int)? {
    for fifo in 0...1 {
      guard let message = can.take(from: fifo) else { continue }
      defer { receiveErrors = 0 }
      return (message.frame, receiveErrors)
    }
    return nil
  }

  /// As `get_counters()` lists them.
  var counters: [Int] {
    [
      can.transmitErrors, can.receiveErrors, can.warningCount - countsBefore.warning,
      can.passiveCount - countsBefore.passive, can.busOffCount - countsBefore.busOff, can.pendingCount,
      can.available(in: 0) + can.available(in: 1), overrunCount,
    ]
  }

  // MARK: Interrupts

  func setHandler(_ handler: InterruptHandler?, trigger: Int) {
    can.setEventInterrupt(handler)
    setTrigger(trigger)
  }

  func setTrigger(_ trigger: Int) { self.trigger = trigger }

  private func happened(_ event: CAN.Event) {
    switch event {
    case .received: raise(Flag.received, .receive)
    case .full: receiveErrors |= ReceiveError.full
    case .overrun:
      receiveErrors |= ReceiveError.overrun
      overrunCount += 1
    case .sent(let mailbox): finish(mailbox, isSent: true)
    case .stateChanged:
      if trigger & Flag.state != 0 { hasNewState = true }
      raise(Flag.state, .state)
    }
  }

  private func finish(_ mailbox: Int, isSent: Bool) {
    guard trigger & Flag.transmitted != 0 else {
      identifiers[mailbox] = nil
      return
    }
    finished.append((mailbox, isSent))
    raise(Flag.transmitted, .transmit)
  }

  private func raise(_ flag: Int, _ line: CAN.EventLine) {
    if trigger & flag != 0 { can.raise(line) }
  }

  /// Takes the flags for `irq().flags()`: one mailbox at a time, which is free from then on.
  func takeFlags() -> Int {
    var flags = 0
    if trigger & Flag.state != 0, hasNewState {
      flags |= Flag.state
      hasNewState = false
    }
    if trigger & Flag.received != 0, can.available(in: 0) + can.available(in: 1) > 0 {
      flags |= Flag.received
    }
    if trigger & Flag.transmitted != 0, !finished.isEmpty {
      let (mailbox, isSent) = finished.removeFirst()
      identifiers[mailbox] = nil
      flags |= mailbox << Flag.indexShift | Flag.transmitted | (isSent ? 0 : Flag.failed)
    }
    return flags
  }
}
