import Machine
import Timebase

/// One thing that a device measures, holds or shows: a value that a control sets and a signal reports.
public final class DeviceState {
  public let name: String
  public let form: ValueForm
  public let unit: String?
  public private(set) var value: PartValue

  private let clock: Clock
  private let random: RandomSource
  /// How far readings scatter to either side, by chance.
  private var noise = 0.0
  /// How much more readings are off each hour, and since when.
  private var drift = (anHour: 0.0, since: Instant.powerOn)
  private let observers = SignalObservers()

  public init(
    _ name: String, _ form: ValueForm, unit: String? = nil, _ value: PartValue, site: DeviceSite
  ) {
    self.name = name
    self.form = form
    self.unit = unit
    self.value = value
    clock = site.clock
    random = site.random
  }

  public var real: Double { if case .real(let number) = value { number } else { Double(integer) } }
  public var integer: Int { if case .integer(let number) = value { number } else { 0 } }
  /// The sensor's reading of it, with noise and drift, within the sensor's range.
  public var reading: Double {
    guard noise != 0 || drift.anHour != 0 else { return real }
    let chance = noise == 0 ? 0 : (2 * random.fraction() - 1) * noise
    let reading = real + chance + drift.anHour * (clock.now - drift.since).seconds / 3600
    guard case .real(let range) = form else { return reading }
    return min(max(reading, range.lowerBound), range.upperBound)
  }

  public var flag: Bool { value == .flag(true) }
  public var text: String { "\(value)" }

  /// - Parameter time: when, if not now.
  public func set(_ value: PartValue, at time: Instant? = nil) {
    guard value != self.value else { return }
    self.value = value
    observers.tell(value, at: time ?? clock.now)
  }

  public var signal: Signal { signal(lightColour: nil) }

  /// - Parameter lightColour: of a light, whose brightness this is.
  func signal(lightColour: String?) -> Signal {
    Signal(
      name, form, unit: unit, lightColour: lightColour, read: { [self] in value },
      watch: { [self] in observers.add($0) })
  }

  /// Faults of a sensor that measures it: `noise` and `drift`, or `temperature_noise` where it measures several things.
  func sensorFaults(isOnly: Bool = false) -> [Control] {
    guard case .real(let range) = form else { return [] }
    let prefix = isOnly ? "" : "\(name)_"
    let width = range.upperBound - range.lowerBound
    return [
      Control("\(prefix)noise", .real(0...width), unit: unit, example: "0.5") { [self] value, _ in
        if case .real(let amount) = value { noise = amount }
      },
      Control("\(prefix)drift", .real(-width...width), unit: "\(unit ?? "") an hour", example: "0.5") {
        [self] value, _ in
        if case .real(let amount) = value { drift = (amount, clock.now) }
      },
    ]
  }

  /// A control of the same name.
  /// - Parameters:
  ///   - example: shown in messages; without it the present value.
  ///   - changed: called when it has been set, to any value.
  public func control(example: String? = nil, changed: @escaping () -> Void = {}) -> Control {
    Control(name, form, unit: unit, example: example ?? "\(value)") { [self] value, _ in
      set(value)
      changed()
    }
  }
}
