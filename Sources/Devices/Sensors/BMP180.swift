import Machine
import Timebase

/// A pressure and temperature sensor on I2C at address 0x77.
///
/// Registers, conversion times and the compensation as in Bosch's data sheet BST-BMP180-DS000, 3.3 to 4; its
/// calibration values are those of the example there. The raw values are found by inverting the compensation.
public final class BMP180: I2CDevice {
  public static let kind = DeviceKind(
    "bmp180", title: "pressure and temperature sensor on I2C (also BMP085)",
    source: "Bosch, BST-BMP180-DS000",
    pins: [DeviceKind.Pin("scl"), DeviceKind.Pin("sda"), .power(), .ground()], keys: [.pullups])

  public let site: DeviceSite
  public let bus: I2CBusPort

  private let registers = RegisterBus()
  private let temperature: DeviceState
  private let pressure: DeviceState
  private var control: UInt8 = 0
  private var conversionEnd = Instant.powerOn
  private var pending: [UInt8] = [0x80, 0, 0]
  private var output: [UInt8] = [0x80, 0, 0]

  public init(_ site: DeviceSite) {
    self.site = site
    bus = I2CBusPort([0x77], site: site)
    temperature = DeviceState("temperature", .real(-40...85), unit: "°C", .real(22), site: site)
    pressure = DeviceState("pressure", .real(300...1100), unit: "hPa", .real(1013.25), site: site)
    registers.provide = { [unowned self] in read($0) }
    registers.store = { [unowned self] in write($0, $1) }
    registers.latch = { [unowned self] in if self.site.now >= conversionEnd { output = pending } }
    bus.serve(registers)
  }

  public var signals: [Signal] { [temperature.signal, pressure.signal] }
  public var controls: [Control] {
    [temperature.control(), pressure.control()] + busControls + temperature.sensorFaults()
      + pressure.sensorFaults()
  }

  // MARK: Registers

  private func read(_ register: Int) -> UInt8 {
    switch register {
    case 0xAA..<0xAA + 22: return Calibration.bytes[register - 0xAA]
    case 0xD0: return 0x55
    case 0xF4: return site.now < conversionEnd ? control | 0x20 : control & ~0x20
    case 0xF6...0xF8: return output[register - 0xF6]
    default: return 0
    }
  }

  private func write(_ register: Int, _ byte: UInt8) {
    switch register {
    case 0xE0 where byte == 0xB6: control = 0
    case 0xF4:
      control = byte
      if byte & 0x20 != 0 { convert(byte) }
    default: break
    }
  }

  /// Conversion times of 3.3.1, for the oversampling in the highest two bits.
  private func convert(_ command: UInt8) {
    let oversampling = Int(command >> 6)
    if command & 0x1F == 0x0E {
      conversionEnd = site.now + .microseconds(4500)
      let raw = rawTemperature
      pending = [UInt8(raw >> 8 & 0xFF), UInt8(raw & 0xFF), 0]
    } else if command & 0x1F == 0x14 {
      conversionEnd = site.now + .microseconds([4500, 7500, 13500, 25500][oversampling])
      let raw = rawPressure(oversampling) << (8 - oversampling)
      pending = [UInt8(raw >> 16 & 0xFF), UInt8(raw >> 8 & 0xFF), UInt8(raw & 0xFF)]
    }
  }

  private var rawTemperature: Int {
    let wanted = Int((temperature.reading * 10).rounded())
    return middle(in: 0...65535, of: wanted) { Calibration.temperature($0) }
  }

  private func rawPressure(_ oversampling: Int) -> Int {
    let wanted = Int((pressure.reading * 100).rounded())
    let raw = rawTemperature
    return middle(in: 0...(65535 << oversampling), of: wanted) { Calibration.pressure($0, raw, oversampling) }
  }

  /// The middle of those readings that are computed to the value.
  private func middle(in range: ClosedRange<Int>, of value: Int, _ compute: (Int) -> Int) -> Int {
    let first = lowest(in: range) { compute($0) >= value }
    return (first + lowest(in: range) { compute($0) > value }) / 2
  }

  /// The values and the arithmetic of figure 4 of the data sheet.
  private enum Calibration {
    static let (ac1, ac2, ac3, ac4, ac5, ac6) = (408, -72, -14383, 32741, 32757, 23153)
    static let (b1, b2, mb, mc, md) = (6190, 4, -32768, -8711, 2868)

    static let bytes: [UInt8] = [ac1, ac2, ac3, ac4, ac5, ac6, b1, b2, mb, mc, md].flatMap {
      [UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)]
    }

    private static func b5(_ raw: Int) -> Int {
      let x1 = ((raw - ac6) * ac5) >> 15
      let sum = x1 + md
      return x1 + (sum == 0 ? 0 : (mc << 11) / sum)
    }

    /// Tenths of a degree.
    static func temperature(_ raw: Int) -> Int { (b5(raw) + 8) >> 4 }

    /// Pascal.
    static func pressure(_ raw: Int, _ rawTemperature: Int, _ oversampling: Int) -> Int {
      let b6 = b5(rawTemperature) - 4000
      let square = (b6 * b6) >> 12
      var x1 = (b2 * square) >> 11
      var x2 = (ac2 * b6) >> 11
      let b3 = (((ac1 * 4 + x1 + x2) << oversampling) + 2) / 4
      x1 = (ac3 * b6) >> 13
      x2 = (b1 * square) >> 16
      let b4 = (ac4 * (((x1 + x2 + 2) >> 2) + 32768)) >> 15
      let b7 = (raw - b3) * (50000 >> oversampling)
      guard b4 != 0 else { return 0 }
      let p = b7 < 0x8000_0000 ? b7 * 2 / b4 : b7 / b4 * 2
      x1 = (p >> 8) * (p >> 8)
      x1 = (x1 * 3038) >> 16
      x2 = (-7357 * p) >> 16
      return p + ((x1 + x2 + 3791) >> 4)
    }
  }
}

/// The lowest number that meets a condition which holds for all above it too.
func lowest(in range: ClosedRange<Int>, _ isReached: (Int) -> Bool) -> Int {
  var (low, high) = (range.lowerBound, range.upperBound)
  while low < high {
    let middle = (low + high) / 2
    if isReached(middle) { high = middle } else { low = middle + 1 }
  }
  return low
}
