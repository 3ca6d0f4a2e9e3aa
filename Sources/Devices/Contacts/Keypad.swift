import Machine
import Timebase

/// A keypad of four rows and three or four columns; each key is a contact between a row and a column, so three keys of a rectangle
/// press the fourth, as on a real one.
public final class Keypad: Device {
  public static let kind = DeviceKind(
    "keypad", title: "membrane keypad, 4×4 or 4×3", source: "contacts between rows and columns",
    pins: (1...4).map { DeviceKind.Pin("r\($0)") }
      + (1...4).map { DeviceKind.Pin("c\($0)", isOptional: $0 == 4) },
    keys: [
      DeviceKind.Key(
        "keys", .text, standard: .text("123A456B789C*0#D"), title: "what is printed on them, row by row")
    ])

  public let site: DeviceSite

  private let labels: [Character]
  private let columns: Int
  private let held: DeviceState
  private var contacts: [BouncingContact] = []

  public init(_ site: DeviceSite) throws(DeviceError) {
    self.site = site
    labels = Array(site.text("keys"))
    guard labels.count == 16 || labels.count == 12, Set(labels).count == labels.count else {
      throw DeviceError("keys cannot be \"\(site.text("keys"))\": it takes 16 or 12 different characters")
    }
    columns = labels.count / 4
    held = DeviceState("key", .text, .text(""), site: site)
    contacts = labels.indices.map { index in
      BouncingContact(site.pin("r\(index / columns + 1)"), site.pin("c\(index % columns + 1)"), site: site)
    }
  }

  public var signals: [Signal] { [held.signal] }

  public var controls: [Control] {
    [
      // The keys that are held: one, several, or "none".
      Control("key", .text, example: "5,2ms", durationName: "bounce") { [self] value, bounce in
        if case .text(let text) = value { hold(text == "none" ? "" : text, bounce) }
      },
      BouncingContact.bounceControl(of: contacts),
    ]
  }

  private func hold(_ keys: String, _ bounce: Interval?) {
    held.set(.text(keys))
    for (label, contact) in zip(labels, contacts) where keys.contains(label) != contact.isClosed {
      contact.set(keys.contains(label), bounce: bounce)
    }
  }
}
