import Timebase

/// A slice of the RP2040's pulse-width modulation: a counter of 16 bits that counts up, and two outputs that compare with it (RP2040 data
/// sheet, section 4.5).
public final class PWMSlice {
  public enum Output: Int, Sendable, Hashable, CaseIterable {
    case a
    case b
  }

  /// 0 to 7.
  public let number: Int
  /// The frequency that its divider divides, Hz.
  public let sourceClock: Int
  public private(set) var isEnabled = false
  /// Sixteenths of the divisor of the clock: 16 to 4095.
  public private(set) var divider = 16
  /// The last value of the counter before it wraps, 0 to 65535. Takes effect when it wraps.
  public var top = 0xffff {
    didSet { registersChanged() }
  }

  private let context: PartContext
  private var levels = [0, 0]
  private var isInverted = [false, false]
  private let pins: [[PinOutput]]
  /// How it counts, with the levels that it compares with.
  private var counter: TimerCounter
  private var activeLevels = [0, 0]
  /// The counter's value while the slice is not enabled.
  private var standing = 0
  private var takeover: Int128?
  private var event: Clock.EventID?

  init(number: Int, sourceClock: Int, context: PartContext) {
    self.number = number
    self.sourceClock = sourceClock
    self.context = context
    counter = Self.counter(sourceClock, divider: 16, top: 0xffff, from: .powerOn)
    pins = ["A", "B"].map { letter in
      let signal = "PWM\(number)_\(letter)"
      return context.pins.filter { $0.carries(signal) }
        .map { $0.offerOutput(signal) }
    }
    show(at: context.clock.now)
  }

  /// Counts sixteenths, as far as the divider has some.
  private static func counter(
    _ clock: Int, divider: Int, top: Int, from epoch: Instant
  ) -> TimerCounter {
    let parts = min(16, divider & -divider)
    return TimerCounter(
      rate: TickRate(hertz: clock * 16 / parts), epoch: epoch,
      division: TimerDivision(prescaler: divider / parts - 1, period: top), mode: .up)
  }

  /// Returns the value that an output is compared with: it is high while the counter is below. Takes effect
  /// when the counter wraps.
  public func level(of output: Output) -> Int { levels[output.rawValue] }

  public func setLevel(_ level: Int, of output: Output) {
    levels[output.rawValue] = level & 0xffff
    registersChanged()
  }

  public func setInverted(_ isInverted: Bool, _ output: Output) {
    guard self.isInverted[output.rawValue] != isInverted else { return }
    self.isInverted[output.rawValue] = isInverted
    show(at: context.clock.now)
  }

  /// - Parameter sixteenths: taken as the nearer end outside of 16 to 4095. Takes effect at once.
  public func setDivider(_ sixteenths: Int) {
    let divider = min(max(sixteenths, 16), 4095)
    guard divider != self.divider else { return }
    settle()
    self.divider = divider
    if isEnabled { count(from: value, by: counter.division.period) }
  }

  /// Lets it count on, or stand; its outputs then stay as they are.
  public func setEnabled(_ isEnabled: Bool) {
    guard isEnabled != self.isEnabled else { return }
    settle()
    if isEnabled {
      self.isEnabled = true
      activeLevels = levels
      count(from: standing, by: top)
    } else {
      standing = value
      self.isEnabled = false
      cancelTakeover()
      show(at: context.clock.now)
    }
  }

  // MARK: Counting

  private var value: Int {
    isEnabled ? counter.value(atTick: counter.tick(at: context.clock.now)) : standing
  }

  private func count(from value: Int, by top: Int) {
    let isWaiting = takeover != nil
    cancelTakeover()
    counter = Self.counter(sourceClock, divider: divider, top: top, from: context.clock.now)
    counter.set(value, atTick: 0)
    show(at: context.clock.now)
    if isWaiting || top != self.top || activeLevels != levels { registersChanged() }
  }

  private func registersChanged() {
    guard isEnabled, let wrap = counter.update(afterTick: counter.tick(at: context.clock.now)) else {
      return takeOver(atTick: counter.tick(at: context.clock.now))
    }
    guard takeover == nil else { return }
    takeover = wrap
    event = context.clock.schedule(at: counter.instant(ofTick: wrap)) { [weak self] in
      self?.settle()
      self?.context.interrupts.poll()
    }
  }

  private func settle() {
    guard let takeover, counter.instant(ofTick: takeover) <= context.clock.now else { return }
    takeOver(atTick: takeover)
  }

  private func takeOver(atTick tick: Int128) {
    cancelTakeover()
    activeLevels = levels
    counter.adopt(TimerDivision(prescaler: counter.division.prescaler, period: top), atUpdate: tick)
    show(at: isEnabled ? counter.instant(ofTick: tick) : context.clock.now)
  }

  private func cancelTakeover() {
    takeover = nil
    if let event { context.clock.cancel(event) }
    event = nil
  }

  private func show(at time: Instant) {
    for index in 0...1 {
      let high: Level = isInverted[index] ? .low : .high
      let part = counter.activePart(compare: activeLevels[index])
      let isSteady = part.length <= 0 || part.length >= counter.ticksPerCycle
      if isEnabled && !isSteady {
        let pulses = PulseWaveform(
          start: counter.epoch, rate: counter.rate, period: Int(counter.ticksPerCycle),
          pulse: Int(part.length),
          offset: Int(part.start % counter.ticksPerCycle), activeLevel: high)
        for pin in pins[index] { pin.drive(pulses, at: time) }
      } else {
        let isHigh = isEnabled ? part.length > 0 : standing < activeLevels[index]
        for pin in pins[index] { pin.drive(isHigh ? high : high.opposite, at: time) }
      }
    }
  }
}

extension BoardDescription {
  /// There is one for each number that the functions of pins name (`PWM0_A`).
  public struct PWM: PartDescription, Hashable {
    public var number: Int
    public var sourceClock: Int

    public static let title = "PWM slices"

    public static func read(_ file: BoardFile) throws(BoardFileError) -> [Self] {
      let clock = file.processor.clock
      let numbers = file.functions.values.joined().compactMap { function in
        function.signal.hasPrefix("PWM") ? Int(function.signal.dropFirst(3).prefix { $0 != "_" }) : nil
      }
      return Set(numbers).sorted().map { Self(number: $0, sourceClock: clock) }
    }

    public var partName: String { "pwm\(number)" }
    public var facts: [String] { ["\(sourceClock / 1_000_000) MHz", "2 outputs"] }

    public func makePart(_ context: PartContext) throws(BoardError) -> (any Part)? {
      PWMSlice(number: number, sourceClock: sourceClock, context: context)
    }
  }
}

extension PWMSlice: NumberedPart {
  public static let kindName = "PWM"
  public static let pluralName = "PWM slices"

  public var name: String { "pwm\(number)" }

  public func reset(_ kind: ResetKind) { setEnabled(false) }
}

extension Board {
  /// By number.
  public var pwmSlices: [Int: PWMSlice] { numbered(PWMSlice.self) }

  public func pwmSlice(_ number: Int) throws(NoSuchPart) -> PWMSlice { try part(PWMSlice.self, number) }
}
