import Timebase

/// A light-emitting diode of the board.
///
/// Behaves as `pyb.LED` (ports/stm32/led.c): those that can be dimmed take any brightness, the others are on for
/// anything but zero.
public final class LED {
  /// 1 is the first.
  public let number: Int
  /// As the board file says: `red`.
  public let colour: String
  public let isDimmable: Bool
  public let pin: Pin

  private let context: PartContext
  /// The output of the LED's timer while the LED is dimmed; `nil` while the pin is simply on or off.
  private var timerOutput: PinOutput?
  private var timerStart = Instant.powerOn
  private var isTimerStarting = false
  private var listening: NetListening?
  let observers = SignalObservers()
  private var told = 0

  /// The timer that dims it counts microseconds, and its period is 10 ms (ports/stm32/led.c).
  private static let timerRate = TickRate(hertz: 1_000_000)
  private static let timerPeriod = 10_000
  private static let timerSignal = "pulse width"

  init(number: Int, description: BoardDescription.LED, pin: Pin, context: PartContext) {
    self.number = number
    self.pin = pin
    self.context = context
    colour = description.colour
    isDimmable = description.isDimmable
    pin.configure(.outputPushPull, level: .low, at: nil)
    listening = pin.net.listen(self)
  }

  public var isOn: Bool { intensity > 0 }

  /// Brightness, 0 to 255. Values outside are taken as the nearer end.
  ///
  /// The signal on the LED's net decides: a level, or pulses of any timer.
  public var intensity: Int {
    get {
      if let pulses = pin.net.waveform as? PulseWaveform { return Self.brightness(of: pulses) }
      return pin.mode != .input && pin.mode != .analog && pin.net.level == .high ? 255 : 0
    }
    set {
      if pin.isHostPin && (1..<255).contains(newValue) { tellThatItIsOnOrOff(newValue) }
      guard isDimmable && !pin.isHostPin, (1..<255).contains(newValue) else {
        set(newValue > 0 ? .high : .low)
        return
      }
      dim(to: newValue)
      tell(at: context.clock.now)
      context.interrupts.poll()
    }
  }

  private func dim(to intensity: Int) {
    let output: PinOutput
    if let timerOutput {
      output = timerOutput
    } else {
      // The timer begins without pulses; that is not a brightness that anybody has asked for.
      isTimerStarting = true
      output = pin.connectPeripheral(Self.timerSignal, output: .low)
      isTimerStarting = false
      timerOutput = output
      timerStart = context.clock.now
    }
    let pulses = PulseWaveform(
      start: timerStart, rate: Self.timerRate, period: Self.timerPeriod,
      pulse: intensity * (Self.timerPeriod - 1) / 255, isTracedByItsPart: true)
    output.drive(pulses, at: nil)
  }

  /// How bright pulses look: their share of the time, 0 to 255.
  private static func brightness(of pulses: PulseWaveform) -> Int {
    let active = pulses.activeLevel == .high ? pulses.pulse : pulses.period - pulses.pulse
    guard pulses.period > 1 else { return active > 0 ? 255 : 0 }
    let share = (Int128(active) * 255 + Int128(pulses.period) - 2) / Int128(pulses.period - 1)
    return Int(min(share, 255))
  }

  public func on() { set(.high) }
  public func off() { set(.low) }

  /// A dimmed LED counts as on.
  public func toggle() { set(isOn ? .low : .high) }

  private func set(_ level: Level) {
    if timerOutput != nil {
      timerOutput = nil
      pin.forgetPeripheral(Self.timerSignal)
      pin.configure(.outputPushPull, level: level, at: nil)
    } else {
      pin.level = level
    }
    tell(at: context.clock.now)
  }

  private func tellThatItIsOnOrOff(_ intensity: Int) {
    context.reporter.reportOnce(
      .noIntensity,
      "LED(\(number)) is on a GPIO line of this machine, which is on or off: intensity \(intensity) switches it on",
      advice: "use on() and off(), or switch it fast from a task")
  }

  private func tell(at time: Instant) { tell(intensity, at: time) }

  private func tell(_ brightness: Int, at time: Instant) {
    guard brightness != told, !isTimerStarting else { return }
    told = brightness
    context.trace.record(.led(number, brightness: brightness), at: time)
    observers.tell(.integer(brightness), at: time)
  }
}

/// Pulses are brightness, not light that goes on and off.
extension LED: NetListener {
  public func netChanged(_ edge: Net.Edge) { tell(at: edge.time) }

  public func takes(_ waveform: any Waveform, from driver: NetDriver, at start: Instant) -> Bool {
    guard let pulses = waveform as? PulseWaveform else { return false }
    tell(Self.brightness(of: pulses), at: start)
    return true
  }
}
