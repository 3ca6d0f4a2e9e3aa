import Machine
import MicroPython

/// `machine.PWM` at a pin that is a pulse-width output of the host. There is no such class in MicroPython's port to Linux: it takes and
/// gives what the other ports' do.
final class HostPWM: PWMOutput {
  private let pulses: HostPulses
  private let pin: Pin
  private var duty: PWMDuty?
  private var isInverted = false
  private(set) var frequency = 0

  init(_ pulses: HostPulses, _ pin: Pin) {
    self.pulses = pulses
    self.pin = pin
  }

  var text: String { "<PWM \(pin.cpuName)>" }

  func prepare(isSetUp: Bool) { if isSetUp { duty = nil } }

  func setUp(_ setup: PWMSetup) throws {
    isInverted = setup.isInverted ?? isInverted
    try setRates(setup)
  }

  /// The kernel's driver has the pin.
  func connect(_ pin: Pin) {}

  func stop() {
    pulses.stop()
    (frequency, duty) = (0, nil)
  }

  func setFrequency(_ frequency: Int) throws {
    guard frequency > 0 else { throw PythonError.value("freq too small") }
    guard frequency <= 500_000_000 else { throw PythonError.value("freq too large") }
    self.frequency = frequency
    apply()
  }

  func setDuty(u16: Int) {
    duty = .u16(min(max(0, u16), 65535))
    apply()
  }

  func setDuty(nanoseconds: Int) {
    duty = .nanoseconds(max(0, nanoseconds))
    apply()
  }

  var dutyU16: Int { period == 0 ? 0 : (pulse * 65535 + period / 2) / period }
  var dutyNanoseconds: Int { pulse }

  /// Nanoseconds; 0 while no frequency was set.
  private var period: Int { frequency == 0 ? 0 : (1_000_000_000 + frequency / 2) / frequency }

  private var pulse: Int {
    switch duty {
    case .u16(let duty): (duty * period + 65535 / 2) / 65535
    case .nanoseconds(let duty): min(duty, period)
    case nil: 0
    }
  }

  private func apply() {
    guard frequency > 0, duty != nil else { return }
    pulses.set(period: period, pulse: pulse, isInverted: isInverted)
  }
}
