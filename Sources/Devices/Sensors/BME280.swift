import Machine
import Timebase

/// A humidity, pressure and temperature sensor on I2C at address 0x76 or 0x77.
///
/// Registers, modes, the measurement time and the compensation as in Bosch's data sheet BST-BME280-DS002,
/// 4.2, 5 and 9. The raw values are found by inverting the compensation.
public final class BME280: I2CDevice {
  public static let kind = DeviceKind(
    "bme280", title: "humidity, pressure and temperature sensor on I2C", source: "Bosch, BST-BME280-DS002",
    pins: [DeviceKind.Pin("scl"), DeviceKind.Pin("sda"), .power(), .ground()],
    keys: [.address(0x76, in: 0x76...0x77), .pullups])

  public let site: DeviceSite
  public let bus: I2CBusPort

  private let registers = RegisterBus()
  private let temperature: DeviceState
  private let pressure: DeviceState
  private let humidity: DeviceState
  private var settings: [Int: UInt8] = [:]
  /// Humidity's setting counts from the next write of the measuring one (5.4.3).
  private var humidityOversampling: UInt8 = 0
  private var measuredUntil = Instant.powerOn
  private var pending: [UInt8]?
  private var data = skipped

  private static let skipped: [UInt8] = [0x80, 0, 0, 0x80, 0, 0, 0x80, 0]
  private static let (controlHumidity, status, controlMeasuring, configuration) = (0xF2, 0xF3, 0xF4, 0xF5)

  public init(_ site: DeviceSite) {
    self.site = site
    bus = I2CBusPort([site.integer("address")], site: site)
    temperature = DeviceState("temperature", .real(-40...85), unit: "°C", .real(22), site: site)
    pressure = DeviceState("pressure", .real(300...1100), unit: "hPa", .real(1013.25), site: site)
    humidity = DeviceState("humidity", .real(0...100), unit: "%RH", .real(45), site: site)
    registers.provide = { [unowned self] in read($0) }
    registers.store = { [unowned self] in write($0, $1) }
    registers.latch = { [unowned self] in latch() }
    registers.takesPairs = true
    bus.serve(registers)
  }

  public var signals: [Signal] { [temperature.signal, pressure.signal, humidity.signal] }

  public var controls: [Control] {
    let states = [temperature, pressure, humidity]
    return states.map { $0.control() } + busControls + states.flatMap { $0.sensorFaults() }
  }

  // MARK: Registers

  private func read(_ register: Int) -> UInt8 {
    switch register {
    case 0x88...0xA1: return Calibration.low[register - 0x88]
    case 0xD0: return 0x60
    case 0xE1...0xE7: return Calibration.high[register - 0xE1]
    case Self.status: return site.now < measuredUntil ? 0x08 : 0
    case 0xF7...0xFE: return data[register - 0xF7]
    default: return settings[register] ?? 0
    }
  }

  /// Registers are written in pairs of number and value: the number does not go on by itself (6.2.1).
  private func write(_ register: Int, _ byte: UInt8) {
    switch register {
    case 0xE0 where byte == 0xB6:
      settings = [:]
      data = Self.skipped
      pending = nil
    case Self.controlMeasuring:
      settings[register] = byte
      humidityOversampling = settings[Self.controlHumidity, default: 0] & 7
      if byte & 3 != 0 { measure() }
    case Self.controlHumidity, Self.configuration: settings[register] = byte
    default: break
    }
  }

  /// Values that are read together were measured together (4.1).
  private func latch() {
    guard site.now >= measuredUntil else { return }
    if let pending {
      data = pending
      self.pending = nil
      // After a forced measurement it sleeps again.
      if settings[Self.controlMeasuring, default: 0] & 3 != 3 {
        settings[Self.controlMeasuring, default: 0] &= ~3
      }
    }
    if settings[Self.controlMeasuring, default: 0] & 3 == 3 { data = sample() }
  }

  /// The longest time of 9.1: 1.25 ms, and for each quantity 2.3 ms a sample and 0.575 ms but for the temperature.
  private func measure() {
    let control = settings[Self.controlMeasuring, default: 0]
    let codes: [Int] = [Int(control >> 5), Int(control >> 2 & 7), Int(humidityOversampling)]
    let samples: [Int] = codes.map { $0 == 0 ? 0 : 1 << (min($0, 5) - 1) }
    let extra: Int = samples.dropFirst().count { $0 > 0 }
    let time: Int = 1250 + 2300 * samples.reduce(0, +) + 575 * extra
    measuredUntil = site.now + .microseconds(time)
    pending = sample()
  }

