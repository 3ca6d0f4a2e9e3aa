import Machine
import Timebase

/// An expander of eight pins on I2C.
///
/// Pins are quasi-bidirectional: one that is set to 1 is a weak pull-up and can be read, one that is set to 0 is low (NXP, PCF8574, 8.1);
/// `int` goes low when an input changes, until it is read or written (8.2).
public final class PCF8574: I2CDevice, I2CBehaviour {
  public static let kind = DeviceKind(
    "pcf8574", title: "expander of eight pins on I2C", source: "NXP, PCF8574; PCF8574A Rev. 5",
    pins: [DeviceKind.Pin("scl"), DeviceKind.Pin("sda")]
      + (0..<8).map { DeviceKind.Pin("p\($0)", isOptional: true) }
      + [DeviceKind.Pin("int", isOptional: true), .power(), .ground()],
    keys: [.address(0x20, in: 0x20...0x3F), .pullups])

  public let site: DeviceSite
  public let bus: I2CBusPort

  private let port: DeviceState
  private let pins: [Terminal]
  private var known: UInt8 = 0xFF
  private var listening: [NetListening] = []

  public init(_ site: DeviceSite) {
    self.site = site
    bus = I2CBusPort([site.integer("address")], site: site)
    port = DeviceState("port", .integer(0...255), .integer(255), site: site)
    pins = (0..<8).map { site.pin("p\($0)") }
    for pin in pins { pin.pull(.up) }
    bus.serve(self)
    listening = pins.map { pin in pin.net.listen { [unowned self] _ in inputChanged() } }
    site.started = { [unowned self] in known = levels }
  }

  /// The byte that firmware has written.
  public var signals: [Signal] { [port.signal] }
  public var controls: [Control] { busControls }

  public func write(_ byte: UInt8) -> Bool {
    port.set(.integer(Int(byte)))
    for (place, pin) in pins.enumerated() { pin.driveOpenDrain(byte >> UInt8(place) & 1 == 1 ? .high : .low) }
    settle()
    return true
  }

  public func read() -> UInt8 {
    settle()
    return known
  }

  private var levels: UInt8 {
    pins.enumerated().reduce(0) { $0 | ($1.element.level == .high ? 1 << UInt8($1.offset) : 0) }
  }

  private func settle() {
    known = levels
    site.pin("int").release()
  }

  private func inputChanged() {
    let inputs = UInt8(truncatingIfNeeded: port.integer)
    if levels & inputs != known & inputs { site.pin("int").drive(.low) } else { site.pin("int").release() }
  }
}
