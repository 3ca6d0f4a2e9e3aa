import Diagnostics
import Timebase

/// One of the processor's timers: counts its divided source clock or the edges of an encoder, interrupts at every update, and has channels
/// that compare with the counter or capture it (RM0090, sections 17 to 20).
///
/// Nothing is scheduled while nobody waits for it: the counter is computed when it is read, and outputs of
/// channels are waveforms.
public final class HardwareTimer {
  public enum CountingMode: Sendable, Hashable {
    /// 0 to the period, then 0.
    case up
    /// The period to 0, then the period.
    case down
    /// 0 to the period and back; updates at both ends.
    case center
  }

  /// 1 to 14.
  public let number: Int
  /// The frequency that the prescaler counts, Hz.
  public private(set) var sourceClock: Int
  /// 16 or 32.
  public let bits: Int
  public private(set) var isRunning = false
  public var mode: CountingMode { timeBase.counter.mode }
  /// The counting direction in which matches interrupt, of a counter that counts both ways.
  private(set) var matchDirection = TimerCounter.Direction.down
  /// The registers' values. The counter adopts a change at its next update.
  public var division: TimerDivision { timeBase.division }
  /// Ticks of the source clock for which both outputs of a channel with a complementary output are off when they change.
  public private(set) var deadTime = 0

  /// Whether a soft reset leaves it alone: a part of the board has started it, not firmware.
  var outlivesSoftReset = false

  let context: PartContext
  /// The priority of its interrupts and its channels' (ports/stm32/irq.h).
  let priority: Int
  private let source: InterruptSource
  private var timeBase: TimeBaseUnit
  private var channels: [Int: TimerChannel] = [:]
  private let channelCount: Int
  private(set) var encoder: TimerEncoder?
  private(set) var breakInput: TimerBreak?
  private var updateFlagClearedAt = Instant.powerOn
  private var event: Clock.EventID?
  private var alarm: ConcurrentTimer?
  private let bus: BoardDescription.Bus
  private var clockChanges: Observation?

  init(number: Int, description: BoardDescription.Timer, context: PartContext) {
    self.number = number
    self.context = context
    sourceClock = description.sourceClock
    bits = description.bits
    bus = description.bus
    channelCount = description.channels
    priority = number == 5 ? 6 : 13
    source = context.interrupts.makeSource(name: "Timer \(number)", priority: priority)
    timeBase = TimeBaseUnit(
      TimerDivision(prescaler: 0, period: description.bits == 32 ? Int(UInt32.max) : 0xFFFF),
      clock: description.sourceClock)
    clockChanges = context.clocks.changes.add { [unowned self] in sourceClockChanged() }
  }

  /// The clock that it counts has become another one: it goes on from where it is.
  private func sourceClockChanged() {
    let frequency = context.clocks.timerFrequency(on: bus)
    guard frequency != sourceClock else { return }
    let now = context.clock.now
    settle(at: now)
    sourceClock = frequency
    timeBase.changeClock(to: frequency, at: now)
    for channel in channels.values { channel.takeOver(at: now) }
    scheduleUpdate()
  }

  // An alarm would go on beside a firmware that is gone.
  deinit { cancelUpdate() }

  /// Updates per second.
  public var frequency: Double {
    let counts = mode == .center ? max(1, division.period) : division.period + 1
    return Double(sourceClock) / Double((division.prescaler + 1) * counts)
  }

  // MARK: Running

  /// Starts counting from zero at a frequency in Hz, rounded as the board rounds it.
  public func start(frequency: Int) throws(TimerError) {
    try start(TimerDivision(frequency: frequency, source: sourceClock, bits: bits))
  }

  /// Starts counting from the beginning. Channels go on as they are set up.
  /// - Parameters:
  ///   - matchInterrupts: counting both ways, whether channels interrupt when the counter counts down, up or both.
  ///   - deadTime: ticks of the source clock; of timers with complementary outputs.
  ///   - breakLevel: of the break input, at which such timers let go of their outputs; nil for no break input.
  public func start(
    _ division: TimerDivision, mode: CountingMode = .up, matchInterrupts: MatchInterrupts = .down,
    deadTime: Int = 0, breakLevel: Level? = nil
  ) throws(TimerError) {
    try division.check(largestCount: largestCount)
    outlivesSoftReset = false
    timeBase.write(division)
    self.deadTime = deadTime
    let breakLevel = hasComplements ? breakLevel : nil
    breakInput = breakLevel.map { level in
      TimerBreak(of: self, activeLevel: level) { [unowned self] in
        for channel in channels.values { channel.outputsEnabledChanged() }
      }
    }
    matchDirection = matchInterrupts.direction
    restart(mode)
  }

