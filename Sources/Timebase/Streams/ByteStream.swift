/// A non-blocking device that bytes go to and come from: a UART, a device written in firmware.
public protocol ByteStream: Pollable {
  /// Takes what has arrived, at most as much as fits.
  /// - Returns: the number of bytes, 0 at the end of the stream, nil when it would block.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int?

  /// Hands over as much as the device takes at once.
  /// - Returns: the number of bytes taken, nil when it would block.
  func write(_ bytes: UnsafeRawBufferPointer) throws -> Int?

  /// Nobody will read or write any more; does nothing where that means nothing.
  func close()
}

extension ByteStream {
  public func close() {}
}
