/// An interrupt line that is taken. The text is what the board's firmware says (ports/stm32/extint.c).
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
