/// Settings that the UART cannot have. The text is what the board's firmware says.
public enum UARTError: Error, Hashable, CustomStringConvertible {
  case unsupportedBitsAndParity
  /// The divider cannot come within 5 % of the wanted baud rate.
  case baudRateOutOfReach(actual: Int)
  case receiveBufferTooLarge(Int)
  case notStarted(Int)
  /// The pin cannot carry the signal, `UART0_TX`; these can.
  case pinWithoutSignal(String, signal: String, available: [String])

  /// What the driver can count.
  static let largestReceiveBuffer = 0xFFFE

  public var description: String {
    switch self {
    case .unsupportedBitsAndParity: "unsupported combination of bits and parity"
    case .baudRateOutOfReach(let actual): "set baudrate \(actual) is not within 5% of desired value"
    case .receiveBufferTooLarge(let size):
      "a receive buffer of \(size) bytes is too large (0 to \(Self.largestReceiveBuffer))"
    case .pinWithoutSignal(let pin, let signal, let available):
      "pin \(pin) cannot be \(signal) (\(available.isEmpty ? "no pin can" : available.joined(separator: ", ")))"
    case .notStarted(let number): "UART(\(number)) is not initialised; give it a baud rate first"
    }
  }
}
