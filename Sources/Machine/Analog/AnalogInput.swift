/// A source that the analogue-to-digital converter measures: a pin, or something inside the processor. The
/// converter has twelve bits, takes the supply as its reference and makes no noise.
public enum AnalogInput {
  case pin(Pin)
  /// The processor's own temperature, 25 °C, as the voltage of its sensor.
  case temperature(voltage: Double)
  /// The internal reference.
  case reference
  /// Half of the backup battery's voltage, which is the supply's.
  case battery

  /// The internal reference of an STM32F4, volts.
  static let referenceVoltage = 1.21

  /// Volts.
  public var voltage: Double {
    switch self {
    case .pin(let pin): pin.net.voltage
    case .temperature(let voltage): voltage
    case .reference: Self.referenceVoltage
    case .battery: Net.supply / 2
    }
  }

  /// 0 to 4095.
  public var reading: Int {
    Int((min(max(voltage / Net.supply, 0), 1) * 4095).rounded())
  }
}
