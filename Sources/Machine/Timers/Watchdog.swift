import Timebase

/// The watchdog: once started it resets the board unless it is fed in time, and nothing but that reset, or one that starts
/// the processor anew, stops it (RM0090, section 21: the independent watchdog; RP2040 data sheet, section 4.7).
public final class Watchdog {
  /// Called when it was not fed in time.
  public var expired: (() -> Void)?
  /// From each feeding on; nil while it does not run.
  public private(set) var timeout: Interval?

  private let clock: Clock
  private var event: Clock.EventID?

  public init(clock: Clock) { self.clock = clock }

  deinit { stop() }

  /// Starts it, or gives it another time-out.
  public func start(timeout: Interval) {
    self.timeout = timeout
    feed()
  }

  /// Puts its end off. Does nothing while it does not run.
  public func feed() {
    guard let timeout else { return }
    if let event { clock.cancel(event) }
    event = clock.schedule(at: clock.now + timeout) { [weak self] in
      self?.event = nil
      self?.expired?()
    }
  }

  /// The processor starts anew.
  public func stop() {
    if let event { clock.cancel(event) }
    event = nil
    timeout = nil
  }
}
