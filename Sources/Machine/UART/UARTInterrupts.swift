import Diagnostics
import Timebase

/// The conditions on which a UART interrupts, and their handler.
final class UARTInterrupts: InterruptOwner {
  /// Conditions that call the handler.
  var trigger: UART.Trigger = []
  /// Conditions since the handler was last called.
  private(set) var flags: UART.Trigger = []
  private let source: InterruptSource
  private let controller: InterruptController
  private let clock: Clock
  private var idleEvent: Clock.EventID?

  init(_ number: Int, _ context: PartContext) {
    controller = context.interrupts
    clock = context.clock
    source = controller.makeSource(name: "UART \(number)", priority: 1)
    source.owner = self
  }

  var handler: InterruptHandler? { source.handler }

  /// The place at which Swift firmware sets the handler.
  var setAt: SourceLine? {
    get { source.setAt }
    set { source.setAt = newValue }
  }

  func set(_ trigger: UART.Trigger, _ handler: InterruptHandler?) {
    source.clear()
    self.trigger = trigger
    source.handler = handler
    source.isEnabled = true
  }

  /// Nothing interrupts any more.
  func stop() {
    trigger = []
    source.handler = nil
    source.clear()
    cancelIdle()
  }

  func raise(_ reason: UART.Trigger, at time: Instant) {
    guard trigger.contains(reason) else { return }
    flags = reason
    controller.raise(source, at: time)
  }

  /// The line is idle at `instant`, unless another character comes.
  /// - Parameter isBusy: whether one is on the line then.
  func expectIdle(at instant: Instant, unless isBusy: @escaping () -> Bool) {
    cancelIdle()
    idleEvent = clock.schedule(at: instant) { [weak self] in
      guard let self else { return }
      idleEvent = nil
      if !isBusy() { raise(.idle, at: instant) }
    }
  }

  private func cancelIdle() {
    if let idleEvent { clock.cancel(idleEvent) }
    idleEvent = nil
  }

  /// As shared/runtime/mpirq.c, which switches everything off that calls it.
  func handlerFailed(of source: InterruptSource) { trigger = [] }
}