  private func sample() -> [UInt8] {
    let control = settings[Self.controlMeasuring, default: 0]
    var bytes = Self.skipped
    let (temperature, pressure, humidity) = (temperature.reading, pressure.reading, humidity.reading)
    let rawTemperature = lowest(in: 0...0xFFFFF) { Calibration.temperature($0) >= temperature }
    let fine = Calibration.fine(rawTemperature)
    if control >> 5 != 0 { Self.put(rawTemperature, in: &bytes, at: 3) }
    if control >> 2 & 7 != 0 {
      // More counts are less pressure.
      let raw = lowest(in: 0...0xFFFFF) { Calibration.pressure($0, fine) <= pressure * 100 }
      Self.put(raw, in: &bytes, at: 0)
    }
    if humidityOversampling != 0 {
      let raw = lowest(in: 0...0xFFFF) { Calibration.humidity($0, fine) >= humidity }
      bytes[6] = UInt8(raw >> 8)
      bytes[7] = UInt8(raw & 0xFF)
    }
    return bytes
  }

  private static func put(_ raw: Int, in bytes: inout [UInt8], at place: Int) {
    bytes[place] = UInt8(raw >> 12)
    bytes[place + 1] = UInt8(raw >> 4 & 0xFF)
    bytes[place + 2] = UInt8(raw & 0xF) << 4
  }

  /// Calibration of a usual sensor: the example of Bosch's BMP280 data sheet (3.12), and humidity's of one that was read.
  private enum Calibration {
    static let (t1, t2, t3) = (27504.0, 26435.0, -1000.0)
    static let p: [Double] = [36477, -10685, 3024, 2855, 140, -7, 15500, -14600, 6000]
    static let (h1, h2, h3, h4, h5, h6) = (75.0, 370.0, 0.0, 313.0, 50.0, 30.0)

    static let low: [UInt8] =
      ([t1, t2, t3] + p).flatMap { number -> [UInt8] in
        let word = Int(number)
        return [UInt8(truncatingIfNeeded: word), UInt8(truncatingIfNeeded: word >> 8)]
      } + [0, UInt8(h1)]

    /// H4 and H5 share a byte (table 16).
    static let high: [UInt8] = [
      UInt8(Int(h2) & 0xFF), UInt8(Int(h2) >> 8), UInt8(h3), UInt8(Int(h4) >> 4),
      UInt8(Int(h4) & 0xF | (Int(h5) & 0xF) << 4), UInt8(Int(h5) >> 4), UInt8(h6),
    ]

    static func fine(_ raw: Int) -> Double {
      let adc = Double(raw)
      let first = (adc / 16384 - t1 / 1024) * t2
      let rest = adc / 131072 - t1 / 8192
      return first + rest * rest * t3
    }

    static func temperature(_ raw: Int) -> Double { fine(raw) / 5120 }

    /// Pascal.
    static func pressure(_ raw: Int, _ fine: Double) -> Double {
      var var1 = fine / 2 - 64000
      var var2 = var1 * var1 * p[5] / 32768
      var2 += var1 * p[4] * 2
      var2 = var2 / 4 + p[3] * 65536
      var1 = (p[2] * var1 * var1 / 524288 + p[1] * var1) / 524288
      var1 = (1 + var1 / 32768) * p[0]
      guard var1 != 0 else { return 0 }
      var result = 1_048_576 - Double(raw)
      result = (result - var2 / 4096) * 6250 / var1
      var1 = p[8] * result * result / 2_147_483_648
      var2 = result * p[7] / 32768
      return result + (var1 + var2 + p[6]) / 16
    }

    static func humidity(_ raw: Int, _ fine: Double) -> Double {
      let x = fine - 76800
      let level = Double(raw) - (h4 * 64 + h5 / 16384 * x)
      let slope = h2 / 65536 * (1 + h6 / 67_108_864 * x * (1 + h3 / 67_108_864 * x))
      let value = level * slope
      return min(max(value * (1 - h1 * value / 524288), 0), 100)
    }
  }
}
