import Diagnostics
import Timebase

/// A timer that the system tick serves, in whole milliseconds: `machine.Timer(-1)`
/// (shared/runtime/softtimer.c, extmod/machine_timer.c).
public final class SoftTimer {
  /// Milliseconds between two calls, or until the only one.
  public private(set) var period: Int64 = 1000
  public private(set) var isPeriodic = true

  private let clock: Clock
  private let interrupts: InterruptController
  private let source: InterruptSource
  private var expiry = Instant.powerOn
  private var event: Clock.EventID?
  private var alarm: ConcurrentTimer?

  init(context: PartContext) {
    clock = context.clock
    interrupts = context.interrupts
    source = interrupts.makeSource(name: "Timer", priority: 15)
    source.owner = self
    source.inStopMode = .waits
  }

  deinit { stop() }

  /// Whether it still has to call its handler.
  public var isRunning: Bool { source.handler != nil && (isPeriodic || clock.now < expiry) }

  /// Calls `handler` once or again and again.
  /// - Parameter period: milliseconds; less than 1 is taken as 1.
  public func start(
    period: Int64, periodic: Bool = true, kind: InterruptKind = .soft, file: StaticString = #fileID,
    line: UInt = #line, _ handler: @escaping @Sendable (Interrupt) throws -> Void
  ) throws(TimerError) {
    source.setAt = SourceLine(file, line)
    try start(
      period: period, periodic: periodic, handler: InterruptHandler(kind, handler))
  }

  /// The form for a language port.
  /// - Parameter handler: `nil` for a timer that does not run.
  public func start(period: Int64, periodic: Bool, handler: InterruptHandler?) throws(TimerError) {
    guard period < 0x4000_0000 else { throw .periodTooLarge }
    stop()
    self.period = max(1, period)
    isPeriodic = periodic
    guard let handler else { return }
    source.handler = handler
    source.firesOnce = !periodic
    source.isEnabled = true
    expiry = Instant(nanoseconds: (clock.now.milliseconds + self.period) * 1_000_000)
    alarm = interrupts.makeAlarm(
      ConcurrentTimer.Schedule(
        first: expiry, ticks: Int(self.period), clock: 1000, count: periodic ? nil : 1), for: source)
    if alarm == nil { schedule(at: expiry) }
  }

  public func stop() {
    if let event { clock.cancel(event) }
    event = nil
    alarm?.cancel()
    alarm = nil
    source.clear()
    source.handler = nil
  }

  private func schedule(at instant: Instant) {
    event = clock.schedule(at: instant, isInterrupt: true) { [weak self] in self?.expired() }
  }

  private func expired() {
    event = nil
    // The system tick calls late timers one after the other; none of their calls is lost.
    guard source.latched == nil else { return schedule(at: clock.now + .milliseconds(1)) }
    interrupts.raise(source, at: expiry)
    guard isPeriodic, source.handler != nil else { return }
    expiry = expiry + .milliseconds(period)
    schedule(at: expiry)
  }
}

extension SoftTimer: InterruptOwner {
  /// As shared/runtime/softtimer.c, which makes it a timer that has fired for the last time.
  public func handlerFailed(of source: InterruptSource) {
    isPeriodic = false
    stop()
  }
}
