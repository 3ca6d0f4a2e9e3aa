import Machine
import Timebase

/// An ultrasonic range finder with four pins.
///
/// A high of 10 µs or more on `trig` starts a measurement (Elecfreaks, HC-SR04 user guide): eight pulses of 40 kHz go out, then
/// `echo` is high for the time that sound needs there and back, 58 µs for a centimetre. Without an echo it is high for 38 ms.
public final class HCSR04: Device, NetListener {
  public static let kind = DeviceKind(
    "hcsr04", title: "ultrasonic range finder", source: "Elecfreaks, HC-SR04 user guide",
    pins: [DeviceKind.Pin("trig"), DeviceKind.Pin("echo"), .power(), .ground()])

  /// From the end of the trigger to the echo: eight periods of 40 kHz, and the module's own processor (measured on modules).
  private static let burst = Interval.microseconds(450)
  private static let shortestTrigger = Interval.microseconds(10)
  private static let noEcho = Interval.milliseconds(38)

  public let site: DeviceSite

  private let trig: Terminal
  private let echo: Terminal
  private let distance: DeviceState
  private var listening: NetListening?
  private var rose: Instant?
  private var isMeasuring = false

  public init(_ site: DeviceSite) {
    self.site = site
    trig = site.pin("trig")
    echo = site.pin("echo")
    distance = DeviceState("distance", .real(0...10_000), unit: "cm", .real(100), site: site)
    echo.drive(.low)
    listening = trig.net.listen(self)
  }

  public var signals: [Signal] { [distance.signal] }

  public var controls: [Control] {
    [distance.control()] + distance.sensorFaults(isOnly: true)
  }

  public func netChanged(_ edge: Net.Edge) {
    guard edge.level == .low else {
      rose = edge.time
      return
    }
    guard let rose, edge.time - rose >= Self.shortestTrigger, !isMeasuring, site.isPowered
    else { return }
    isMeasuring = true
    let begin = edge.time + Self.burst
    let length = echoLength
    site.at(begin) { [weak self] in self?.echo.driver.drive(.high, at: begin) }
    site.at(begin + length) { [weak self] in
      self?.isMeasuring = false
      self?.echo.driver.drive(.low, at: begin + length)
    }
  }

  /// It hears things from 2 cm to 400 cm.
  private var echoLength: Interval {
    guard distance.real <= 400 else { return Self.noEcho }
    return .nanoseconds(Int64((max(2, distance.reading) * 58_000).rounded()))
  }
}