  public enum MatchInterrupts: Sendable, Hashable {
    case down
    case up
    case both

    fileprivate var direction: TimerCounter.Direction {
      switch self {
      case .down: .down
      case .up: .up
      case .both: .both
      }
    }
  }

  /// Counts on from the counter's value, if it does not run.
  func resume() {
    guard !isRunning else { return }
    restart(mode, at: timeBase.standing)
  }

  /// - Parameter count: the counter's first value; nil for the beginning of its cycle.
  private func restart(_ mode: CountingMode, at count: Int? = nil) {
    // The timer follows its encoder until it is stopped.
    if let encoder {
      encoder.count = count ?? 0
      isRunning = true
      return
    }
    let now = context.clock.now
    timeBase.start(mode, at: count, from: now)
    isRunning = true
    clearUpdateFlag()
    for channel in channels.values { channel.takeOver(at: now) }
    scheduleUpdate()
  }

  /// Changes the division of a running timer from its next update on; that of an encoder's at once.
  public func change(_ division: TimerDivision) throws(TimerError) {
    try division.check(largestCount: largestCount)
    settle(at: context.clock.now)
    timeBase.write(division)
    if isRunning { expectTakeover() }
  }

  /// Stands still if no channel is on.
  public func stopIfUnused() {
    guard isRunning, encoder == nil, !channels.values.contains(where: \.isOn) else { return }
    setRunning(false)
  }

  /// Lets the counter stand or count on, as the bit CEN of its control register.
  func setRunning(_ isRunning: Bool) {
    if isRunning { return resume() }
    timeBase.stop(at: counter)
    self.isRunning = false
    cancelUpdate()
    for channel in channels.values { channel.counterChanged(at: context.clock.now) }
  }

  /// Takes every register over and begins anew, as the bit UG of its event register; nothing interrupts.
  func update() {
    guard isRunning else {
      timeBase.standing = 0
      return
    }
    restart(mode)
  }

  /// Stops counting, switches the channels off and takes the handlers away, as `Timer.deinit()`. The counter stands where it is.
  public func stop() {
    timeBase.stop(at: counter)
    isRunning = false
    outlivesSoftReset = false
    encoder = nil
    breakInput = nil
    timeBase.forgetMode()
    matchDirection = .down
    for channel in channels.values { channel.stop() }
    source.handler = nil
    source.clear()
    cancelUpdate()
  }

  /// Calls `handler` at every update. A timer that was stopped starts to count again.
  public func callback(
    kind: InterruptKind = .hard, file: StaticString = #fileID, line: UInt = #line,
    _ handler: @escaping @Sendable (Interrupt) throws -> Void
  ) {
    source.setAt = SourceLine(file, line)
    setInterrupt(InterruptHandler(kind, handler))
  }

  /// Sets or, with `nil`, takes away what runs at every update; the form for a language port.
  public func setInterrupt(_ handler: InterruptHandler?) {
    source.clear()
    source.handler = handler
    source.isEnabled = true
    if handler != nil { resume() }
    scheduleUpdate()
  }

  public var hasHandler: Bool { source.handler != nil }

  /// The largest value that the counter's bits can hold.
  public var largestCount: Int { bits == 32 ? Int(UInt32.max) : 0xFFFF }

  // MARK: Counting

  /// The counter's value. Setting it moves the next update; values beyond the period are cut to it.
  public var counter: Int {
    get { counter(at: context.clock.now) }
    set {
      guard isRunning else {
        timeBase.standing = min(max(newValue, 0), largestCount)
        return
      }
      if let encoder {
        encoder.count = min(max(newValue, 0), division.period)
        return
      }
      let now = context.clock.now
      settle(at: now)
      timeBase.set(newValue, at: now)
      for channel in channels.values { channel.counterChanged(at: now) }
      scheduleUpdate()
    }
  }

  func counter(at time: Instant) -> Int {
    guard isRunning else { return timeBase.standing }
    if let encoder { return encoder.count }
    settle(at: time)
    return timeBase.value(at: time)
  }

  /// How it counts now; `nil` while it stands still or follows an encoder.
  func counting(at time: Instant) -> TimerCounter? {
    guard isRunning, encoder == nil else { return nil }
    settle(at: time)
    return timeBase.counter
  }

  // MARK: Flags

  /// Whether there was an update since the flag was cleared last.
  var hasUpdateFlag: Bool {
    if let encoder { return encoder.hasUpdateFlag }
    let now = context.clock.now
    guard let counting = counting(at: now) else { return false }
    let since = counting.tick(at: updateFlagClearedAt)
    return counting.update(afterTick: since).map { $0 <= counting.tick(at: now) } ?? false
  }

