import Machine
import Timebase

/// A buzzer without electronics of its own: it sounds at the frequency of the pulses that it gets.
public final class Buzzer: Device {
  public static let kind = DeviceKind(
    "buzzer", title: "buzzer, sounding at the frequency of its pulses", source: "a coil or piezo disc",
    pins: [
      DeviceKind.Pin("pin", aliases: ["1", "2"]), DeviceKind.Pin("other", aliases: ["1"], standard: "GND"),
    ],
    keys: [
      DeviceKind.Key(
        "active", .flag, standard: .flag(false),
        title: "whether it has an oscillator: it sounds at 2300 Hz while its pin is high")
    ])

  public let site: DeviceSite

  private let frequency: DeviceState
  private var meter: PulseMeter?

  public init(_ site: DeviceSite) {
    self.site = site
    frequency = DeviceState("frequency", .real(0...1_000_000), unit: "Hz", .real(0), site: site)
    let isActive = site.flag("active")
    meter = PulseMeter(site.pin("pin"), site: site) { [frequency] pulses, time in
      if isActive {
        frequency.set(.real(pulses.isHigh ? 2300 : 0), at: time)
      } else {
        frequency.set(
          .real(pulses.period.map { (1e9 / Double($0.nanoseconds) * 10).rounded() / 10 } ?? 0), at: time)
      }
    }
  }

  public var signals: [Signal] { [frequency.signal] }
}
