import Asyncio
import Machine

/// A humidity and temperature sensor HTU21D on an I2C bus, read again and again by a task of its own (`HTU21D` of
/// micropython-async).
///
/// TE Connectivity, HTU21D(F) data sheet: commands without holding the clock, at most 50 ms for a measurement, check sum.
@Firmware
public final class HumiditySensor {
  /// In degrees Celsius; `nil` before the first measurement.
  public private(set) var temperature: Double?
  /// Relative, in percent.
  public private(set) var humidity: Double?
  /// Set when both have been measured for the first time.
  public let isMeasured = Event()
  /// The error that has ended the measurements.
  public private(set) var failure: (any Error)?

  private let bus: I2CController
  private let address: Int
  private var task: FirmwareTask<Void>?

  /// A failure of the sensor.
  public enum Failure: Error, Hashable, CustomStringConvertible {
    case notFound(address: Int)
    case checksum

    public var description: String {
      switch self {
      case .notFound(let address): "no HTU21D answers at address 0x\(String(address, radix: 16))"
      case .checksum: "the check sum of an HTU21D's answer is wrong"
      }
    }
  }

  /// Measuring takes 50 ms at most; its author's driver waits a little longer.
  private static let measuringMs = 60
  private static let measureTemperature: UInt8 = 0xF3
  private static let measureHumidity: UInt8 = 0xF5

  /// - Parameters:
  ///   - bus: set up as a controller.
  ///   - readDelay: seconds between two measurements.
  /// - Throws: when no such sensor answers.
  public init(
    _ bus: I2CController, readDelay: Double = 10, address: Int = 0x40, file: StaticString = #fileID,
    line: UInt = #line
  ) throws {
    guard try bus.isReady(address) else { throw Failure.notFound(address: address) }
    self.bus = bus
    self.address = address
    task = createService(name: "HumiditySensor", file: file, line: line) {
      do { try await self.measure(every: readDelay) } catch {
        self.failure = error
        throw error
      }
    }
  }

  /// Measures no more.
  public func end() throws(SchedulerError) { try task?.cancel() }

  private func measure(every delay: Double) async throws {
    while true {
      temperature = -46.85 + 175.72 * (try await reading(Self.measureTemperature)) / 65_536
      humidity = -6 + 125 * (try await reading(Self.measureHumidity)) / 65_536
      isMeasured.set()
      try await sleep(delay)
    }
  }

  private func reading(_ command: UInt8) async throws -> Double {
    try bus.write(to: address, [command])
    try await sleepMs(Self.measuringMs)
    let bytes = try bus.read(from: address, count: 3)
    guard Self.remainder(bytes) == 0 else { throw Failure.checksum }
    // The two lowest bits hold the kind of measurement.
    return Double(Int(bytes[0]) << 8 | Int(bytes[1] & 0xFC))
  }

  /// Returns the remainder of a division by x⁸ + x⁵ + x⁴ + 1; 0 for bytes with their check sum behind them.
  private static func remainder(_ bytes: [UInt8]) -> UInt8 {
    bytes.reduce(0) { sum, byte in
      (0..<8).reduce(sum ^ byte) { sum, _ in sum & 0x80 != 0 ? sum << 1 ^ 0x31 : sum << 1 }
    }
  }
}