  func clearUpdateFlag() {
    updateFlagClearedAt = context.clock.now
    encoder?.hasUpdateFlag = false
  }

  // MARK: Registers that are taken over at an update

  /// A register was written that takes effect at the next update.
  func expectTakeover() {
    guard encoder == nil, !timeBase.hasPending else { return }
    if let time = timeBase.expectTakeover(at: context.clock.now) { return tookOver(at: time) }
    scheduleUpdate()
  }

  /// Takes registers over whose update has come.
  private func settle(at time: Instant) {
    if let update = timeBase.settle(at: time) { tookOver(at: update) }
  }

  private func tookOver(at time: Instant) {
    for channel in channels.values { channel.takeOver(at: time) }
  }

  // MARK: Channels

  /// Whether channels 1 to 3 have complementary outputs.
  public var hasComplements: Bool { number == 1 || number == 8 }

  /// The alternate function of a channel's pins.
  func signal(ofChannel number: Int) -> String { "TIM\(self.number)_CH\(number)" }

  /// A channel by number, 1 to 4.
  public func channel(_ number: Int) throws(TimerError) -> TimerChannel {
    guard (1...4).contains(number), number <= channelCount else {
      throw .noSuchChannel(number, timer: self.number)
    }
    if let channel = channels[number] { return channel }
    let channel = TimerChannel(number, of: self)
    channels[number] = channel
    return channel
  }

  /// Makes the counter follow an encoder on the pins of channels 1 and 2, from 0 on.
  public func startEncoder(_ edges: TimerEncoder.Edges) throws(TimerError) {
    isRunning = true
    try follow(edges, from: 0)
  }

  /// Makes the counter follow what is on the pins of channels 1 and 2, if it runs.
  func follow(_ edges: TimerEncoder.Edges, from count: Int) throws(TimerError) {
    var followed = [1, 2]
    var timers = TimerEncoder.timers
    if case .pulses(let number, _) = edges { (followed, timers) = ([number], TimerEncoder.pulseTimers) }
    guard timers.contains(number) else { throw .noEncoder(timer: number) }
    let inputs = (try channel(1), try channel(2))
    cancelUpdate()
    timeBase.forgetPending()
    for input in [inputs.0, inputs.1] where followed.contains(input.number) { input.startFollowing() }
    let encoder = TimerEncoder(edges, timer: self, a: inputs.0, b: inputs.1)
    encoder.count = count
    self.encoder = encoder
  }

  /// Makes the counter count its clock again, from where it is.
  func stopFollowing() {
    guard encoder != nil else { return }
    let count = counter
    encoder = nil
    timeBase.standing = count
    if isRunning { restart(mode, at: count) }
  }

  /// The counter of an encoder has gone beyond one of its ends.
  func encoderOverflowed(at time: Instant) {
    if hasHandler { encoder?.hasUpdateFlag = false }
    context.interrupts.raise(source, at: time)
  }

  // MARK: Updates

  private func cancelUpdate() {
    if let event { context.clock.cancel(event) }
    event = nil
    alarm?.cancel()
    alarm = nil
  }

  private func scheduleUpdate() {
    cancelUpdate()
    guard isRunning, encoder == nil else { return }
    let now = context.clock.now
    settle(at: now)
    guard let update = timeBase.update(after: now) else { return }
    if source.handler != nil {
      let counter = timeBase.counter
      let first = counter.instant(ofTick: update)
      alarm = context.interrupts.makeAlarm(
        ConcurrentTimer.Schedule(first: first, ticks: Int(counter.ticksPerUpdate), clock: sourceClock),
        for: source)
    }
    let interrupts = source.handler != nil && alarm == nil
    if interrupts || timeBase.hasPending && channels.values.contains(where: \.isOutput) {
      scheduleUpdate(atTick: update, interrupts: interrupts)
    }
  }

  private func scheduleUpdate(atTick update: Int128, interrupts: Bool) {
    // A listener to another waveform may do anything.
    event = context.clock.schedule(
      at: timeBase.counter.instant(ofTick: update), isInterrupt: !timeBase.hasPending
    ) { [weak self] in
      self?.updated(atTick: update, interrupts: interrupts)
    }
  }

  /// The next update counts from this one and not from now: a late event does not shift the ones after it.
  private func updated(atTick update: Int128, interrupts: Bool) {
    event = nil
    let time = timeBase.counter.instant(ofTick: update)
    settle(at: time)
    if interrupts, source.handler != nil {
      updateFlagClearedAt = time
      context.interrupts.raise(source, at: time)
    }
    if alarm != nil { return scheduleUpdate() }
    if source.handler != nil, let next = timeBase.update(after: time) {
      scheduleUpdate(atTick: next, interrupts: true)
    }
  }
}
