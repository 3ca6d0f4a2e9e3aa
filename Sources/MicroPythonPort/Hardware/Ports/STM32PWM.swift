import Machine
import MicroPython

/// `machine.PWM` on the boards of the stm32 port (ports/stm32/machine_pwm.c): a channel of a timer. The timer's other channels have the same
/// frequency.
private final class STM32PWM: PWMOutput {
  private let timer: HardwareTimer
  private let channel: TimerChannel
  private let outputs: PWMOutputs
  private var duty: PWMDuty?
  private var activeLevel = Level.high

  init(_ timer: HardwareTimer, _ channel: TimerChannel, _ outputs: PWMOutputs) {
    self.timer = timer
    self.channel = channel
    self.outputs = outputs
  }

  var text: String { "<PWM TIM\(timer.number)_CH\(channel.number)>" }

  func prepare(isSetUp: Bool) {
    if !timer.isRunning { set(TimerDivision(prescaler: timer.division.prescaler, period: 0)) }
    if channel.outputMode != .pwm { channel.stop() }
    guard isSetUp else { return }
    duty = nil
    setPolarity(.high)
  }

  func connect(_ pin: Pin) {
    let signal = STM32Port.pwmSignal(of: pin)
    pin.configure(.alternatePushPull, alternateFunction: signal?.number)
  }

  func setUp(_ setup: PWMSetup) throws {
    if let isInverted = setup.isInverted { setPolarity(isInverted ? .low : .high) }
    try setRates(setup)
    if hasFrequency { start() }
  }

  /// The counter would stand with a period of 0.
  private var hasFrequency: Bool { timer.division.period != 0 }

  private func setPolarity(_ level: Level) {
    guard level != activeLevel else { return }
    activeLevel = level
    if channel.outputMode == .pwm { restart() }
  }

  private func start() {
    if !timer.isRunning { set(timer.division, starts: true) }
    if channel.outputMode != .pwm { restart() }
  }

  private func restart() {
    channel.start(.pwm, compare: channel.compare, activeLevel: activeLevel, complement: false)
  }

  func stop() {
    channel.stop()
    timer.stopIfUnused()
  }

  /// Of values that fit the registers.
  private func set(_ division: TimerDivision, starts: Bool = false) {
    do throws(TimerError) {
      if starts { try timer.start(division) } else { try timer.change(division) }
    } catch { preconditionFailure("\(error)") }
  }

  // MARK: Frequency

  var frequency: Int {
    guard hasFrequency else { return 0 }
    let divisor = UInt32(truncatingIfNeeded: (timer.division.prescaler + 1) * periodInCounts)
    return divisor == 0 ? 0 : timer.sourceClock / Int(divisor)
  }

  private var periodInCounts: Int { timer.division.period + 1 }

  func setFrequency(_ frequency: Int) throws {
    guard frequency > 0 else { throw PythonError.value("freq too small") }
    var prescaler = 1
    var period = (timer.sourceClock + frequency / 2) / frequency
    while timer.bits == 16, period > 0xffff {
      let factor = [5, 3].first { period % $0 == 0 } ?? 2
      prescaler *= factor
      period /= factor
    }
    guard period > 1 else { throw PythonError.value("freq too large") }
    set(TimerDivision(prescaler: prescaler - 1, period: period - 1))
    for number in 1...4 {
      let place = PWMOutputs.Place(peripheral: timer.number, output: number)
      if let output = outputs[place] as? STM32PWM { output.renew(output.duty) }
    }
  }

  // MARK: Duty

  var dutyU16: Int {
    guard duty != nil, hasFrequency else { return 0 }
    return (channel.compare * 65535 + periodInCounts / 2) / periodInCounts & 0xffff
  }

  func setDuty(u16: Int) {
    duty = .u16(u16)
    setCompare((UInt64(UInt32(truncatingIfNeeded: u16)) * UInt64(periodInCounts) + 65535 / 2) / 65535)
  }

  /// Counts in a second.
  private var countRate: Int { timer.sourceClock / (timer.division.prescaler + 1) }

  var dutyNanoseconds: Int {
    guard duty != nil, hasFrequency else { return 0 }
    return (channel.compare * 1_000_000_000 + countRate / 2) / countRate
  }

  func setDuty(nanoseconds: Int) {
    duty = .nanoseconds(nanoseconds)
    let counts = UInt64(UInt32(truncatingIfNeeded: nanoseconds)) * UInt64(countRate)
    setCompare((counts + 500_000_000) / 1_000_000_000)
  }

  private func setCompare(_ counts: UInt64) {
    guard hasFrequency else { return }
    channel.compare = min(Int(counts), periodInCounts)
    start()
  }
}

extension STM32Port {
  /// The function of a pin that PWM uses: the second channel of a timer that it can be connected to, or the only one.
  fileprivate static func pwmSignal(of pin: Pin) -> PinFunction? {
    let channels = pin.functions.filter { timerChannel($0.signal) != nil }
      .sorted { $0.number ?? 0 < $1.number ?? 0 }
    return channels.dropFirst().first ?? channels.first
  }

  /// Of a signal as `TIM2_CH1`; a complementary output (`TIM1_CH1N`) is none.
  private static func timerChannel(_ signal: String) -> (timer: Int, channel: Int)? {
    let parts = signal.split(separator: "_")
    guard parts.count == 2, parts[0].hasPrefix("TIM"), let timer = Int(parts[0].dropFirst(3)),
      parts[1].hasPrefix("CH"), let channel = Int(parts[1].dropFirst(2)), 1...4 ~= channel
    else { return nil }
    return (timer, channel)
  }

  func pwmOutput(_ pin: Pin, _ outputs: PWMOutputs, _ board: Board) throws -> any PWMOutput {
    if let pulses = board.hostPulses[pin.cpuName] {
      return outputs.output(at: PWMOutputs.Place(peripheral: -1, output: pin.number)) { HostPWM(pulses, pin) }
    }
    guard let place = Self.pwmSignal(of: pin).flatMap({ Self.timerChannel($0.signal) }),
      let timer = board.timers[place.timer]
    else { throw PythonError.value("Pin(\(pin.cpuName)) doesn't have PWM capabilities") }
    return try outputs.output(at: PWMOutputs.Place(peripheral: timer.number, output: place.channel)) {
      STM32PWM(timer, try timer.channel(place.channel), outputs)
    }
  }
}
