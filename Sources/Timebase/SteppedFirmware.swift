/// Firmware on a thread of its own whose board time is let go on from outside, a piece at a time: no run of firmware holds the
/// thread of a test, a page or another board.
///
///     let firmware = SteppedFirmware(clock: board.clock) { _ = python.run(program) }
///     board.clock.advance(until: .powerOn + .seconds(1))
///
/// Exactly one of the two threads runs. While the firmware stands, at the end of a bytecode or inside a wait,
/// the stepping thread may look at the board and change it.
public final class SteppedFirmware {
  private let run: Run

  /// Attaches firmware to a clock; it begins with the first step.
  /// - Parameters:
  ///   - clock: of virtual or paced time; host time cannot be held.
  ///   - name: of the thread, at most 15 bytes.
  ///   - firmware: runs on that thread, and touches nothing but the board and what belongs to it.
  public init(clock: Clock, name: String = "firmware", _ firmware: @escaping () -> Void) {
    run = Run(clock: clock, name: name, firmware)
    clock.gate = run
  }

  /// Switches the board off, which ends firmware that comes to its clock now and then.
  deinit { run.abandon() }

  /// Whether the firmware has returned.
  public var isEnded: Bool { run.isEnded }

  /// Ends the vain wait of firmware that waits without end while nothing else can happen: it goes on as on a
  /// board that is alone, where such a wait is found to be in vain.
  public func endVainWait() { run.endVainWait() }

  /// Switches the board off at its present time and waits until the firmware has returned.
  public func end() { run.end() }
}

extension Clock {
  /// Lets board time go on to `instant`, at least: the firmware stops at the end of the bytecode that reaches it. Everything
  /// that is due by then happens. Without firmware (`SteppedFirmware`) events alone do.
  ///
  /// Not to be called by the firmware.
  /// - Throws: `ThreadStartError` when the firmware was to begin, and the system has no thread to give.
  public func advance(until instant: Instant) throws(ThreadStartError) {
    if let run = gate as? Run { try run.advance(until: instant) }
    // Firmware that has ended leaves the board's events.
    guard gate == nil else { return }
    if instant > now { busy(for: instant - now) } else { runDueEvents() }
  }

  /// When the board does something next, as things are and unless somebody stimulates it: now while its firmware computes;
  /// `nil` for never.
  public var nextActivity: Instant? {
    let event = nextEventDue.map { max($0, now) }
    guard let run = gate as? Run else { return event }
    // While it stood it was woken: by an interrupt that the stepping thread has caused.
    if isIdling, wakeSignal.isSignalled { return now }
    guard let firmware = run.nextActivity else { return event }
    return event.map { min($0, firmware) } ?? firmware
  }
}

/// State that the two threads share. Its fields and the board cross from one to the other; safe because each
/// touches them only between waiting for its semaphore and signalling the other's, which order the memory
/// accesses.
private final class Run: ClockGate, @unchecked Sendable {
  private(set) var isEnded = false
  /// When the firmware goes on by itself.
  private(set) var nextActivity: Instant? = .powerOn
  /// Whether the wait that the firmware stands in is in vain.
  private(set) var isHopeless = false

  private let clock: Clock
  private let name: String
  private var firmware: (() -> Void)?
  private var limit = Instant.powerOn
  private var hasBegun = false
  private var isAbandoned = false
  private let mayGoOn = HostSemaphore(spinning: true)
  private let hasStopped = HostSemaphore(spinning: true)

  init(clock: Clock, name: String, _ firmware: @escaping () -> Void) {
    self.clock = clock
    self.name = name
    self.firmware = firmware
  }

  func advance(until instant: Instant) throws(ThreadStartError) {
    guard !isEnded, instant > clock.now || clock.nextEventDue.map({ $0 <= instant }) == true || !hasBegun
    else { return }
    limit = instant
    if hasBegun {
      mayGoOn.signal()
    } else {
      try begin()
    }
    hasStopped.wait()
  }

  private func begin() throws(ThreadStartError) {
    hasBegun = true
    clock.openGate(to: limit)
    try startHostThread(name: name) { [self] in
      firmware?()
      firmware = nil
      isEnded = true
      nextActivity = nil
      clock.gate = nil
      hasStopped.signal()
    }
  }

  /// On the firmware's thread.
  func wait(nextActivity: Instant?) -> Instant {
    if isAbandoned { return Instant(nanoseconds: .max) }
    self.nextActivity = nextActivity
    isHopeless = false
    hasStopped.signal()
    mayGoOn.wait()
    return limit
  }

  func endVainWait() {
    guard hasBegun, !isEnded else { return }
    isHopeless = true
    limit = clock.now
    mayGoOn.signal()
    hasStopped.wait()
  }

  func end() {
    guard !isEnded else { return }
    guard hasBegun else {
      isEnded = true
      clock.gate = nil
      return
    }
    clock.powerOff = clock.now
    limit = Instant(nanoseconds: .max)
    mayGoOn.signal()
    hasStopped.wait()
  }

  /// Nobody steps the firmware any more: it ends by itself, if it comes to its clock.
  func abandon() {
    guard !isEnded else { return }
    guard hasBegun else { return end() }
    clock.powerOff = clock.now
    limit = Instant(nanoseconds: .max)
    isAbandoned = true
    mayGoOn.signal()
  }
}
