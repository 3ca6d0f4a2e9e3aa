import Diagnostics
import Timebase

/// A channel of a timer: puts out pulses or an edge when the counter reaches a value, or captures what the counter is at an edge
/// (RM0090, 18.3.4 to 18.3.12).
///
/// `TimerOutput` brings what it puts out to its pins. A channel without a pin only interrupts.
public final class TimerChannel {
  public enum OutputMode: Sendable, Hashable, CaseIterable {
    // In the order of the processor's codes for them (OCxM in RM0090, 18.4.7).
    /// The output stays as it is.
    case timing
    case activeOnMatch
    case inactiveOnMatch
    case toggleOnMatch
    case forcedInactive
    case forcedActive
    /// Active while the counter is below the compare value.
    case pwm
    /// Inactive while the counter is below the compare value.
    case pwmInverted
  }

  private enum Function: Equatable {
    case off
    case output(OutputMode)
    case capture(EdgeTrigger)
    case encoder
  }

  /// 1 to 4.
  public let number: Int
  private unowned let timer: HardwareTimer
  private let context: PartContext
  private var function = Function.off
  /// The compare register's value.
  private var compareRegister = 0
  /// The value that the counter is compared with: the register's value of the last update, in pulse-width
  /// modulation.
  private var activeCompare = 0
  private var captured = 0
  /// Whether nobody has dealt with the last capture.
  private var hasCaptured = false
  private var flagClearedAt = Instant.powerOn
  /// Whether a program has set by register when compare values are taken over; nil for what the mode has.
  private var preload: Bool?
  private let output: TimerOutput
  private var inputs: [PinInput] = []
  private lazy var source = context.interrupts.makeSource(
    name: "Timer \(timer.number) channel \(number)", priority: timer.priority)
  private var interruptEvent: Clock.EventID?

  init(_ number: Int, of timer: HardwareTimer) {
    self.number = number
    self.timer = timer
    context = timer.context
    output = TimerOutput(channel: number, of: timer)
  }

  deinit { cancelEvents() }

  // MARK: Setting up

  /// Puts out a signal. Starts the timer if it stands.
  /// - Parameters:
  ///   - compare: the value that the counter is compared with; pulse-width modulation takes it over at the
  ///     next update if it goes on already.
  ///   - activeLevel: of the output.
  ///   - complement: whether the complementary output, where there is one, is driven too.
  public func start(
    _ mode: OutputMode, compare: Int = 0, activeLevel: Level = .high, complement: Bool = true
  ) {
    let now = context.clock.now
    let wasPreloaded = isPreloaded
    stopListening()
    function = .output(mode)
    preload = nil
    output.start(activeLevel: activeLevel, complement: complement)
    compareRegister = compare & timer.largestCount
    if !(wasPreloaded && isPreloaded) { activeCompare = compareRegister }
    timer.breakInput?.rearm()
    timer.resume()
    refresh(at: now)
    if activeCompare != compareRegister { timer.expectTakeover() }
  }

  /// Captures the counter at edges. Starts the timer if it stands.
  public func startCapture(_ edges: EdgeTrigger) {
    listen(as: .capture(edges))
    timer.resume()
  }

  /// Takes the part of an encoder's input.
  func startFollowing() { listen(as: .encoder) }

  private func listen(as function: Function) {
    output.release()
    cancelEvents()
    self.function = function
    if inputs.isEmpty {
      let signal = timer.signal(ofChannel: number)
      inputs = context.pins.filter { $0.carries(signal) }.map { pin in
        pin.follow(signal, onlyInterrupts: true) { [weak self] in self?.edge($0) }
      }
    }
  }

  /// Switches the channel off, and takes its handler away.
  public func stop() {
    setInterrupt(nil)
    switchOff()
  }

  /// Switches the channel off; its handler stays.
  func switchOff() {
    cancelEvents()
    stopListening()
    output.release()
    function = .off
  }

  private func stopListening() {
    for input in inputs { input.cancel() }
    inputs = []
  }

  // MARK: Compare and capture

  /// The mode of its output; nil for a channel that is off or an input.
  public var outputMode: OutputMode? {
    if case .output(let mode) = function { return mode }
    return nil
  }

  /// Whether it is an output or an input.
  var isOn: Bool { function != .off }

  /// Whether it puts something out, so that it matters when registers are taken over.
  var isOutput: Bool {
    outputMode != nil
  }

  /// Whether the compare value is taken over at updates: pulses are never cut.
  private var isPreloaded: Bool {
    guard let mode = outputMode else { return false }
    return preload ?? (mode == .pwm || mode == .pwmInverted)
  }

  private var isInput: Bool {
    switch function {
    case .capture, .encoder: true
    case .off, .output: false
    }
  }

  /// The value that the counter is compared with, or the counter's value at the last edge. The value of a
  /// capture cannot be set. Pulse-width modulation takes a new value over at the timer's next update, other
  /// outputs at once.
  public var compare: Int {
    get { isInput ? captured : compareRegister }
    set {
      guard !isInput else { return }
      compareRegister = newValue & timer.largestCount
      guard compareRegister != activeCompare else { return }
      if isPreloaded && timer.isRunning { timer.expectTakeover() } else { takeOver(at: context.clock.now) }
    }
  }

