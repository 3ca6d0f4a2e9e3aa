/// How a UART is set up.
public struct UARTSettings: Sendable, Hashable {
  public enum Parity: Int, Sendable, Hashable {
    case even = 0
    case odd = 1
  }

  /// Bits per second that were asked for.
  public var baudRate: Int
  /// Data bits: on an STM32 8 or 9 without parity, 7 or 8 with; with a PL011 5 to 8.
  public var bits: Int
  public var parity: Parity?
  /// 1 or 2.
  public var stopBits: Int
  /// Milliseconds that a read waits for the first byte.
  public var timeout: Int64
  /// Milliseconds that a read waits for each further byte; at least the length of one (see `UART.start`).
  public var timeoutBetweenBytes: Int64
  /// Bytes that wait to be read; 0 leaves only what the hardware keeps.
  public var receiveBufferSize: Int
  /// Bytes that wait to be sent, where the driver keeps any (a PL011's).
  public var transmitBufferSize: Int
  /// Whether the other end is held back while the receive buffer is full.
  public var usesRTS: Bool
  /// Whether the other end can hold this one back.
  public var usesCTS: Bool
  /// Whether the line of that direction has the opposite of every level (a PL011's pins).
  public var isTXInverted: Bool
  public var isRXInverted: Bool

  public init(
    baudRate: Int, bits: Int = 8, parity: Parity? = nil, stopBits: Int = 1, timeout: Int64 = 0,
    timeoutBetweenBytes: Int64 = 0, receiveBufferSize: Int = 64, transmitBufferSize: Int = 256,
    usesRTS: Bool = false, usesCTS: Bool = false, isTXInverted: Bool = false, isRXInverted: Bool = false
  ) {
    self.baudRate = baudRate
    self.bits = bits
    self.parity = parity
    self.stopBits = stopBits
    self.timeout = timeout
    self.timeoutBetweenBytes = timeoutBetweenBytes
    self.receiveBufferSize = receiveBufferSize
    self.transmitBufferSize = transmitBufferSize
    self.usesRTS = usesRTS
    self.usesCTS = usesCTS
    self.isTXInverted = isTXInverted
    self.isRXInverted = isRXInverted
  }

  /// Whether a character takes two bytes of a buffer.
  public var isNineBit: Bool { bits == 9 }

  var frameFormat: SerialFormat {
    SerialFormat(dataBits: bits, parity: parity, stopBits: stopBits)
  }
}

/// The settings that a UART accepts.
extension UART {
  func check(_ settings: UARTSettings) throws(UARTError) {
    let wordLength = settings.bits + (settings.parity == nil ? 0 : 1)
    guard model.dataBits.contains(settings.bits), model == .pl011 || wordLength == 8 || wordLength == 9 else {
      throw .unsupportedBitsAndParity
    }
    let rate = settings.baudRate
    let time = model.bitTime(baudRate: min(max(1, rate), busClock), clock: busClock)
    guard (1...busClock).contains(rate), 20 * abs(time.baudRate - rate) <= time.baudRate else {
      throw .baudRateOutOfReach(actual: time.baudRate)
    }
    guard settings.receiveBufferSize <= UARTError.largestReceiveBuffer else {
      throw .receiveBufferTooLarge(settings.receiveBufferSize)
    }
  }

  func check(_ pin: Pin, carries direction: String) throws(UARTError) {
    let names = signalNames(direction)
    guard pin.functions.contains(where: { names.contains($0.signal) }) else {
      throw .pinWithoutSignal(
        pin.name, signal: names[0],
        available: capablePins.filter { $0.functions.contains { names.contains($0.signal) } }.map(\.name))
    }
  }

  /// `UART4_TX`, `USART2_RX`: the pins' functions decide which of the two words it is.
  func signal(_ direction: String) -> String {
    let pin = direction == "TX" ? txPin : rxPin
    let names = signalNames(direction)
    return pin.functions.first { names.contains($0.signal) }?.signal ?? names[0]
  }

  private func signalNames(_ direction: String) -> [String] {
    ["UART\(number)_\(direction)", "USART\(number)_\(direction)"]
  }
}

/// Settings that the UART cannot have. The text is that of the board's firmware.
public enum UARTError: Error, Hashable, CustomStringConvertible {
  case unsupportedBitsAndParity
  /// The divider cannot come within 5 % of the wanted baud rate.
  case baudRateOutOfReach(actual: Int)
  case receiveBufferTooLarge(Int)
  case notStarted(Int)
  /// The pin cannot carry the signal, `UART0_TX`; these can.
  case pinWithoutSignal(String, signal: String, available: [String])

  /// The largest size that the driver can count.
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
