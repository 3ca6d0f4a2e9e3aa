import Machine
import Timebase

/// A 74HC595: eight bits in, one by one, out together. Several in a row pass them on through `qh'`, named q7s.
///
/// Function table of Texas Instruments' SCLS041.
public final class ShiftRegister595: Device {
  public static let kind = DeviceKind(
    "74hc595", title: "shift register with eight outputs", source: "Texas Instruments SCLS041",
    pins: [
      DeviceKind.Pin("ds", aliases: ["ser"]), DeviceKind.Pin("shcp", aliases: ["srclk"]),
      DeviceKind.Pin("stcp", aliases: ["rclk"]),
      DeviceKind.Pin("oe", standard: "GND"), DeviceKind.Pin("mr", aliases: ["srclr"], standard: "3V3"),
    ]
      + (0..<8).map {
        DeviceKind.Pin(
          "q\($0)", aliases: ["q" + ["a", "b", "c", "d", "e", "f", "g", "h"][$0]], isOptional: true)
      } + [
        DeviceKind.Pin("q7s", aliases: ["qh'"], isOptional: true), .power(), .ground(),
      ])

  public let site: DeviceSite

  private let outputs: DeviceState
  private var shifted: UInt8 = 0
  private var listening: [NetListening] = []

  public init(_ site: DeviceSite) {
    self.site = site
    outputs = DeviceState("outputs", .integer(0...255), .integer(0), site: site)
    listening = [
      site.pin("shcp").net.listen { [unowned self] in if $0.level == .high { shift() } },
      site.pin("stcp").net.listen { [unowned self] edge in
        guard edge.level == .high else { return }
        outputs.set(.integer(Int(shifted)), at: edge.time)
        drive()
      },
      site.pin("oe").net.listen { [unowned self] _ in drive() },
      site.pin("mr").net.listen { [unowned self] in if $0.level == .low { clear() } },
    ]
    site.started = { [unowned self] in drive() }
  }

  public var signals: [Signal] { [outputs.signal] }

  private func shift() {
    guard site.pin("mr").level == .high else { return }
    let bit: UInt8 = site.pin("ds").level == .high ? 1 : 0
    shifted = shifted << 1 | bit
    showLast()
  }

  private func clear() {
    shifted = 0
    showLast()
  }

  private func showLast() { site.pin("q7s").drive(shifted & 0x80 != 0 ? .high : .low) }

  private func drive() {
    let isOn = site.pin("oe").level == .low
    for place in 0..<8 {
      let pin = site.pin("q\(place)")
      if isOn { pin.drive(outputs.integer >> place & 1 == 1 ? .high : .low) } else { pin.release() }
    }
  }
}
