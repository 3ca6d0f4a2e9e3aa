import Timebase

/// Arrivals from other threads at a board's interrupts, in host mode: edges of real lines, characters of serial ports, and
/// news of handlers that run beside the firmware.
final class HostInterrupts: ExternalSource {
  private unowned let controller: InterruptController
  private let clock: Clock
  private let time: HostTime
  private let board: BoardReference
  private let reporter: Reporter
  private let messages: InterruptMessages
  /// Runs handlers beside the firmware; made for the first of them.
  private var delivery: ConcurrentDelivery?
  /// The sources of those handlers, by index.
  private var concurrentSources: [Int: InterruptSource] = [:]
  /// By the index of the source.
  private var lines: [Int: Line] = [:]

  /// A real line that raises a source.
  private struct Line {
    let input: HostEdgeInput
    let source: InterruptSource
    /// Called for each of its edges.
    let seen: (Level, Instant) -> Void
  }

  init(
    of controller: InterruptController, clock: Clock, time: HostTime, board: BoardReference,
    reporter: Reporter
  ) {
    self.controller = controller
    self.clock = clock
    self.time = time
    self.board = board
    self.reporter = reporter
    messages = InterruptMessages(wakeSignal: clock.wakeSignal)
    clock.externalSources.join(self)
  }

  deinit { clock.externalSources.leave(self) }

  // MARK: Entries for other threads

  /// Returns the entry for edges of a real line that raise this source.
  /// - Parameter seen: called on the firmware's thread for each edge, before a handler there runs.
  func makeEdgeInput(
    for source: InterruptSource, trigger: EdgeTrigger, seen: @escaping (Level, Instant) -> Void
  ) -> HostEdgeInput {
    let input = HostEdgeInput(
      trigger: trigger, sourceIndex: source.index, time: time, messages: messages,
      concurrent: handlerBeside(source))
    lines[source.index] = Line(input: input, source: source, seen: seen)
    return input
  }

  func makeSerialInput(number: Int) -> HostSerialInput {
    HostSerialInput(number: number, time: time, messages: messages)
  }

  // MARK: Handlers beside the firmware

  /// Holds those handlers back, or lets them run.
  func setOpen(_ isOpen: Bool) { delivery?.setOpen(isOpen) }

  /// Starts a source's handler, if that may run beside the firmware.
  /// - Returns: whether it may.
  func raiseBeside(
    _ source: InterruptSource, at time: Instant, level: Level?, taken: (@Sendable () -> Void)?
  ) -> Bool {
    guard let (delivery, handler) = handlerBeside(source) else { return false }
    delivery.raise(handler, at: time, level: level, taken: taken)
    return true
  }

  /// Lets the `interrupt` thread keep time for a source; `nil` when its handler must not run beside the firmware.
  func makeAlarm(_ schedule: ConcurrentTimer.Schedule, for source: InterruptSource) -> ConcurrentTimer? {
    handlerBeside(source).map { ConcurrentTimer(schedule, raising: $1, through: $0) }
  }

  private func handlerBeside(_ source: InterruptSource) -> (ConcurrentDelivery, ConcurrentHandler)? {
    guard case .concurrent(let body) = source.handler, let delivery = startedDelivery() else { return nil }
    if let handler = source.concurrentHandler { return (delivery, handler) }
    let handler = ConcurrentHandler(label: source.label, index: source.index, body)
    source.concurrentHandler = handler
    concurrentSources = concurrentSources.filter { $0.value.concurrentHandler != nil }
    concurrentSources[source.index] = source
    return (delivery, handler)
  }

  private func startedDelivery() -> ConcurrentDelivery? {
    if let delivery { return delivery }
    guard let thread = controller.startedThread() else { return nil }
    let delivery = ConcurrentDelivery(thread: thread, messages: messages, time: time)
    delivery.setOpen(controller.isEnabled)
    self.delivery = delivery
    return delivery
  }

  /// `nil` when the source has another handler by now.
  private func source(of handler: ConcurrentHandler) -> InterruptSource? {
    concurrentSources[handler.index].flatMap { $0.concurrentHandler === handler ? $0 : nil }
  }

  // MARK: Messages

  /// Whether other threads have anything for the firmware's; costs one atomic load.
  @inline(__always) var hasMessages: Bool { messages.hasMessages }

  /// Takes edges of real lines, and news of handlers that run beside the firmware.
  func takeArrivals() {
    for message in messages.takeAll() {
      switch message {
      case .action(let action):
        if let board = board.board { action(board) }
      case .began(let handler, let time):
        controller.handlerBegins(handler.label, at: time)
      case .ended(let handler, let time, let failure):
        controller.handlerEnds(handler.label, at: time)
        if let failure, let source = source(of: handler) { controller.fail(source, failure) }
      case .missed(let handler, let time):
        if let source = source(of: handler) { controller.reportMiss(source, at: time) }
      case .edge(let input, let level, let time, let taken):
        guard let line = line(of: input) else { continue }
        line.seen(level, time)
        controller.raise(line.source, at: time, level: level, taken: taken)
      case .seen(let input, let level, let time):
        line(of: input)?.seen(level, time)
      case .lost(let input, let count, let isExact):
        if let line = lines[input.sourceIndex] { noteLoss(line.source, atLeast: count, isExact: isExact) }
      }
    }
  }

  /// `nil` when the source has another line by now.
  private func line(of input: HostEdgeInput) -> Line? {
    lines[input.sourceIndex].flatMap { $0.input === input ? $0 : nil }
  }

  // MARK: Losses

  private func noteLoss(_ source: InterruptSource, atLeast count: Int, isExact: Bool) {
    source.lostCount += count
    var report = source.lossReport ?? EdgeLossReport(at: clock.now)
    report.add(atLeast: count, isExact: isExact)
    tellLoss(report.take(at: clock.now), source)
    source.lossReport = report
  }

  /// Reports losses that have not been reported yet.
  func reportLosses() {
    takeArrivals()
    for line in lines.values.sorted(by: { $0.source.index < $1.source.index }) {
      tellLoss(line.source.lossReport?.take(at: clock.now, isLast: true), line.source)
    }
  }

  private func tellLoss(_ what: String?, _ source: InterruptSource) {
    guard let what else { return }
    reporter.report(
      .edgesLost, at: source.setAt,
      "\(source.label): \(what) in a full queue of the kernel (\(source.lostCount) counted since the start)",
      advice: "do less in the handler, or debounce the line (debounce: in the board file, or a capacitor)")
  }
}
