import Timebase

/// A digital-to-analogue converter: puts a voltage on its pin's net (ports/stm32/dac.c).
public final class DAC {
  /// 1 or 2.
  public let number: Int
  public let pin: Pin
  /// Whether it has its pin.
  public private(set) var isOn = false
  private let context: PartContext
  private let driver: NetDriver
  /// The value that was written last.
  private var written = 0
  /// The values that follow each other by themselves.
  private var waveform: SampledWaveform?
  /// The next value, while each is recorded.
  private var event: Clock.EventID?

  private static let fullScale = 4095

  init(number: Int, pin: Pin, context: PartContext) {
    self.number = number
    self.pin = pin
    self.context = context
    driver = NetDriver(name: "DAC \(number)")
  }

  /// The output value, 0 to 4095.
  public var output: Int { waveform?.value(at: context.clock.now) ?? written }

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
    guard isOn else { return }
    putOut(value & Self.fullScale)
    context.trace.record(.dac(number, written), at: context.clock.now)
    context.interrupts.poll()
  }

  /// Puts out values one after the other, the first after one period, without anybody waiting for them.
  /// - Parameters:
  ///   - frequency: values a second.
  ///   - repeats: begins again after the last; otherwise that stays.
  public func play(_ values: [Int], frequency: Double, repeats: Bool) {
    finishWaveform()
    guard isOn, !values.isEmpty else { return }
    let period = Interval.nanoseconds(max(1, Int64((1e9 / frequency).rounded())))
    let waveform = SampledWaveform(
      start: context.clock.now + period, period: period, values: values.map { $0 & Self.fullScale },
      fullScale: Self.fullScale, repeats: repeats, before: driver.level == nil ? nil : written)
    self.waveform = waveform
    driver.drive(waveform)
    if context.trace.isOn { recordNextValue(after: context.clock.now, of: waveform) }
    context.interrupts.poll()
  }

  /// A triangle from 0 to 4095 and back, one step at a time.
  /// - Parameter frequency: steps a second.
  public func playTriangle(frequency: Double) {
    write(0)
    play(Array(1...Self.fullScale) + (0..<Self.fullScale).reversed(), frequency: frequency, repeats: true)
  }

  /// Noise from the converter's shift register of twelve bits.
  /// - Parameter frequency: values a second.
  public func playNoise(frequency: Double) { play(Self.noise, frequency: frequency, repeats: true) }

  /// The shift register's values until it begins again.
  private static let noise: [Int] = {
    let seed = 0xaaa
    var values: [Int] = []
    var register = seed
    repeat {
      let bit = (register ^ register >> 1 ^ register >> 4 ^ register >> 6) & 1
      register = register >> 1 | bit << 11
      values.append(register)
    } while register != seed
    return values
  }()

  private func recordNextValue(after time: Instant, of waveform: SampledWaveform) {
    guard let next = waveform.nextValue(after: time) else { return }
    event = context.clock.schedule(at: next) { [weak self] in
      guard let self, let value = waveform.value(at: next) else { return }
      event = nil
      // The edge that the value makes comes first.
      pin.net.settleWaveforms(to: next)
      context.trace.record(.dac(number, value), at: next)
      context.interrupts.poll()
      recordNextValue(after: next, of: waveform)
    }
  }

  private func finishWaveform() {
    if let event { context.clock.cancel(event) }
    event = nil
    guard let waveform else { return }
    self.waveform = nil
    guard let value = waveform.value(at: context.clock.now) else { return driver.release() }
    putOut(value)
  }

  private func putOut(_ value: Int) {
    written = value
    driver.drive(voltage: Net.supply * Double(value) / Double(Self.fullScale))
  }
}
