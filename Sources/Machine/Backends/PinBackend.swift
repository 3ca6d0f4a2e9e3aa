/// Joins pins and buses of a board to something outside the emulator: GPIO lines and serial ports of the host.
public protocol PinBackend: AnyObject {
  /// - Returns: `nil` for a pin that stays virtual.
  func line(for pin: Pin) -> (any HostPin)?
  /// - Returns: `nil` for a UART that stays virtual.
  func serialPort(for uart: UART) -> (any HostSerialPort)?
  /// - Returns: `nil` for a bus that stays virtual.
  func i2cBus(for controller: I2CController) -> (any HostI2CBus)?
  /// - Returns: `nil` for a bus that stays virtual.
  func spiBus(for controller: SPIController) -> (any HostSPIBus)?
  /// - Returns: `nil` for a pin where the host has none.
  func pulseOutput(for pin: Pin) -> (any HostPulseOutput)?
}

extension PinBackend {
  public func serialPort(for uart: UART) -> (any HostSerialPort)? { nil }
  public func i2cBus(for controller: I2CController) -> (any HostI2CBus)? { nil }
  public func spiBus(for controller: SPIController) -> (any HostSPIBus)? { nil }
  public func pulseOutput(for pin: Pin) -> (any HostPulseOutput)? { nil }
}

/// A real line behind a pin: the line follows the pin's outputs, and an input reads the line's level.
///
/// It belongs to the board's thread.
public protocol HostPin: AnyObject {
  /// Takes the line, unless this run has it already, and sets it up.
  /// - Parameter edgeInput: destination of the input's edges that its `trigger` names; `nil` for none.
  func configure(_ setup: HostPinSetup, edges edgeInput: HostEdgeInput?) throws(HostPinError)
  /// Sets an output that was configured before.
  func write(_ level: Level) throws(HostPinError)
  /// Returns the level of a line that was configured before.
  func read() throws(HostPinError) -> Level
}

/// How a pin uses its line.
public struct HostPinSetup: Sendable, Hashable {
  public enum Use: Sendable, Hashable {
    case input
    case pushPull(Level)
    /// `high` lets go.
    case openDrain(Level)
  }

  public var use: Use
  public var pull: Pull

  public init(_ use: Use, pull: Pull = .none) {
    self.use = use
    self.pull = pull
  }
}

/// Why a line could not do what the firmware asked of its pin.
public struct HostPinError: Error, Hashable, CustomStringConvertible {
  /// As in `errno`, for Python's `OSError`.
  public let errorNumber: Int32
  public let description: String

  public init(errorNumber: Int32, _ description: String) {
    self.errorNumber = errorNumber
    self.description = description
  }
}
