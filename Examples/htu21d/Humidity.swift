import Asyncio
import Drivers
import Machine
import Session

/// Reads a humidity and temperature sensor HTU21D every two seconds, in a task of its own, and prints what it has every five. Runs
/// until it is interrupted. In Python: htu21d.py
@main struct Humidity: FirmwareProgram {
  static let abstract = "Reads a humidity and temperature sensor; run with --device htu21d@X9,X10."

  @Firmware static func run(on board: Board) async throws {
    let bus = try board.i2c(1)
    bus.start(frequency: 400_000)
    let sensor = try HumiditySensor(bus, readDelay: 2)
    try await sensor.isMeasured.wait()
    while let temperature = sensor.temperature, let humidity = sensor.humidity {
      print("Temp \(column(temperature)) Humidity \(column(humidity))")
      try await sleep(5)
    }
  }

  /// One decimal, in five columns.
  private static func column(_ number: Double) -> String {
    let tenths = Int((number * 10).rounded())
    let text = "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
    return String(repeating: " ", count: max(0, 5 - text.count)) + text
  }
}
