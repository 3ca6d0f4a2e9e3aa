import Machine
import Timebase

/// A rotary encoder with two contacts to ground and a push button, as on KY-040 modules: turned clockwise, clk falls first, then dt.
public final class RotaryEncoder: Device {
  public static let kind = DeviceKind(
    "encoder", title: "rotary encoder with a push button (KY-040)",
    source: "two contacts in quadrature; a full cycle for each detent",
    pins: [
      DeviceKind.Pin("clk", aliases: ["a"]), DeviceKind.Pin("dt", aliases: ["b"]),
      DeviceKind.Pin("sw", isOptional: true),
      .power(aliases: ["+"]), .ground(),
    ],
    keys: [.pullups])

  public let site: DeviceSite

  private let contacts: (BouncingContact, BouncingContact, BouncingContact)
  private let ground: Terminal
  private let position: DeviceState
  private let pressed: DeviceState
  /// Quarters of a detent; when the next of them may come.
  private var quarters = 0
  private var freeFrom = Instant.powerOn

  public init(_ site: DeviceSite) {
    self.site = site
    // Its own ground, so that the module's pin need not be wired.
    ground = Terminal("contacts", owner: site.name, context: site.context)
    ground.drive(.low)
    contacts = (
      BouncingContact(site.pin("clk"), ground, site: site),
      BouncingContact(site.pin("dt"), ground, site: site),
      BouncingContact(site.pin("sw"), ground, site: site)
    )
    position = DeviceState("position", .integer(-1_000_000...1_000_000), .integer(0), site: site)
    pressed = DeviceState("pressed", .flag, .flag(false), site: site)
    if site.flag("pullups") { for name in ["clk", "dt", "sw"] { site.pin(name).pull(.up) } }
  }

  public var terminals: [Terminal] { site.terminals + [ground] }
  public var signals: [Signal] { [position.signal, pressed.signal] }

  public var controls: [Control] {
    [
      // Detents; positive is clockwise.
      Control(
        "turn", .integer(-10_000...10_000), unit: "detents", example: "-3,2ms",
        durationName: "time of a quarter"
      ) { [self] value, quarter in
        if case .integer(let detents) = value { turn(detents, quarter ?? .milliseconds(5)) }
      },
      Control("pressed", .flag, example: "1,5ms", durationName: "bounce") { [self] value, bounce in
        pressed.set(value)
        contacts.2.set(value == .flag(true), bounce: bounce)
      },
      BouncingContact.bounceControl(of: [contacts.0, contacts.1, contacts.2], example: "1ms"),
    ]
  }

  private func turn(_ detents: Int, _ quarter: Interval) {
    let step = detents.signum()
    for number in 0..<abs(detents) * 4 {
      let time = max(site.now, freeFrom)
      freeFrom = time + quarter
      site.at(time) { [weak self] in self?.move(by: step, isDetent: number % 4 == 3) }
    }
  }

  private func move(by step: Int, isDetent: Bool) {
    quarters += step
    let quarter = quarters & 3
    contacts.0.set(quarter == 1 || quarter == 2)
    contacts.1.set(quarter >= 2)
    if isDetent { position.set(.integer(position.integer + step)) }
  }
}
