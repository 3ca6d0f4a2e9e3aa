/// The kinds of device that wirings may name. A new kind is its own file and one line here; another module adds its kinds with
/// `adding(_:)`.
public struct DeviceRegistry: Sendable {
  public let types: [any Device.Type]
  /// Asked in order for names that are none of a type.
  let finders: [any DeviceFinder]

  init(types: [any Device.Type], finders: [any DeviceFinder] = []) {
    self.types = types
    self.finders = finders
  }

  /// In the order in which `vpyboard devices` lists them.
  public static let standard = DeviceRegistry(types: [
    // Contacts and knobs
    PushButton.self, SlideSwitch.self, Keypad.self, RotaryEncoder.self, Potentiometer.self,
    // Lights, sounds, movement
    LightDiode.self, RGBLight.self, PixelStrip.self, Buzzer.self, ServoMotor.self,
    // Sensors
    DHT22.self, DHT11.self, DS18B20.self, HCSR04.self, HTU21D.self, BMP180.self, BME280.self, MPU6050.self,
    // Clocks and memories
    DS1307.self, DS3231.self, AT24.self, SDCard.self,
    // Displays
    SSD1306.self, SSD1306SPI.self, HD44780.self, LCDBackpack.self,
    // Expanders
    PCF8574.self, ShiftRegister595.self, ShiftRegister165.self,
    // Links
    InfraredReceiver.self, GPSReceiver.self, SerialPeer.self,
  ])

  /// These kinds and some more.
  public func adding(_ types: [any Device.Type]) -> DeviceRegistry {
    DeviceRegistry(types: self.types + types, finders: finders)
  }

  public func type(named name: String) -> (any Device.Type)? { types.first { $0.kind.name == name } }

  public var names: [String] { types.map { $0.kind.name } }
}
