import Machine
import Timebase

/// A light-emitting diode with its resistor, between a pin and ground; wired to the supply with its anode, between the supply and
/// a pin. Pulses are brightness.
public final class LightDiode: Device {
  public static let kind = DeviceKind(
    "led", title: "light-emitting diode with a resistor",
    source: "a diode: lit while its anode is higher than its cathode",
    pins: [
      DeviceKind.Pin("anode", aliases: ["a"]),
      DeviceKind.Pin("cathode", aliases: ["c"], standard: "GND"),
    ],
    keys: [DeviceKind.Key("colour", .text, standard: .text("red"))])

  public let site: DeviceSite

  private let brightness: DeviceState
  private var light: PulseLight?

  public init(_ site: DeviceSite) {
    self.site = site
    brightness = DeviceState("brightness", .integer(0...255), .integer(0), site: site)
    site.started = { [unowned self] in
      light = PulseLight(anode: site.pin("anode"), cathode: site.pin("cathode"), site: site) {
        [brightness] value, time in
        brightness.set(.integer(value), at: time)
      }
      brightness.set(.integer(light?.brightness ?? 0))
    }
  }

  public var signals: [Signal] { [brightness.signal(lightColour: site.text("colour"))] }
}

/// How bright a light between two pins is, 0 to 255. A pulse train is taken as a whole, so that it costs nothing.
final class PulseLight {
  private let anode: Terminal
  private let cathode: Terminal
  private let site: DeviceSite
  private let changed: (Int, Instant) -> Void
  private var known = 0
  private var watches: [DriverWatch] = []

  /// - Parameter changed: called with each new brightness.
  init(anode: Terminal, cathode: Terminal, site: DeviceSite, changed: @escaping (Int, Instant) -> Void) {
    self.anode = anode
    self.cathode = cathode
    self.site = site
    self.changed = changed
    known = brightness
    watches = [anode, cathode].map { terminal in DriverWatch(terminal) { [unowned self] in tell(at: $0) } }
    for terminal in [anode, cathode] {
      terminal.inputWasWritten = { [unowned self, unowned terminal] pin in
        inputWasWritten(pin, to: terminal)
      }
    }
  }

  var brightness: Int {
    switch (Self.share(of: anode.net), Self.share(of: cathode.net)) {
    case (let high?, 0): high
    case (255, let low?): 255 - low
    default: 0
    }
  }

  /// Firmware may write first and make the pin an output afterwards; a light is not lit by an input.
  private func inputWasWritten(_ pin: Pin, to terminal: Terminal) {
    guard !isToldOfInput else { return }
    isToldOfInput = true
    let place = site.context.reporter.place
    site.after(Self.inputPatience) { [weak self] in
      guard let self else { return }
      guard pin.mode == .input, terminal.net === pin.net,
        !terminal.net.drivers.contains(where: { $0 !== terminal.driver && $0.level != nil })
      else {
        isToldOfInput = false
        return
      }
      site.context.reporter.report(
        .lightOnInput, in: place,
        "\(site.name): the firmware writes to \(pin.name), which is an input: that gives the light no current",
        advice: "make it an output: Pin('\(pin.name)', Pin.OUT)")
    }
  }

  private var isToldOfInput = false
  private static let inputPatience = Interval.milliseconds(10)

  private func tell(at time: Instant) {
    let brightness = brightness
    guard brightness != known else { return }
    known = brightness
    changed(brightness, time)
  }

  /// How much of the time a net is high, 0 to 255; one that nobody drives, or only a resistor, gives
  /// no current to speak of: `nil`.
  private static func share(of net: Net) -> Int? {
    if let pulses = net.waveform as? PulseWaveform {
      let high = pulses.activeLevel == .high ? pulses.pulse : pulses.period - pulses.pulse
      return Int((Int128(high) * 255 + Int128(pulses.period) / 2) / Int128(pulses.period))
    }
    if let voltage = net.drivers.lazy.compactMap(\.voltage).first { return Int(voltage / Net.supply * 255) }
    guard net.drivers.contains(where: { $0.level != nil }) else { return nil }
    return net.level == .high ? 255 : 0
  }
}
