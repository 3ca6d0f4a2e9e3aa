import Machine
import Timebase

/// A slide switch with three pins: the middle one is connected to the first (position 0) or to the third (position 1). The first
/// goes to ground and the third to the supply unless they are wired elsewhere.
public final class SlideSwitch: Device {
  public static let kind = DeviceKind(
    "slide_switch", title: "slide switch, two positions", source: "contacts",
    pins: [
      DeviceKind.Pin("common", aliases: ["2"]),
      DeviceKind.Pin("first", aliases: ["1"], standard: "GND"),
      DeviceKind.Pin("third", aliases: ["3"], standard: "3V3"),
    ])

  public let site: DeviceSite

  private let contacts: (BouncingContact, BouncingContact)
  private let position: DeviceState

  public init(_ site: DeviceSite) {
    self.site = site
    contacts = (
      BouncingContact(site.pin("common"), site.pin("first"), site: site),
      BouncingContact(site.pin("common"), site.pin("third"), site: site)
    )
    position = DeviceState("position", .integer(0...1), .integer(0), site: site)
    site.started = { [unowned self] in move(bounce: .zero) }
  }

  public var signals: [Signal] { [position.signal] }

  public var controls: [Control] {
    [
      Control("position", .integer(0...1), example: "1,5ms", durationName: "bounce") { [self] value, bounce in
        position.set(value)
        move(bounce: bounce)
      },
      BouncingContact.bounceControl(of: [contacts.0, contacts.1]),
    ]
  }

  /// It breaks before it makes.
  private func move(bounce: Interval?) {
    let (opening, closing) = position.integer == 0 ? (contacts.1, contacts.0) : (contacts.0, contacts.1)
    opening.set(false, bounce: .zero)
    closing.set(true, bounce: bounce)
  }
}