  /// The counter's value at the last edge.
  public var capture: Int { captured }

  /// The registers that were written take effect.
  func takeOver(at time: Instant) {
    activeCompare = compareRegister
    refresh(at: time)
  }

  /// The counter was set or counts in another way.
  func counterChanged(at time: Instant) { refresh(at: time) }

  /// An edge on the channel's pin.
  private func edge(_ edge: Net.Edge) {
    switch function {
    case .capture(let edges):
      guard edges.matches(edge.level) else { return }
    case .encoder:
      timer.encoder?.edge(edge, on: self)
      guard edge.level == .high else { return }
    case .off, .output: return
    }
    captured = timer.counter(at: edge.time)
    hasCaptured = !hasHandler
    context.interrupts.raise(source, at: edge.time)
  }

  /// The level on the channel's pin; low without one.
  var inputLevel: Level { inputs.contains { $0.level == .high } ? .high : .low }

  // MARK: Interrupts

  /// Calls `handler` at each match or capture. Starts the timer if it stands.
  public func callback(
    kind: InterruptKind = .hard, file: StaticString = #fileID, line: UInt = #line,
    _ handler: @escaping @Sendable (Interrupt) throws -> Void
  ) {
    source.setAt = SourceLine(file, line)
    setInterrupt(InterruptHandler(kind, handler))
  }

  /// Sets or, with `nil`, takes away what runs at each match or capture; the form for a language port.
  public func setInterrupt(_ handler: InterruptHandler?) {
    source.clear()
    source.handler = handler
    source.isEnabled = true
    if handler != nil && function != .off { timer.resume() }
    scheduleInterrupt(after: context.clock.now)
  }

  public var hasHandler: Bool { source.handler != nil }

  private func cancelEvents() {
    if let interruptEvent { context.clock.cancel(interruptEvent) }
    interruptEvent = nil
    output.cancelMatch()
  }

  /// The next match later than `time` that sets the channel's flag.
  private func match(_ counter: TimerCounter, after time: Instant) -> Int128? {
    let tick = counter.tick(at: time)
    // A value that the counter does not reach counts where the counter turns round (RM0090, 18.4.5).
    if activeCompare > timer.division.period { return counter.update(afterTick: tick) }
    return counter.match(of: activeCompare, afterTick: tick, counting: timer.matchDirection)
  }

  private func scheduleInterrupt(after time: Instant) {
    if let interruptEvent { context.clock.cancel(interruptEvent) }
    interruptEvent = nil
    guard isOutput, source.handler != nil, let counter = timer.counting(at: time) else { return }
    guard let next = match(counter, after: time) else { return }
    let match = counter.instant(ofTick: next)
    interruptEvent = context.clock.schedule(at: match, isInterrupt: true) { [weak self] in
      guard let self else { return }
      interruptEvent = nil
      flagClearedAt = match
      context.interrupts.raise(source, at: match)
      scheduleInterrupt(after: match)
    }
  }

  // MARK: Registers

  /// Whether there was a match or a capture since the flag was cleared last.
  var hasFlag: Bool {
    guard isOutput else { return hasCaptured }
    let now = context.clock.now
    guard let counter = timer.counting(at: now) else { return false }
    return match(counter, after: flagClearedAt).map { $0 <= counter.tick(at: now) } ?? false
  }

  func clearFlag() {
    hasCaptured = false
    flagClearedAt = context.clock.now
  }

  /// Reads the compare register, which clears the flag of a capture.
  func takeCompare() -> Int {
    if isInput { hasCaptured = false }
    return compare
  }

  /// Its four bits in CCER: enabled, polarity, and the same of the complementary output.
  var enableBits: UInt32 {
    switch function {
    case .off: 0
    case .encoder, .capture(.rising): 1
    case .capture(.falling): 3
    case .capture(.risingOrFalling): 11
    case .output: (output.activeLevel == .low ? 3 : 1) * (output.hasComplement ? 5 : 1)
    }
  }

  /// Its eight bits in CCMR1 or CCMR2: the mode of an output and whether compare values are taken over at updates, or an input without filter
  /// and prescaler.
  var modeBits: UInt32 {
    switch function {
    case .off: 0
    case .encoder, .capture: 1
    case .output(let mode):
      UInt32(OutputMode.allCases.firstIndex(of: mode) ?? 0) << 4 | (isPreloaded ? 8 : 0)
    }
  }

  /// Gives an output that is on another mode.
  func change(to mode: OutputMode, preload: Bool) {
    guard isOutput else { return }
    function = .output(mode)
    self.preload = preload
    takeOver(at: context.clock.now)
  }

  // MARK: Output

  /// Computes the output anew from `time` on.
  private func refresh(at time: Instant) {
    guard let mode = outputMode else { return }
    let wasActive = output.isActive(at: time)
    // Takes registers over whose time has come, the compare value among them.
    let counter = timer.counting(at: time)
    output.refresh(mode, from: wasActive, counter, compare: activeCompare, at: time)
    scheduleInterrupt(after: time)
  }

  /// The timer's break input has switched outputs off.
  func outputsEnabledChanged() {
    if isOutput { output.show(at: context.clock.now) }
  }
}
