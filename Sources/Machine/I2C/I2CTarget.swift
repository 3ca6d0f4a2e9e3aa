import Timebase

/// The target side of an I2C bus: a sensor, a memory, a board that answers another board. Five verbs are all of it, whether the
/// controller is a peripheral of the processor or firmware that moves two pins.
///
/// Bus times, acknowledgements and addressing as in the I2C-bus specification (UM10204, 3.1).
public protocol I2CTarget: AnyObject {
  /// A start condition and an address.
  /// - Parameter address: seven bits.
  /// - Returns: whether it is the target's, and acknowledged.
  func start(address: UInt8, isRead: Bool) -> Bool
  /// The controller has written a byte.
  /// - Returns: whether it is acknowledged.
  func write(_ byte: UInt8) -> Bool
  /// The next byte for the controller.
  func read() -> UInt8
  /// The controller has taken the byte, and wants another one or not.
  func acknowledge(_ wantsMore: Bool)
  /// A stop condition, or a start of another transfer, ends this one.
  func stop()
  /// How long the target holds the clock low before it acknowledges or answers a byte; most never do.
  var clockStretch: Interval { get }
}

extension I2CTarget {
  public func acknowledge(_ wantsMore: Bool) {}
  public func stop() {}
  public var clockStretch: Interval { .zero }
}

/// Why a transfer on an I2C bus did not come to its end.
public enum I2CError: Error, Sendable, Hashable, CustomStringConvertible {
  /// No target acknowledged the address.
  case noAcknowledge(address: Int)
  /// A byte was not acknowledged; so many were.
  case dataNotAcknowledged(count: Int)
  /// A line is held low, so that no transfer can begin.
  case busBusy
  /// A target holds the clock low for longer than the time-out.
  case timeout
  /// Another controller won.
  case arbitrationLost
  /// The peripheral cannot do this: read without a stop condition, read nothing.
  case invalid(String)
  case notStarted(Int)

  public var description: String {
    switch self {
    case .noAcknowledge(let address): "nobody answers at I2C address 0x\(String(address, radix: 16))"
    case .dataNotAcknowledged(let count): "the target refused what followed \(count) bytes"
    case .busBusy: "the I2C bus is busy: a line is held low, or nothing pulls it up"
    case .timeout: "a target held the I2C clock low for too long"
    case .arbitrationLost: "another controller won the I2C bus"
    case .invalid(let what): what
    case .notStarted(let number): "I2C(\(number)) is not initialised"
    }
  }
}
