import Machine
import MicroPython
import Timebase

/// `machine.bitstream` (extmod/machine_bitstream.c): bits as pulses of two lengths, for NeoPixels.
enum BitstreamFunctions: HardwareFunctions {
  static let modules = [HardwareModule.machine]

  static func define(_ module: PythonModuleBuilder<Hardware>) {
    module.function(
      "bitstream", .required("pin", .value), .required("encoding", .int), .required("timing", .integers),
      .required("data", .buffer)
    ) { call, pin, encoding, timing, data in
      guard encoding == 0 else { throw PythonError.value("encoding") }
      guard timing.count == 4 else {
        throw PythonError.value("requested length 4 but object has length \(timing.count)")
      }
      send(
        Array(data.bytes), to: try call.host.pin(pin), timing.map { .nanoseconds(max(shortest, $0)) },
        call.host)
    }
  }

  /// Nanoseconds that the driver needs for half a bit whatever was asked for: the ten instructions of its loop.
  private static let shortest = 60

  /// - Parameter times: high and low of a 0, high and low of a 1.
  private static func send(_ bytes: [UInt8], to pin: Pin, _ times: [Interval], _ hardware: Hardware) {
    hardware.withoutInterrupts {
      for byte in bytes {
        for bit in (0..<8).reversed() {
          let isOne = byte >> bit & 1 == 1
          pin.level = .high
          hardware.busyWait(times[isOne ? 2 : 0])
          pin.level = .low
          hardware.busyWait(times[isOne ? 3 : 1])
        }
      }
    }
  }
}
