/// An I2C bus of the host behind a board's controller: the host's driver has the lines, and does whole transfers.
///
/// It belongs to the board's thread.
public protocol HostI2CBus: AnyObject {
  /// Looks for the bus, and opens it.
  func open() throws(HostPinError)
  /// Does a transfer, from a start to a stop condition: each message after a start of its own.
  /// - Returns: the bytes read, for each message; nothing for those that write.
  func transfer(_ messages: [HostI2CMessage]) throws(HostI2CError) -> [[UInt8]]
  func close()
}

/// One message, from its start condition on.
public struct HostI2CMessage: Sendable, Hashable {
  public enum Content: Sendable, Hashable {
    case write([UInt8])
    case read(count: Int)
  }

  /// Seven bits.
  public var address: Int
  public var content: Content

  public init(address: Int, _ content: Content) {
    self.address = address
    self.content = content
  }
}

public enum HostI2CError: Error, Hashable {
  /// An error on the bus.
  case bus(I2CError)
  /// An error of the host.
  case host(HostPinError)
}
