import Timebase

/// The signal that a channel of a timer puts out: on every pin whose alternate function is the channel's, and the opposite on those of its
/// complementary output (RM0090, 18.3.9 to 18.3.11).
final class TimerOutput {
  /// When the channel is active.
  private enum Reference {
    case steady(Bool)
    /// High while it is active.
    case pulses(PulseWaveform)
  }

  /// The level of the output while the channel is active.
  private(set) var activeLevel = Level.high
  /// Whether the complementary output is driven too.
  private(set) var hasComplement = false
  private let channel: Int
  private unowned let timer: HardwareTimer
  private let context: PartContext
  private var reference = Reference.steady(false)
  /// Made when the channel first is an output.
  private var outputs: [PinOutput]?
  private var complements: [PinOutput] = []
  private var matchEvent: Clock.EventID?

  init(channel: Int, of timer: HardwareTimer) {
    self.channel = channel
    self.timer = timer
    context = timer.context
  }

  /// Takes the pins.
  /// - Parameter complement: whether the complementary output, where there is one, is driven too.
  func start(activeLevel: Level, complement: Bool) {
    self.activeLevel = activeLevel
    hasComplement = complement && timer.hasComplements && channel <= 3
    guard outputs == nil else { return }
    let signal = timer.signal(ofChannel: channel)
    outputs = pinOutputs(signal)
    if timer.hasComplements { complements = pinOutputs(signal + "N") }
  }

  private func pinOutputs(_ signal: String) -> [PinOutput] {
    context.pins.filter { $0.carries(signal) }.map { $0.offerOutput(signal) }
  }

  /// Leaves the pins undriven.
  func release() {
    let now = context.clock.now
    for output in (outputs ?? []) + complements { output.release(at: now) }
  }

  /// Whether the channel is active, before polarity and complement.
  func isActive(at time: Instant) -> Bool {
    switch reference {
    case .steady(let isActive): isActive
    case .pulses(let pulses): pulses.level(at: time) == .high
    }
  }

  /// Computes what is put out anew, from `time` on.
  /// - Parameters:
  ///   - isActive: whether the channel was active until then.
  ///   - counter: how the timer counts from then on; nil where it stands or follows an encoder.
  func refresh(
    _ mode: TimerChannel.OutputMode, from isActive: Bool, _ counter: TimerCounter?, compare: Int,
    at time: Instant
  ) {
    switch mode {
    case .pwm, .pwmInverted:
      reference = modulated(isInverted: mode == .pwmInverted, counter, compare)
    case .toggleOnMatch: reference = toggled(from: isActive, counter, compare, at: time)
    case .forcedActive: reference = .steady(true)
    case .forcedInactive: reference = .steady(false)
    case .timing, .activeOnMatch, .inactiveOnMatch: reference = .steady(isActive)
    }
    show(at: time)
    scheduleMatch(mode, isActive: isActive, counter, compare, at: time)
  }

  /// The output stays as it is at the next match.
  func cancelMatch() {
    if let matchEvent { context.clock.cancel(matchEvent) }
    matchEvent = nil
  }

  private func modulated(isInverted: Bool, _ counter: TimerCounter?, _ compare: Int) -> Reference {
    guard let counter else { return .steady((timer.counter < compare) != isInverted) }
    let part = counter.activePart(compare: compare)
    let cycle = counter.ticksPerCycle
    if part.length <= 0 || part.length >= cycle { return .steady((part.length > 0) != isInverted) }
    return isInverted
      ? pulses(counter, cycle, part.start + part.length, cycle - part.length)
      : pulses(counter, cycle, part.start, part.length)
  }

  private func toggled(
    from isActive: Bool, _ counter: TimerCounter?, _ compare: Int, at time: Instant
  ) -> Reference {
    guard let counter, let first = counter.match(of: compare, afterTick: counter.tick(at: time)),
      let second = counter.match(of: compare, afterTick: first)
    else { return .steady(isActive) }
    let period = counter.ticksPerCycle * (counter.matchCount(of: compare) == 1 ? 2 : 1)
    return isActive
      ? pulses(counter, period, second, period - (second - first))
      : pulses(counter, period, first, second - first)
  }

  private func pulses(
    _ counter: TimerCounter, _ period: Int128, _ start: Int128, _ length: Int128
  ) -> Reference {
    .pulses(
      PulseWaveform(
        start: counter.epoch, rate: counter.rate, period: Int(period), pulse: Int(length),
        offset: Int(start % period)))
  }

  /// Waits for the match that makes the output active or inactive for good.
  private func scheduleMatch(
    _ mode: TimerChannel.OutputMode, isActive: Bool, _ counter: TimerCounter?, _ compare: Int,
    at time: Instant
  ) {
    cancelMatch()
    guard mode == .activeOnMatch && !isActive || mode == .inactiveOnMatch && isActive, let counter,
      let next = counter.match(of: compare, afterTick: counter.tick(at: time))
    else { return }
    let match = counter.instant(ofTick: next)
    matchEvent = context.clock.schedule(at: match) { [weak self] in
      guard let self else { return }
      matchEvent = nil
      reference = .steady(mode == .activeOnMatch)
      show(at: match)
      context.interrupts.poll()
    }
  }

  /// Brings it to the pins.
  func show(at time: Instant) {
    if timer.breakInput?.isBroken == true { return release() }
    let deadTime = hasComplement ? timer.deadTime : 0
    drive(outputs ?? [], whileActive: true, deadTime, at: time)
    if hasComplement { drive(complements, whileActive: false, deadTime, at: time) }
  }

  /// - Parameters:
  ///   - whileActive: whether the outputs are on while the channel is active.
  ///   - deadTime: ticks for which they stay off after the other ones have gone off.
  private func drive(_ outputs: [PinOutput], whileActive: Bool, _ deadTime: Int, at time: Instant) {
    guard !outputs.isEmpty else { return }
    switch reference {
    case .steady(let isActive):
      let level = isActive == whileActive ? activeLevel : activeLevel.opposite
      for output in outputs { output.drive(level, at: time) }
    case .pulses(let pulses):
      let start = whileActive ? pulses.offset : pulses.offset + pulses.pulse
      let length = whileActive ? pulses.pulse : pulses.period - pulses.pulse
      let waveform = PulseWaveform(
        start: pulses.start, rate: pulses.rate, period: pulses.period, pulse: max(0, length - deadTime),
        offset: start + deadTime, activeLevel: activeLevel)
      for output in outputs { output.drive(waveform, at: time) }
    }
  }
}
