import Synchronization
import Timebase

/// The handler of one source of interrupts while it runs beside the firmware.
final class ConcurrentHandler: Sendable {
  enum Answer {
    case start
    case wait
    case missed
    /// Its handler is off.
    case refused
  }

  let label: String
  let index: Int
  let body: @Sendable (Interrupt) throws -> Void
  private let state = Mutex(State())

  private struct State {
    var latched: InterruptSource.Latch?
    /// From the edge that starts the handler to its end.
    var isBusy = false
    var isOn = true
  }

  init(label: String, index: Int, _ body: @escaping @Sendable (Interrupt) throws -> Void) {
    self.label = label
    self.index = index
    self.body = body
  }

  var isOn: Bool { state.withLock { $0.isOn } }

  /// Its handler is not started again.
  func switchOff() {
    state.withLock { state in
      state.isOn = false
      state.latched = nil
    }
  }

  func forget() { state.withLock { $0.latched = nil } }

  func latch(_ latch: InterruptSource.Latch) -> Answer {
    state.withLock { state in
      guard state.isOn else { return .refused }
      guard state.latched == nil else { return .missed }
      state.latched = latch
      if state.isBusy { return .wait }
      state.isBusy = true
      return .start
    }
  }

  func take() -> InterruptSource.Latch? {
    state.withLock { state in
      defer { state.latched = nil }
      if state.latched == nil { state.isBusy = false }
      return state.latched
    }
  }

  /// - Returns: whether an edge came meanwhile, so that the handler is to be started again.
  func finish() -> Bool {
    state.withLock { state in
      state.isBusy = state.latched != nil
      return state.isBusy
    }
  }
}

/// Runs handlers beside the firmware, in host mode: one at a time on the `interrupt` thread, started from the
/// thread that sees the edge, without asking the firmware's.
final class ConcurrentDelivery: Sendable {
  let thread: BatonThread
  let messages: InterruptMessages
  let time: HostTime
  private let gate = Mutex(Gate())

  private struct Gate {
    var isOpen = true
    /// Handlers that latched something while it was closed.
    var held: [ConcurrentHandler] = []
  }

  init(thread: BatonThread, messages: InterruptMessages, time: HostTime) {
    self.thread = thread
    self.messages = messages
    self.time = time
  }

  /// Opening it starts the handlers that were held back.
  func setOpen(_ isOpen: Bool) {
    let held = gate.withLock { gate in
      gate.isOpen = isOpen
      guard isOpen else { return [ConcurrentHandler]() }
      defer { gate.held = [] }
      return gate.held
    }
    for handler in held { start(handler) }
  }

  /// An edge: starts the handler, or latches it while that runs or while the gate is closed.
  /// Callable from any thread.
  /// - Parameter taken: called when the handler has ended, or will not run.
  func raise(
    _ handler: ConcurrentHandler, at time: Instant, level: Level?, taken: (@Sendable () -> Void)? = nil
  ) {
    switch handler.latch(InterruptSource.Latch(time: time, level: level, taken: taken)) {
    case .start: start(handler)
    case .wait: break
    case .missed:
      messages.put(.missed(handler, at: time))
      taken?()
    case .refused: taken?()
    }
  }

  private func start(_ handler: ConcurrentHandler) {
    let mayStart = gate.withLock { gate in
      if !gate.isOpen { gate.held.append(handler) }
      return gate.isOpen
    }
    guard mayStart else { return }
    thread.post { [self] in run(handler) }
  }

  private func run(_ handler: ConcurrentHandler) {
    guard let latch = handler.take() else { return }
    messages.put(.began(handler, at: time.now))
    var failure: (any Error)?
    do {
      try handler.body(
        Interrupt(source: handler.label, time: latch.time, level: latch.level, access: .deferred(messages)))
    } catch {
      failure = error
      handler.switchOff()
    }
    messages.put(.ended(handler, at: time.now, failure: failure))
    latch.taken?()
    if handler.finish() { start(handler) }
  }
}

/// A timer whose handler runs beside the firmware: the `interrupt` thread itself waits for its updates.
final class ConcurrentTimer: Sendable {
  /// Moments in equal steps, exact however many there are: `first`, then every `ticks` of a clock in Hz.
  struct Schedule: Sendable {
    let first: Instant
    let ticks: Int
    let clock: Int
    /// `nil` for no end.
    var count: Int?

    func instant(_ number: Int) -> Instant? {
      if let count, number >= count { return nil }
      return first + TickRate(hertz: clock).interval(ticks: Int128(number) * Int128(ticks))
    }
  }

  private let delivery: ConcurrentDelivery
  private let handler: ConcurrentHandler
  private let schedule: Schedule
  /// Relaxed: a timer that is cancelled while its update comes may have come before. Its handler's reads are
  /// ordered by the queue of the `interrupt` thread.
  private let isCancelled = Atomic(false)

  init(_ schedule: Schedule, raising handler: ConcurrentHandler, through delivery: ConcurrentDelivery) {
    self.schedule = schedule
    self.handler = handler
    self.delivery = delivery
    arm(0)
  }

  func cancel() { isCancelled.store(true, ordering: .relaxed) }

  private func arm(_ number: Int) {
    guard let instant = schedule.instant(number) else { return }
    delivery.thread.post(at: instant, delivery.time) { [self] in
      guard !isCancelled.load(ordering: .relaxed), handler.isOn else { return }
      delivery.raise(handler, at: instant, level: nil)
      arm(number + 1)
    }
  }
}
