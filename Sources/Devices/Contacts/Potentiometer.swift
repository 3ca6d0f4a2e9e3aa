import Machine

/// A potentiometer between ground and the supply: its wiper has a voltage that an analogue pin measures.
public final class Potentiometer: Device {
  public static let kind = DeviceKind(
    "pot", title: "potentiometer", source: "a voltage divider without a load",
    pins: [
      DeviceKind.Pin("wiper", aliases: ["sig"]),
      .power(), .ground(),
    ])

  public let site: DeviceSite

  private let position: DeviceState
  private let noise: DeviceState

  public init(_ site: DeviceSite) {
    self.site = site
    position = DeviceState("position", .real(0...1), .real(0), site: site)
    noise = DeviceState("noise", .real(0...1), unit: "V", .real(0), site: site)
    driveWiper()
  }

  /// Volts at the wiper.
  public var voltage: Double { position.real * Net.supply }

  public var signals: [Signal] { [position.signal] }

  public var controls: [Control] {
    [
      position.control(example: "0.5") { [self] in driveWiper() },
      noise.control(example: "0.01") { [self] in driveWiper() },
    ]
  }

  private func driveWiper() {
    let disturbance = noise.real == 0 ? 0 : (site.random.fraction() * 2 - 1) * noise.real
    site.pin("wiper").driver.drive(voltage: voltage + disturbance)
  }
}
