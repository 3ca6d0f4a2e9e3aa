/// The kinds of device that wirings may name. A new kind is its own file and one line here; another module adds its kinds with
/// `adding(_:)`.
public struct DeviceRegistry: Sendable {
  public let types: [any Device.Type]

  /// In the order in which `vpyboard devices` lists them.
  public static let standard = DeviceRegistry(types: [
    // Contacts and knobs
    PushButton.self,
    SlideSwitch.self,
    Potentiometer.self,
    // Lights
    LightDiode.self,
    // Sensors
    DHT22.self,
    DHT11.self,
    DS18B20.self,
    HCSR04.self,
    // Displays
    SSD1306.self,
  ])

  /// These kinds and some more.
  public func adding(_ types: [any Device.Type]) -> DeviceRegistry {
    DeviceRegistry(types: self.types + types)
  }

  public func type(named name: String) -> (any Device.Type)? { types.first { $0.kind.name == name } }

  public var names: [String] { types.map { $0.kind.name } }
}
