import Machine
import MicroPython
import Timebase

/// `machine.dht_readinto` and `pyb.dht_readinto` (drivers/dht/dht.c): one reading of a DHT11 or DHT22.
enum DHTFunctions: HardwareFunctions {
  static let modules = [HardwareModule.machine]

  static func define(_ module: PythonModuleBuilder<Hardware>) {
    module.function("dht_readinto", .required("pin", .value), .required("buf", .writableBuffer)) {
      call, pin, buffer in
      let pin = try call.host.pin(pin)
      pin.configure(.outputOpenDrain, pull: pin.pull, level: .high)
      guard buffer.byteCount >= 5 else { throw PythonError.value("buffer too small") }
      let hardware = call.host
      hardware.busyWait(.milliseconds(250))
      pin.level = .low
      hardware.busyWait(.milliseconds(18))
      guard let bytes = hardware.withoutInterrupts({ answer(of: pin, hardware) }) else {
        hardware.board.context.silentDevice = SilentDevice("a DHT sensor", pins: [pin.name])
        throw OSErrorNumber.timedOut
      }
      hardware.board.context.silentDevice = nil
      buffer.mutableBytes.copyBytes(from: bytes)
    }
  }

  /// Five bytes: a bit is a pulse of 26 or 70 µs.
  private static func answer(of pin: Pin, _ hardware: Hardware) -> [UInt8]? {
    pin.level = .high
    hardware.busyWait(.microseconds(10))
    guard hardware.waited(atMost: 100, while: pin, is: .high) != nil,
      hardware.pulseLength(of: pin, at: .high, atMost: 150) != nil
    else { return nil }
    var bytes = [UInt8](repeating: 0, count: 5)
    for bit in 0..<40 {
      guard let length = hardware.pulseLength(of: pin, at: .high, atMost: 100) else { return nil }
      bytes[bit / 8] = bytes[bit / 8] << 1 | (length > 48 ? 1 : 0)
    }
    return bytes
  }
}
