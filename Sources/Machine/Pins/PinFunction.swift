/// What a pin can be switched to besides being read and written.
public struct PinFunction: Sendable, Hashable {
  /// The alternate function's number, 0 to 15; `nil` for analogue functions, which have none.
  public let number: Int?
  /// As the data sheet calls it: `TIM2_CH1`, `UART4_TX`, `ADC123_IN0`.
  public let signal: String
}
