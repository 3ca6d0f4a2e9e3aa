import Machine
import MicroPython

/// `machine.PWM` on the boards of the rp2 port (ports/rp2/machine_pwm.c): an output of a slice. The slice's other output has the same
/// frequency.
private final class RP2PWM: PWMOutput {
  private let slice: PWMSlice
  private let side: PWMSlice.Output
  private let outputs: PWMOutputs
  private var duty: PWMDuty?
  private var isInverted = false
  /// Whether firmware has given the slice a frequency; kept by the first of the two outputs that did.
  private var hasSetFrequency = false
  /// While the arguments of a setup are dealt with, nothing starts.
  private var isSettingUp = false

  init(_ slice: PWMSlice, _ side: PWMSlice.Output, _ outputs: PWMOutputs) {
    self.slice = slice
    self.side = side
    self.outputs = outputs
  }

  var text: String {
    "<PWM slice=\(slice.number) channel=\(side.rawValue) invert=\(isInverted ? 1 : 0)>"
  }

  private var other: RP2PWM? {
    outputs[PWMOutputs.Place(peripheral: slice.number, output: 1 - side.rawValue)] as? RP2PWM
  }

  private var hasFrequency: Bool { hasSetFrequency || other?.hasSetFrequency == true }

  func prepare(isSetUp: Bool) {
    isInverted = false
    duty = nil
  }

  func connect(_ pin: Pin) {
    let function = pin.functions.first { $0.signal.hasPrefix("PWM") }
    pin.configure(.alternatePushPull, pull: pin.pull, alternateFunction: function?.number)
  }

  func setUp(_ setup: PWMSetup) throws {
    isSettingUp = true
    defer { isSettingUp = false }
    try setRates(setup)
    if let isInverted = setup.isInverted { self.isInverted = isInverted }
    isSettingUp = false
    start()
  }

  private func start() {
    guard !isSettingUp, hasFrequency, duty != nil else { return }
    slice.setInverted(isInverted, side)
    if let other { slice.setInverted(other.isInverted, other.side) }
    slice.setEnabled(true)
  }

  func stop() { slice.setEnabled(false) }

  // MARK: Frequency

  /// The largest `top`, so that a duty of 65535 is all of the time.
  private static let largestTop = 65534

  /// Hz of the slice's clock times `numerator`, divided by a divisor of sixteenths.
  private func rate(_ divisor: Int, roundedBy offset: Int) -> Int {
    divisor == 0 ? Int(UInt32.max) : (16 * slice.sourceClock + offset) / divisor
  }

  var frequency: Int {
    guard hasFrequency else { return 0 }
    let divisor = slice.divider * (slice.top + 1)
    return rate(divisor, roundedBy: divisor / 2)
  }

  func setFrequency(_ frequency: Int) throws {
    var divider = 16
    var top = frequency == 0 ? Self.largestTop : (slice.sourceClock + frequency / 2) / frequency
    if top < Self.largestTop {
      top -= 1
    } else {
      let divisor = Self.largestTop * frequency
      divider = rate(divisor, roundedBy: divisor - 1)
      if divider < 256 * 16 { top = rate(divider * frequency, roundedBy: divider * frequency / 2) - 1 }
    }
    guard divider >= 16 else { throw PythonError.value("freq too large") }
    guard divider < 256 * 16 else { throw PythonError.value("freq too small") }
    slice.setDivider(divider)
    slice.top = top & 0xffff
    hasSetFrequency = true
    renew(duty)
    if let other { other.renew(other.duty) }
  }

  // MARK: Duty

  private var level: Int { slice.level(of: side) }

  var dutyU16: Int {
    guard duty != nil, hasFrequency else { return 0 }
    return (level * 65535 + (slice.top + 1) / 2) / (slice.top + 1)
  }

  func setDuty(u16: Int) {
    let duty = min(u16, 65535)
    let level = UInt32(truncatingIfNeeded: duty * (slice.top + 1) + 65535 / 2) / 65535
    slice.setLevel(Int(level), of: side)
    self.duty = .u16(duty)
    start()
  }

  var dutyNanoseconds: Int {
    guard duty != nil, hasFrequency else { return 0 }
    let rate = countRate
    return (level * 1_000_000_000 + rate / 2) / rate
  }

  func setDuty(nanoseconds: Int) {
    let (product, overflow) = max(0, nanoseconds).multipliedReportingOverflow(by: countRate)
    let level =
      overflow
      ? slice.top + 1 : (product / 1_000_000_000).advanced(by: product % 1_000_000_000 >= 500_000_000 ? 1 : 0)
    slice.setLevel(min(level, slice.top + 1), of: side)
    duty = .nanoseconds(nanoseconds)
    start()
  }

  /// Counts in a second.
  private var countRate: Int { rate(slice.divider, roundedBy: slice.divider / 2) }
}

extension RP2Port {
  func pwmOutput(_ pin: Pin, _ outputs: PWMOutputs, _ board: Board) throws -> any PWMOutput {
    let place = pin.functions.lazy.compactMap { Self.pwmOutput($0.signal) }.first
    guard let place, let slice = board.pwmSlices[place.slice] else {
      throw PythonError.value("invalid pin")
    }
    let side = place.output
    return outputs.output(at: PWMOutputs.Place(peripheral: slice.number, output: side.rawValue)) {
      RP2PWM(slice, side, outputs)
    }
  }

  /// Of a signal as `PWM3_A`.
  private static func pwmOutput(_ signal: String) -> (slice: Int, output: PWMSlice.Output)? {
    let parts = signal.split(separator: "_")
    guard parts.count == 2, parts[0].hasPrefix("PWM"), let slice = Int(parts[0].dropFirst(3)) else {
      return nil
    }
    switch parts[1] {
    case "A": return (slice, .a)
    case "B": return (slice, .b)
    default: return nil
    }
  }
}
