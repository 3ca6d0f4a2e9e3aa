/// Something was asked of a board that it does not have.
public enum BoardError: Error, Hashable, CustomStringConvertible {
  case noSuchPin(String, available: String)
  case noSuchLED(Int, available: String)
  case noSuchSwitch(String, available: String)
  case noSuchUART(Int, available: String)
  case noSuchTimer(Int, available: String)
  case noAccelerometer
  /// A wire from a pin to itself, under whatever names.
  case wireToItself(String, String)
  /// A pin or switch that a person has to work on, not a stimulus.
  case pinIsReal(String)
  /// Not of the form `X1-X2`.
  case malformedWire(String)

  public var description: String {
    switch self {
    case .noSuchPin(let name, let available): "pin \"\(name)\" is not on this board (\(available))"
    case .noSuchLED(let number, let available):
      "LED(\(number)) doesn't exist (\(Self.choice(available, "LEDs")))"
    case .noSuchSwitch(let name, let available):
      "switch \"\(name)\" is not on this board (\(Self.choice(available, "switches")))"
    case .noSuchUART(let number, let available):
      "UART(\(number)) doesn't exist (\(Self.choice(available, "UARTs")))"
    case .noSuchTimer(let number, let available):
      "Timer(\(number)) doesn't exist (\(Self.choice(available, "hardware timers")))"
    case .noAccelerometer: "this board has no accelerometer"
    case .wireToItself(let first, let second):
      first == second ? "a wire from \(first) to itself" : "\(first) and \(second) are the same pin"
    case .pinIsReal(let name): "\(name) is a real line: what is wired to it drives it"
    case .malformedWire(let text): "\"\(text)\" is not a wire: name two pins, as in X1-X2"
    }
  }

  private static func choice(_ available: String, _ kind: String) -> String {
    available.isEmpty ? "this board has no \(kind)" : available
  }
}
