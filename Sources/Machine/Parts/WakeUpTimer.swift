import Timebase

/// The wake-up timer of the real-time clock (RM0090, 26.3.6): interrupts again and again, and wakes the
/// processor from Stop and Standby mode. It belongs to the backup domain, so a reset does not stop it; its
/// handler is forgotten then.
public final class WakeUpTimer {
  /// How it is set: the registers' fields.
  public struct Setting: Sendable, Hashable {
    /// 0 to 3: the crystal's 32768 Hz divided by 16, 8, 4, 2; 4 and 5: once a second; 6 and 7: the same, with 65536 more to count.
    public var clockSelection: Int
    /// 0 to 65535: one less than the count.
    public var reload: Int

    public init(clockSelection: Int, reload: Int) {
      self.clockSelection = clockSelection & 7
      self.reload = reload & 0xffff
    }

    /// Periods of the crystal between two interrupts.
    var crystalTicks: Int {
      switch clockSelection {
      case 0...3: (reload + 1) * (16 >> clockSelection)
      case 4, 5: (reload + 1) * WakeUpTimer.crystal.hertz
      default: (reload + 1 + 0x10000) * WakeUpTimer.crystal.hertz
      }
    }
  }

  private static let crystal = TickRate(hertz: 32768)

  /// `nil` while it stands.
  public private(set) var setting: Setting?

  private let clock: Clock
  private let interrupts: InterruptController
  private let source: InterruptSource
  private var start = Instant.powerOn
  private var count = 0
  private var event: Clock.EventID?

  init(context: PartContext) {
    clock = context.clock
    interrupts = context.interrupts
    source = interrupts.makeSource(name: "RTC", priority: 15)
    source.inStopMode = .wakes
  }

  /// Starts to count.
  /// - Parameter handler: `nil` for an interrupt that does no more than to wake the processor.
  public func start(_ setting: Setting, handler: InterruptHandler?) {
    stop()
    self.setting = setting
    setHandler(handler)
    start = clock.now
    count = 0
    schedule()
  }

  public func stop() {
    setting = nil
    if let event { clock.cancel(event) }
    event = nil
    source.clear()
    source.handler = nil
  }

  /// When it interrupts next.
  public var nextWakeUp: Instant? {
    setting.map { start + Self.crystal.interval(ticks: (count + 1) * $0.crystalTicks) }
  }

  private func setHandler(_ handler: InterruptHandler?) {
    source.handler = handler ?? .soft { _ in }
    source.isEnabled = true
  }

  private func schedule() {
    guard let nextWakeUp else { return }
    event = clock.schedule(at: nextWakeUp) { [weak self] in self?.expired() }
  }

  private func expired() {
    event = nil
    count += 1
    schedule()
    // If its flag is set already, a second interrupt could not be distinguished from the first: nothing is
    // lost.
    if source.latched == nil { interrupts.raise(source) }
  }

  /// A soft reset takes the handler away, a hard one the interrupt too.
  func reset(_ kind: ResetKind) {
    guard setting != nil else { return }
    source.clear()
    if kind == .soft { setHandler(nil) } else { source.handler = nil }
  }
}
