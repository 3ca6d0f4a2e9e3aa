import Machine
import Timebase

/// A humidity and temperature sensor on I2C at address 0x40.
///
/// Commands, resolutions, times and the check sum as in Measurement Specialties' data sheet HPC199 (HTU21D), pages 10 to 15.
public final class HTU21D: I2CDevice, I2CBehaviour {
  public static let kind = DeviceKind(
    "htu21d", title: "humidity and temperature sensor on I2C (also SHT21, Si7021)",
    source: "Measurement Specialties, HPC199 (HTU21D)",
    pins: [DeviceKind.Pin("scl"), DeviceKind.Pin("sda"), .power(), .ground()], keys: [.pullups])

  public let site: DeviceSite
  public let bus: I2CBusPort

  private let temperature: DeviceState
  private let humidity: DeviceState
  /// Resolution, heater, reload; 0x02 at power-on.
  private var userRegister: UInt8 = 0x02
  private var command: UInt8 = 0
  private var writes = 0
  private var measurement: (end: Instant, bytes: [UInt8], holds: Bool)?
  private var output: [UInt8] = []

  public init(_ site: DeviceSite) {
    self.site = site
    bus = I2CBusPort([0x40], site: site)
    temperature = DeviceState("temperature", .real(-40...125), unit: "°C", .real(22), site: site)
    humidity = DeviceState("humidity", .real(0...100), unit: "%RH", .real(45), site: site)
    bus.serve(self)
  }

  public var signals: [Signal] { [temperature.signal, humidity.signal] }
  public var controls: [Control] {
    [temperature.control(), humidity.control()] + busControls + temperature.sensorFaults()
      + humidity.sensorFaults()
  }

  // MARK: The bus

  /// While it measures without holding the clock, it does not acknowledge a read.
  public func begin(isRead: Bool) -> Bool {
    writes = 0
    guard isRead else { return true }
    if let measurement {
      guard measurement.holds || site.now >= measurement.end else { return false }
      output = measurement.bytes
    }
    return true
  }

  public func write(_ byte: UInt8) -> Bool {
    writes += 1
    if writes == 1 { return take(byte) }
    if command == 0xE6 { userRegister = byte & 0x87 | userRegister & 0x78 }
    return true
  }

  public func read() -> UInt8 {
    measurement = nil
    return output.isEmpty ? 0xFF : output.removeFirst()
  }

  /// How long a measurement with the clock held still takes.
  public var clockHold: Interval {
    guard let measurement, measurement.holds, measurement.end > site.now else { return .zero }
    return measurement.end - site.now
  }

  private func take(_ command: UInt8) -> Bool {
    self.command = command
    output = []
    switch command {
    case 0xE3, 0xF3: begin(isHumidity: false, holds: command == 0xE3)
    case 0xE5, 0xF5: begin(isHumidity: true, holds: command == 0xE5)
    case 0xE7: output = [userRegister]
    case 0xFE:
      userRegister = 0x02
      measurement = nil
    case 0xE6: break
    default: return false
    }
    return true
  }

  // MARK: Measuring

  /// Bits and the longest times of a conversion by the two bits of the resolution (page 13 and 15), humidity first.
  private static let resolutions: [(humidity: (Int, Int), temperature: (Int, Int))] = [
    ((12, 16), (14, 50)), ((8, 3), (12, 13)), ((10, 5), (13, 25)), ((11, 8), (11, 7)),
  ]

  private func begin(isHumidity: Bool, holds: Bool) {
    let resolution = Self.resolutions[Int(userRegister >> 7) << 1 | Int(userRegister & 1)]
    let (bits, milliseconds) = isHumidity ? resolution.humidity : resolution.temperature
    // Inverted: T = -46.85 + 175.72 S / 2^16, RH = -6 + 125 S / 2^16 (page 15).
    let share = isHumidity ? (humidity.reading + 6) / 125 : (temperature.reading + 46.85) / 175.72
    let mask = ~((1 << (16 - bits)) - 1)
    let raw = Int((share * 65536).rounded()) & mask & 0xFFFC
    // The status bits say what was measured.
    let value = UInt16(clamping: raw) | (isHumidity ? 2 : 0)
    let data = [UInt8(value >> 8), UInt8(value & 0xFF)]
    measurement = (site.now + .milliseconds(milliseconds), data + [Self.checksum(data)], holds)
  }

  /// CRC-8 with x⁸ + x⁵ + x⁴ + 1, the highest bit first.
  static func checksum(_ bytes: [UInt8]) -> UInt8 {
    bytes.reduce(0) { sum, byte in
      (0..<8).reduce(sum ^ byte) { sum, _ in sum & 0x80 != 0 ? sum << 1 ^ 0x31 : sum << 1 }
    }
  }
}
