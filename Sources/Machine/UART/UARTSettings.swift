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

  public init(
    baudRate: Int, bits: Int = 8, parity: Parity? = nil, stopBits: Int = 1, timeout: Int64 = 0,
    timeoutBetweenBytes: Int64 = 0, receiveBufferSize: Int = 64, transmitBufferSize: Int = 256
  ) {
    self.baudRate = baudRate
    self.bits = bits
    self.parity = parity
    self.stopBits = stopBits
    self.timeout = timeout
    self.timeoutBetweenBytes = timeoutBetweenBytes
    self.receiveBufferSize = receiveBufferSize
    self.transmitBufferSize = transmitBufferSize
  }

  /// Whether a character takes two bytes of a buffer.
  public var isNineBit: Bool { bits == 9 }

  var frameFormat: Frame.Format {
    Frame.Format(dataBits: bits, parity: parity, stopBits: stopBits)
  }
}
