import Timebase

/// A serial port of the host behind a board's UART: characters that the firmware sends leave there, and it
/// receives those that arrive there.
///
/// It belongs to the board's thread; only `HostSerialInput` may be called from others.
public protocol HostSerialPort: AnyObject {
  /// Opens the port, or sets up anew the one that is open.
  /// - Parameters:
  ///   - settings: at most eight bits of data.
  ///   - input: destination of received characters and of failures while it is open.
  func open(_ settings: UARTSettings, input: HostSerialInput) throws(HostPinError)
  /// Hands bytes to the host, which sends them in its own time.
  /// - Returns: how many of them it has room for now.
  func write(_ bytes: [UInt8]) throws(HostPinError) -> Int
  /// Bytes that the host has taken and not sent yet.
  var unsentCount: Int { get }
  /// Holds the line low for longer than a character.
  func sendBreak() throws(HostPinError)
  func close()
}

/// Entry for characters that a serial port of the host has received, from any thread that reads them.
///
/// The lock of `InterruptMessages` orders the two threads.
public final class HostSerialInput: Sendable {
  private let number: Int
  private let time: HostTime
  private let messages: InterruptMessages

  init(number: Int, time: HostTime, messages: InterruptMessages) {
    self.number = number
    self.time = time
    self.messages = messages
  }

  /// Bytes have arrived, the last of them just now.
  public func enter(_ bytes: [UInt8]) {
    let now = time.now
    messages.put(.action { [self] in $0.uarts[number]?.hostReceived(bytes, through: self, at: now) })
  }

  /// The port can be read no longer.
  public func fail(_ error: HostPinError) {
    messages.put(.action { [self] in $0.uarts[number]?.hostFailed(error, through: self) })
  }
}
