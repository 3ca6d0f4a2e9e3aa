import Machine
import Timebase

/// A push button, or any contact between two pins: pressed it connects them. By default the second one is ground.
public final class PushButton: Device {
  public static let kind = DeviceKind(
    "button", title: "push button", source: "a contact; bounce as a measure of the maker's",
    pins: [
      DeviceKind.Pin("pin", aliases: ["1", "1.l", "1.r"]),
      DeviceKind.Pin("other", aliases: ["2", "2.l", "2.r"], standard: "GND"),
    ],
    keys: [
      DeviceKind.Key("pull", choices: ["none", "up", "down"], title: "a resistor at the first pin")
    ])

  public let site: DeviceSite

  private let contact: BouncingContact
  private let pressed: DeviceState

  public init(_ site: DeviceSite) {
    self.site = site
    contact = BouncingContact(site.pin("pin"), site.pin("other"), site: site)
    pressed = DeviceState("pressed", .flag, .flag(false), site: site)
    let pulls: [String: Pull] = ["up": .up, "down": .down]
    site.pin("pin").pull(pulls[site.text("pull")] ?? .none)
  }

  /// Presses the button, as a finger does.
  public func press() { move(true, nil) }
  public func release() { move(false, nil) }

  public var signals: [Signal] { [pressed.signal] }

  public var controls: [Control] {
    [
      Control("pressed", .flag, example: "1,5ms", durationName: "bounce") { [self] value, bounce in
        move(value == .flag(true), bounce)
      },
      BouncingContact.bounceControl(of: [contact]),
    ]
  }

  private func move(_ isPressed: Bool, _ bounce: Interval?) {
    pressed.set(.flag(isPressed))
    contact.set(isPressed, bounce: bounce)
  }
}

/// A contact that may bounce: it goes back four times within the time that is its bounce.
final class BouncingContact {
  private let contact: Contact
  private let site: DeviceSite
  /// How long it bounces each time.
  var bounce = Interval.zero

  init(_ first: Terminal, _ second: Terminal, site: DeviceSite) {
    contact = Contact(first, second, context: site.context)
    self.site = site
  }

  var isClosed: Bool { contact.isClosed }

  /// - Parameter bounce: of this time only.
  func set(_ isClosed: Bool, bounce: Interval? = nil) {
    site.context.moveContact(isClosed: isClosed, bounce: bounce ?? self.bounce) { [contact] in contact.set($0)
    }
  }

  /// How long contacts bounce, those of a part all alike.
  static func bounceControl(of contacts: [BouncingContact], example: String = "5ms") -> Control {
    Control("bounce", .interval(upTo: .seconds(1)), example: example) { value, _ in
      guard case .interval(let bounce) = value else { return }
      for contact in contacts { contact.bounce = bounce }
    }
  }
}
