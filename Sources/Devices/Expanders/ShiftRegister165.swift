import Machine
import Timebase

/// A 74HC165: eight levels in together, out one by one, d7 first.
///
/// Function table of Texas Instruments' SCLS116. Inputs that are not wired are set by the control `inputs`.
public final class ShiftRegister165: Device {
  public static let kind = DeviceKind(
    "74hc165", title: "shift register with eight inputs", source: "Texas Instruments SCLS116",
    pins: [
      DeviceKind.Pin("pl", aliases: ["sh/ld", "load"]), DeviceKind.Pin("cp", aliases: ["clk"]),
      DeviceKind.Pin("q7", aliases: ["qh"]),
      DeviceKind.Pin("ce", aliases: ["clk inh"], standard: "GND"),
      DeviceKind.Pin("ds", aliases: ["ser"], standard: "GND"),
    ] + (0..<8).map { DeviceKind.Pin("d\($0)", isOptional: true) } + [
      DeviceKind.Pin("q7n", aliases: ["qh'"], isOptional: true), .power(), .ground(),
    ])

  public let site: DeviceSite

  private let inputs: DeviceState
  private var bits: UInt8 = 0
  private var listening: [NetListening] = []

  public init(_ site: DeviceSite) {
    self.site = site
    inputs = DeviceState("inputs", .integer(0...255), .integer(0), site: site)
    listening = [
      site.pin("pl").net.listen { [unowned self] _ in load() },
      site.pin("cp").net.listen { [unowned self] in if $0.level == .high { shift() } },
    ]
    for place in 0..<8 {
      listening.append(site.pin("d\(place)").net.listen { [unowned self] _ in load() })
    }
    site.started = { [unowned self] in load() }
  }

  public var signals: [Signal] { [inputs.signal] }
  public var controls: [Control] { [inputs.control(example: "165") { [self] in load() }] }

  /// While `pl` is low the register follows its inputs.
  private func load() {
    if site.pin("pl").level == .low {
      bits = (0..<8).reduce(0) { $0 | (isHigh($1) ? 1 << UInt8($1) : 0) }
    }
    show()
  }

  private func isHigh(_ place: Int) -> Bool {
    let pin = site.pin("d\(place)")
    return pin.isWired ? pin.level == .high : inputs.integer >> place & 1 == 1
  }

  private func shift() {
    guard site.pin("pl").level == .high, site.pin("ce").level == .low else { return }
    bits = bits << 1 | (site.pin("ds").level == .high ? 1 : 0)
    show()
  }

  private func show() {
    let isHigh = bits & 0x80 != 0
    site.pin("q7").drive(isHigh ? .high : .low)
    site.pin("q7n").drive(isHigh ? .low : .high)
  }
}
