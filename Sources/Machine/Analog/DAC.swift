import Timebase

/// A digital-to-analogue converter: puts a voltage on its pin's net (ports/stm32/dac.c).
public final class DAC {
  /// 1 or 2.
  public let number: Int
  public let pin: Pin
  /// Whether it has its pin.
  public private(set) var isOn = false
  /// What it puts out, 0 to 4095.
  public private(set) var output = 0

  private let context: PartContext
  private let driver: NetDriver
  /// The values that are still to come, each in its time.
  private var waveform: (() -> Int?)?
  private var next = Instant.powerOn
  private var event: Clock.EventID?

  init(number: Int, pin: Pin, context: PartContext) {
    self.number = number
    self.pin = pin
    self.context = context
    driver = NetDriver(name: "DAC \(number)")
  }

  /// Takes its pin; nothing is put out before the first value.
  public func start() {
    finishWaveform()
    pin.configure(.analog, at: nil)
    driver.release()
    if driver.net == nil { pin.net.attach(driver) }
    isOn = true
  }

  /// Lets go of its pin.
  public func stop() {
    finishWaveform()
    driver.release()
    isOn = false
  }

  /// Puts out one value, and ends a waveform.
  /// - Parameter value: 0 to 4095; the low twelve bits of any other.
  public func write(_ value: Int) {
    finishWaveform()
    put(value, at: context.clock.now)
  }

  /// Puts out values one after the other, the first after one period, without anybody waiting for them.
  /// - Parameters:
  ///   - frequency: values a second.
  ///   - repeats: begins again after the last; otherwise that stays.
  public func play(_ values: [Int], frequency: Double, repeats: Bool) {
    guard !values.isEmpty else { return finishWaveform() }
    var index = 0
    begin(frequency) {
      if index == values.count {
        guard repeats else { return nil }
        index = 0
      }
      defer { index += 1 }
      return values[index]
    }
  }

  /// A triangle from 0 to 4095 and back, one step at a time.
  /// - Parameter frequency: steps a second.
  public func playTriangle(frequency: Double) {
    put(0, at: context.clock.now)
    var value = 0
    var direction = 1
    begin(frequency) {
      value += direction
      if value == 0 || value == 4095 { direction = -direction }
      return value
    }
  }

  /// Noise from the converter's shift register of twelve bits.
  /// - Parameter frequency: values a second.
  public func playNoise(frequency: Double) {
    var register = 0xaaa
    begin(frequency) {
      let bit = (register ^ register >> 1 ^ register >> 4 ^ register >> 6) & 1
      register = register >> 1 | bit << 11
      return register
    }
  }

  private func begin(_ frequency: Double, _ values: @escaping () -> Int?) {
    finishWaveform()
    waveform = values
    let period = Interval.nanoseconds(max(1, Int64((1e9 / frequency).rounded())))
    next = context.clock.now + period
    schedule(period)
  }

  private func schedule(_ period: Interval) {
    event = context.clock.schedule(at: next) { [weak self] in
      guard let self else { return }
      event = nil
      guard let value = waveform?() else { return finishWaveform() }
      put(value, at: next)
      next = next + period
      schedule(period)
    }
  }

  private func finishWaveform() {
    if let event { context.clock.cancel(event) }
    event = nil
    waveform = nil
  }

  private func put(_ value: Int, at time: Instant) {
    guard isOn else { return }
    output = value & 0xfff
    driver.drive(voltage: Net.supply * Double(output) / 4095, at: time)
    context.trace.record(.dac(number, output), at: time)
    context.interrupts.poll()
  }
}
