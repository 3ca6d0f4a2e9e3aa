import Timebase

/// A UART as a byte stream, for streams and `select.poll`.
extension UART: ByteStream {
  public func poll(_ wanted: PollEvents) -> PollEvents {
    var ready: PollEvents = []
    if wanted.contains(.readable) {
      if isReadable { ready.insert(.readable) } else { silence.waits() }
    }
    if wanted.contains(.writable) && isWritable { ready.insert(.writable) }
    return ready
  }

  /// Takes what has arrived, waiting as long as the settings say. Characters of nine bits take two bytes, low
  /// byte first.
  public func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int? {
    let width = settings?.isNineBit == true ? 2 : 1
    guard let characters = try receive(buffer.count / width) else { return nil }
    for (index, character) in characters.enumerated() {
      buffer[index * width] = UInt8(truncatingIfNeeded: character)
      if width == 2 { buffer[index * width + 1] = UInt8(character >> 8) }
    }
    return characters.count * width
  }

  /// Sends as `write(_:)` with an array of bytes does.
  public func write(_ bytes: UnsafeRawBufferPointer) throws(UARTError) -> Int? {
    let width = settings?.isNineBit == true ? 2 : 1
    let characters = stride(from: 0, to: bytes.count - bytes.count % width, by: width).map { index in
      UInt16(bytes[index]) | (width == 2 ? UInt16(bytes[index + 1] & 1) << 8 : 0)
    }
    let count = try send(characters)
    return count == 0 && !characters.isEmpty ? nil : count * width
  }
}
