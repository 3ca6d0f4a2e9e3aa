import Machine
import Timebase

/// A thermometer on a 1-Wire line, of which any number can share one.
///
/// Commands, scratchpad, conversion times and what it reads before the first conversion (85 °C) as in Maxim's data sheet 19-7487.
public final class DS18B20: Device, OneWireBehaviour {
  public static let kind = DeviceKind(
    "ds18b20", title: "thermometer on a 1-Wire line", source: "Maxim 19-7487, DS18B20 data sheet",
    pins: [DeviceKind.Pin("data", aliases: ["dq", "sda"]), .power(), .ground()],
    keys: [
      .pullups,
      DeviceKind.Key(
        "rom", .text, standard: .text("auto"),
        title: "serial number, 12 hexadecimal digits; auto makes one of the device's name"),
    ])

  public let site: DeviceSite

  private let line: OneWireTarget
  private let temperature: DeviceState
  private var measured: Int16 = 85 * 16
  /// TH, TL, configuration.
  private var settings: [UInt8] = [0x4B, 0x46, 0x7F]
  private var eeprom: [UInt8] = [0x4B, 0x46, 0x7F]
  private var convertedAt = Instant.powerOn

  public init(_ site: DeviceSite) throws(DeviceError) {
    self.site = site
    let number = try Self.serialNumber(site)
    let identity = [0x28] + number
    temperature = DeviceState("temperature", .real(-55...125), unit: "°C", .real(22), site: site)
    line = OneWireTarget(rom: identity + [OneWireTarget.checksum(identity)], site: site)
    line.serve(self)
  }

  public var signals: [Signal] { [temperature.signal] }
  public var controls: [Control] { [temperature.control()] + temperature.sensorFaults(isOnly: true) }

  /// As it goes over the line, family code first.
  public var rom: [UInt8] { line.rom }

  private static func serialNumber(_ site: DeviceSite) throws(DeviceError) -> [UInt8] {
    let text = site.text("rom")
    if text == "auto" {
      // Of the name alone, so that a device keeps its number whatever the seed is.
      let source = RandomSource(seed: 0, name: site.name)
      let number = source.next()
      return (0..<5).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } + [0]
    }
    guard text.count == 12, let number = UInt64(text, radix: 16) else {
      throw DeviceError("rom cannot be \"\(text)\": it takes 12 hexadecimal digits, as in 0000075c1a4d")
    }
    return (0..<6).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }

  // MARK: Function commands

  var hasAlarm: Bool {
    let degrees = Int(measured >> 4)
    return degrees >= Int(Int8(bitPattern: settings[0])) || degrees <= Int(Int8(bitPattern: settings[1]))
  }

  func answer(to command: UInt8) -> OneWireReply {
    switch command {
    case 0x44: return convert()
    case 0xBE:
      let bytes =
        [UInt8(truncatingIfNeeded: measured), UInt8(truncatingIfNeeded: measured >> 8)] + settings
        + [0xFF, 0x0C, 0x10]
      return .send(bytes + [OneWireTarget.checksum(bytes)])
    case 0x4E:
      return .receive(3) { [unowned self] bytes in
        // Only the two bits of the resolution can be written.
        settings = [bytes[0], bytes[1], bytes[2] & 0x60 | 0x1F]
      }
    case 0x48:
      eeprom = settings
      return .status { true }
    case 0xB8:
      settings = eeprom
      return .status { true }
    case 0xB4: return .status { true }
    default: return .none
    }
  }

  /// 93.75 ms for nine bits, twice as long for each bit more (table 2).
  private func convert() -> OneWireReply {
    let resolution = Int(settings[2] >> 5 & 3)
    let end = site.now + .microseconds(93_750 << resolution)
    convertedAt = end
    site.at(end) { [weak self] in
      guard let self else { return }
      let sixteenths = Int16((temperature.reading * 16).rounded(.down))
      measured = sixteenths & ~Int16((1 << (3 - resolution)) - 1)
    }
    return .status { [unowned self] in site.now >= convertedAt }
  }
}
