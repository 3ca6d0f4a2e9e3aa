/// An SPI bus of the host behind a board's controller: the host's driver has the clock and the two data lines.
///
/// It belongs to the board's thread.
public protocol HostSPIBus: AnyObject {
  /// Opens the bus, or sets up anew the one that is open.
  func open(_ settings: SPISettings) throws(HostPinError)
  /// Sends bytes, and selects nobody.
  /// - Returns: as many, which were read at the same time.
  func transfer(_ bytes: [UInt8]) throws(HostPinError) -> [UInt8]
  func close()
}
