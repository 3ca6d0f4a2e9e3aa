import Machine
import Timebase

/// A model-maker's servo: its arm turns to the angle that the length of the pulses sets.
///
/// 0.5 ms is 0°, 2.5 ms 180° (`shortest` and `longest` change that); it turns 60° in 0.1 s (TowerPro SG90 data sheet).
public final class ServoMotor: Device {
  public static let kind = DeviceKind(
    "servo", title: "servo: angle by the length of pulses", source: "TowerPro, SG90 data sheet",
    pins: [DeviceKind.Pin("pwm", aliases: ["sig"]), .power(aliases: ["v+"]), .ground()],
    keys: [
      DeviceKind.Key(
        "shortest", .integer(100...3000), unit: "µs", standard: .integer(500), title: "pulse of 0°"),
      DeviceKind.Key(
        "longest", .integer(100...3000), unit: "µs", standard: .integer(2500), title: "pulse of 180°"),
    ])

  public let site: DeviceSite

  private let pulse: DeviceState
  private let angle: DeviceState
  private var meter: PulseMeter?
  private var target = 90.0
  private var isTurning = false

  /// A degree takes 0.1 s / 60.
  private static let step = Interval.nanoseconds(1_666_667)

  public init(_ site: DeviceSite) throws(DeviceError) {
    self.site = site
    let range = (Double(site.integer("shortest")), Double(site.integer("longest")))
    guard range.0 < range.1 else { throw DeviceError("shortest has to be less than longest") }
    pulse = DeviceState("pulse", .real(0...100_000), unit: "µs", .real(0), site: site)
    angle = DeviceState("angle", .real(0...180), unit: "°", .real(90), site: site)
    meter = PulseMeter(site.pin("pwm"), site: site) { [weak self] pulses, time in
      guard let self, let high = pulses.high, pulses.period != nil else { return }
      let length = Double(high.nanoseconds) / 1000
      pulse.set(.real(length), at: time)
      target = min(max((length - range.0) / (range.1 - range.0) * 180, 0), 180)
      turn()
    }
  }

  public var signals: [Signal] { [angle.signal, pulse.signal] }

  private func turn() {
    guard !isTurning, target != angle.real else { return }
    isTurning = true
    site.after(Self.step) { [weak self] in
      guard let self else { return }
      isTurning = false
      let rest = target - angle.real
      angle.set(.real(abs(rest) <= 1 ? target : angle.real + (rest > 0 ? 1 : -1)))
      turn()
    }
  }
}
