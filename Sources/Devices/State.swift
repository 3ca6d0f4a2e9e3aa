import Machine
import Timebase

/// One thing that a device measures, holds or shows: a value that a control sets and a signal tells of.
public final class DeviceState {
  public let name: String
  public let form: ValueForm
  public let unit: String?
  public private(set) var value: PartValue

  private let clock: Clock
  private let observers = SignalObservers()

  public init(
    _ name: String, _ form: ValueForm, unit: String? = nil, _ value: PartValue, site: DeviceSite
  ) {
    self.name = name
    self.form = form
    self.unit = unit
    self.value = value
    clock = site.clock
  }

  public var real: Double { if case .real(let number) = value { number } else { Double(integer) } }
  public var integer: Int { if case .integer(let number) = value { number } else { 0 } }
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

  /// A control of the same name.
  /// - Parameters:
  ///   - example: shown in messages; without it the present value.
  ///   - changed: called when it has been set, to whatever value.
  public func control(example: String? = nil, changed: @escaping () -> Void = {}) -> Control {
    Control(name, form, unit: unit, example: example ?? "\(value)") { [self] value, _ in
      set(value)
      changed()
    }
  }
}
