import Machine
import MicroPython

/// `machine.time_pulse_us` (extmod/machine_pulse.c): how long a pulse on a pin lasts.
enum PulseFunctions: HardwareFunctions {
  static let modules = [HardwareModule.machine]

  static func define(_ module: PythonModuleBuilder<Hardware>) {
    module.function(
      "time_pulse_us", .required("pin", .value), .required("pulse_level", .bool),
      .optional("timeout_us", .int, default: 1_000_000)
    ) { call, pin, isHigh, timeout -> Int in
      let pin = try call.host.pin(pin)
      let level: Level = isHigh ? .high : .low
      // Each of the two waits has the whole time.
      guard call.host.waited(atMost: timeout, while: pin, is: level.opposite) != nil else { return -2 }
      return call.host.waited(atMost: timeout, while: pin, is: level) ?? -1
    }
  }
}
