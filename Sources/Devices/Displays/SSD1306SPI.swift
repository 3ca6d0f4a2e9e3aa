import Machine
import Timebase

/// The display of `ssd1306` on an SPI bus with four wires: `dc` says whether a byte is data (Solomon Systech, SSD1306 Rev 1.1, 8.1.3).
public final class SSD1306SPI: Device, SPIBehaviour, PictureDevice {
  public static let kind = DeviceKind(
    "ssd1306_spi", title: "OLED display on SPI, 128×64 or 128×32", source: "Solomon Systech, SSD1306 Rev 1.1",
    pins: [
      DeviceKind.Pin("sck", aliases: ["clk"]), DeviceKind.Pin("mosi", aliases: ["data", "sda"]),
      DeviceKind.Pin("dc"),
      DeviceKind.Pin("res", aliases: ["rst"], standard: "3V3"), DeviceKind.Pin("cs", standard: "GND"),
      .power(aliases: ["vin", "3v3"]), .ground(),
    ],
    keys: [DeviceKind.Key("height", .integer(16...64), unit: "points", standard: .integer(64))])

  public let site: DeviceSite

  private let panel: SSD1306Panel
  private let port: SPIPort

  public init(_ site: DeviceSite) {
    self.site = site
    panel = SSD1306Panel(height: site.integer("height"), site: site)
    port = SPIPort(site)
    port.serve(self)
  }

  public var signals: [Signal] { panel.signals }
  public var picture: Picture? { panel.picture }

  func take(_ byte: UInt8) {
    guard site.pin("res").level == .high, site.isPowered else { return }
    panel.take(byte, isData: site.pin("dc").level == .high)
  }

  func deselected() { panel.transferEnded() }
}
