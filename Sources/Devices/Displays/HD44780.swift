import Machine
import Timebase

/// A character display on its own pins, in 4-bit or 8-bit mode.
///
/// The order of pins is that in which drivers list them: rs, e, d4 to d7; then rw (ground unless wired) and d0 to d3.
public final class HD44780: Device, PictureDevice {
  public static let kind = DeviceKind(
    "hd44780", title: "character display (LCD1602, LCD2004) in 4-bit or 8-bit mode",
    source: "Hitachi ADE-207-272(Z), HD44780U",
    pins: [
      DeviceKind.Pin("rs"), DeviceKind.Pin("e", aliases: ["en"]), DeviceKind.Pin("d4"), DeviceKind.Pin("d5"),
      DeviceKind.Pin("d6"), DeviceKind.Pin("d7"), DeviceKind.Pin("rw", standard: "GND"),
    ] + (0..<4).map { DeviceKind.Pin("d\($0)", isOptional: true) } + [
      DeviceKind.Pin("v0", isOptional: true), DeviceKind.Pin("a", isOptional: true),
      DeviceKind.Pin("k", isOptional: true),
      .power("vdd", aliases: ["vcc"]), .ground("vss", aliases: ["gnd"]),
    ],
    keys: HD44780Controller.keys)

  public let site: DeviceSite

  private let controller: HD44780Controller
  private let data: [Terminal]
  private var listening: [NetListening] = []

  public init(_ site: DeviceSite) {
    self.site = site
    controller = HD44780Controller(site)
    data = (0..<8).map { site.pin("d\($0)") }
    // The chip pulls its data pins up.
    for pin in data { pin.pull(.up) }
    listening = [
      site.pin("e").net.listen { [unowned self] edge in enableChanged(to: edge.level) },
      site.pin("rw").net.listen { [unowned self] _ in letGo() },
    ]
  }

  public var signals: [Signal] { controller.signals }
  public var picture: Picture? { controller.picture(isLit: true) }

  private var isReading: Bool { site.pin("rw").level == .high }

  private func enableChanged(to level: Level) {
    let isData = site.pin("rs").level == .high
    if level == .high {
      guard isReading else { return }
      let byte = controller.read(isData: isData)
      for (place, pin) in data.enumerated() where !controller.isFourBit || place >= 4 {
        pin.drive(byte >> UInt8(place) & 1 == 1 ? .high : .low)
      }
    } else {
      letGo()
      guard !isReading else { return }
      let byte = data.enumerated().reduce(UInt8(0)) {
        $0 | ($1.element.level == .high ? 1 << UInt8($1.offset) : 0)
      }
      controller.write(byte, isData: isData)
    }
  }

  private func letGo() { for pin in data { pin.release() } }
}

/// A character display behind a PCF8574, as the usual backpacks wire it: P0 rs, P1 rw, P2 e, P3 backlight, P4 to P7 d4 to d7.
public final class LCDBackpack: I2CDevice, I2CBehaviour, PictureDevice {
  public static let kind = DeviceKind(
    "lcd_i2c", title: "character display (LCD1602, LCD2004) with a PCF8574 on I2C",
    source: "Hitachi ADE-207-272(Z), HD44780U; NXP PCF8574",
    pins: [DeviceKind.Pin("scl"), DeviceKind.Pin("sda"), .power(), .ground()],
    keys: [.address(0x27, in: 0x20...0x3F), .pullups] + HD44780Controller.keys)

  public let site: DeviceSite
  public let bus: I2CBusPort

  private let controller: HD44780Controller
  private let backlight: DeviceState
  private var port: UInt8 = 0xFF
  private var answer: UInt8 = 0xFF

  public init(_ site: DeviceSite) {
    self.site = site
    bus = I2CBusPort([site.integer("address")], site: site)
    controller = HD44780Controller(site)
    backlight = DeviceState("backlight", .flag, .flag(true), site: site)
    bus.serve(self)
  }

  public var signals: [Signal] { controller.signals + [backlight.signal] }
  public var controls: [Control] { busControls }
  public var picture: Picture? { controller.picture(isLit: backlight.flag) }

  public func write(_ byte: UInt8) -> Bool {
    let (was, isHigh) = (port & 4 != 0, byte & 4 != 0)
    let isRead = byte & 2 != 0
    if !was && isHigh && isRead { answer = controller.read(isData: byte & 1 != 0) }
    if was && !isHigh && port & 2 == 0 { controller.write(port & 0xF0, isData: port & 1 != 0) }
    port = byte
    backlight.set(.flag(byte & 8 != 0))
    return true
  }

  public func read() -> UInt8 { port & 6 == 6 ? port & 0x0F | answer & 0xF0 : port }
}
