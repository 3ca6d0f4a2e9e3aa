/// A non-blocking device that bytes go to and come from: a UART, a device written in firmware.
public protocol ByteStream: Pollable {
  /// Takes the bytes that have arrived, at most as many as fit.
  /// - Returns: the number of bytes, 0 at the end of the stream, nil when it would block.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int?

  /// Hands over as much as the device takes at once.
  /// - Returns: the number of bytes taken, nil when it would block.
  func write(_ bytes: UnsafeRawBufferPointer) throws -> Int?

  /// Whether all bytes have been read and no more will come; false where that cannot be known.
  var isAtEnd: Bool { get }

  /// Whether its bytes come at board times, so that a wait for them lets board time go on.
  var arrivesInBoardTime: Bool { get }

  /// Nobody will read or write any more; does nothing where that means nothing.
  func close()
}

extension ByteStream {
  public func close() {}
  public var isAtEnd: Bool { false }
  public var arrivesInBoardTime: Bool { false }
}
