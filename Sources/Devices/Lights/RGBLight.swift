import Machine
import Timebase

/// Three light-emitting diodes in one housing with resistors, with a common cathode (ground unless wired) or a common anode.
public final class RGBLight: PictureDevice {
  public static let kind = DeviceKind(
    "rgb_led", title: "RGB LED with resistors, common cathode or anode", source: "three diodes",
    pins: [
      DeviceKind.Pin("red", aliases: ["r"]), DeviceKind.Pin("green", aliases: ["g"]),
      DeviceKind.Pin("blue", aliases: ["b"]),
      DeviceKind.Pin("com", isOptional: true),
    ],
    keys: [DeviceKind.Key("common", choices: ["cathode", "anode"])])

  public let site: DeviceSite

  private let colours: [DeviceState]
  private let common: Terminal
  private var lights: [PulseLight] = []

  public init(_ site: DeviceSite) {
    self.site = site
    colours = ["red", "green", "blue"].map { DeviceState($0, .integer(0...255), .integer(0), site: site) }
    common = site.pin("com")
    let isAnode = site.text("common") == "anode"
    site.started = { [unowned self] in
      if !common.isWired { common.drive(isAnode ? .high : .low) }
      lights = colours.map { colour in
        let pin = site.pin(colour.name)
        let light = PulseLight(anode: isAnode ? common : pin, cathode: isAnode ? pin : common, site: site) {
          colour.set(.integer($0), at: $1)
        }
        colour.set(.integer(light.brightness))
        return light
      }
    }
  }

  /// One light of the three colours.
  public var picture: Picture? {
    LightPicture.picture(of: [colours.reduce(0) { $0 << 8 | UInt32($1.integer) }])
  }

  public var signals: [Signal] { colours.map { $0.signal(lightColour: $0.name) } }
}
