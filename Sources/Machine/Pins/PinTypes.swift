/// The logic level of a line.
public enum Level: UInt8, Sendable, Hashable {
  case low = 0
  case high = 1

  public var opposite: Level { self == .low ? .high : .low }
}

/// A resistor that holds a line while nobody drives it.
public enum Pull: Sendable, Hashable {
  case none
  case up
  case down
}

/// How a pin is used; the six modes of an STM32's GPIO block.
public enum PinMode: Sendable, Hashable {
  case input
  case outputPushPull
  case outputOpenDrain
  /// A peripheral drives the pin.
  case alternatePushPull
  case alternateOpenDrain
  /// Cut off from the digital input, which reads low.
  case analog
}

/// A function that a pin can be switched to besides being read and written.
public struct PinFunction: Sendable, Hashable {
  /// The alternate function's number, 0 to 15; `nil` for analogue functions, which have none.
  public let number: Int?
  /// As the data sheet calls it: `TIM2_CH1`, `UART4_TX`, `ADC123_IN0`.
  public let signal: String
}

/// The edges that interrupt.
public enum EdgeTrigger: Sendable, Hashable {
  case rising
  case falling
  case risingOrFalling

  /// Whether an edge to this level interrupts.
  public func matches(_ level: Level) -> Bool {
    switch self {
    case .rising: level == .high
    case .falling: level == .low
    case .risingOrFalling: true
    }
  }
}

/// An interrupt line that is taken. The text is that of the board's firmware (ports/stm32/extint.c).
public enum ExternalInterruptError: Error, Hashable, CustomStringConvertible {
  /// Taken by `Pin.irq` of the pin with this processor name; the board raises `OSError`.
  case takenByPin(String)
  /// Taken through the line itself, by `ExtInt` or the switch.
  case lineInUse(Int)

  public var description: String {
    switch self {
    case .takenByPin(let name): "IRQ resource already taken by Pin('\(name)')"
    case .lineInUse(let line): "ExtInt vector \(line) is already in use"
    }
  }
}
