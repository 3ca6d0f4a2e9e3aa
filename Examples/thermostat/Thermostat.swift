import Asyncio
import Machine
import Session

/// A task reads an HTU21D on I2C once a second, and switches LED 1 on while it is warmer than 25 °C. Runs until it is interrupted.
/// In Python: thermostat.py
@main struct Thermostat: FirmwareProgram {
  static let abstract =
    "Reads a thermometer on I2C; run with --device htu21d@X9,X10,temperature=21.5, try --for 5s."

  static let address = 0x40
  /// Without holding the clock.
  static let measureTemperature: UInt8 = 0xF3
  /// Tenths of a degree.
  static let limit = 250

  @Firmware static func run(on board: Board) async throws {
    let bus = try board.i2c(1)
    bus.start(frequency: 400_000)
    defer { bus.stop() }
    let heater = try board.led(1)
    defer { heater.off() }
    while true {
      let temperature = try await readTemperature(bus)
      print("\(temperature / 10).\(temperature % 10) °C")
      if temperature > limit { heater.on() } else { heater.off() }
      try await sleep(1)
    }
  }

  /// Tenths of a degree.
  @Firmware private static func readTemperature(_ bus: I2CController) async throws -> Int {
    try bus.write(to: address, [measureTemperature])
    try await sleepMs(60)
    let bytes = try bus.read(from: address, count: 2)
    let raw = Int(bytes[0]) << 8 | Int(bytes[1] & 0xFC)
    return (17572 * raw / 65536 - 4685 + 5) / 10
  }
}
