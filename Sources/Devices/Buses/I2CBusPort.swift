import Machine
import Timebase

/// A device on an I2C bus.
public protocol I2CDevice: Device {
  var bus: I2CBusPort { get }
}

extension I2CDevice {
  /// The faults that every device on a bus can have: `nak`, `slow`.
  public var busControls: [Control] { bus.controls }
}

/// Behaviour of a device on an I2C bus, without its faults: the five verbs, and the addresses that it answers
/// to.
public protocol I2CBehaviour: AnyObject {
  /// The controller has addressed the device, to read or to write.
  /// - Returns: whether it acknowledges.
  func begin(isRead: Bool) -> Bool
  /// - Returns: whether the byte is acknowledged.
  func write(_ byte: UInt8) -> Bool
  func read() -> UInt8
  /// The controller has taken the byte, and wants another one or not.
  func acknowledge(_ wantsMore: Bool)
  /// A stop condition, or the start of another transfer.
  func end()
  /// How long it holds the clock now, until it can go on.
  var clockHold: Interval { get }
}

extension I2CBehaviour {
  public func begin(isRead: Bool) -> Bool { true }
  public func acknowledge(_ wantsMore: Bool) {}
  public func end() {}
  public var clockHold: Interval { .zero }
}

/// Ties a device to the pins `scl` and `sda` of its site, with the faults that a bus can have.
public final class I2CBusPort: I2CTarget {
  public let scl: Terminal
  public let sda: Terminal
  /// Seven bits each.
  public var addresses: [UInt8]
  public var clockStretch: Interval { stretch + (behaviour?.clockHold ?? .zero) }
  /// The address of the transfer that goes on or was the last.
  public private(set) var selected: UInt8?

  private let site: DeviceSite
  private weak var behaviour: (any I2CBehaviour)?
  private var port: I2CTargetPort?
  private let nak: DeviceState
  private var stretch = Interval.zero

  /// - Parameters:
  ///   - addresses: seven bits each.
  ///   - site: of a kind with pins `scl` and `sda`; with a key `pullups`, that decides about resistors on the module.
  public init(_ addresses: [Int], site: DeviceSite) {
    self.site = site
    self.addresses = addresses.map { UInt8(truncatingIfNeeded: $0) }
    scl = site.pin("scl")
    sda = site.pin("sda")
    nak = DeviceState("nak", .flag, .flag(false), site: site)
    if site.kind.keys.contains(where: { $0.name == "pullups" }), site.flag("pullups") {
      scl.pull(.up)
      sda.pull(.up)
    }
  }

  /// Takes part from now on; a device calls it at the end of its `init`.
  public func serve(_ behaviour: any I2CBehaviour) {
    self.behaviour = behaviour
    port = I2CTargetPort(self, name: site.name, scl: scl.net, sda: sda.net, context: site.context)
  }

  public var controls: [Control] {
    [
      nak.control(example: "1"),
      Control("slow", .interval(upTo: .seconds(1)), example: "1ms") { [self] value, _ in
        if case .interval(let interval) = value { stretch = interval }
      },
    ]
  }

  // MARK: I2CTarget

  public func start(address: UInt8, isRead: Bool) -> Bool {
    guard addresses.contains(address), !nak.flag, site.isPowered else { return false }
    selected = address
    return behaviour?.begin(isRead: isRead) ?? false
  }

  public func write(_ byte: UInt8) -> Bool { nak.flag ? false : behaviour?.write(byte) ?? false }
  public func read() -> UInt8 { behaviour?.read() ?? 0xFF }
  public func acknowledge(_ wantsMore: Bool) { behaviour?.acknowledge(wantsMore) }
  public func stop() { behaviour?.end() }
}
