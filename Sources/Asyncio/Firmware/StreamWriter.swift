/// Writes to a device without keeping other tasks waiting (`asyncio.StreamWriter`).
@Firmware
public final class StreamWriter {
  private let stream: any ByteStream
  private var pending: [UInt8] = []

  public init(_ stream: any ByteStream) { self.stream = stream }

  /// Hands over what the device takes at once and keeps the rest for `drain()`.
  public func write(_ bytes: some Sequence<UInt8>) throws {
    var rest = Array(bytes)[...]
    if pending.isEmpty {
      let taken = try rest.withUnsafeBytes { try stream.write($0) } ?? 0
      rest = rest.dropFirst(taken)
    }
    pending += rest
  }

  /// Writes the text in UTF-8.
  public func write(_ text: String) throws { try write(text.utf8) }

  /// Waits until everything is written; suspends the task for one pass of the scheduler at least.
  public func drain() async throws {
    if pending.isEmpty { return try await sleepMs(0) }
    var rest = pending[...]
    // Cancelled on the way, the next `drain` writes it all again, as on the board.
    while !rest.isEmpty {
      let stream = self.stream
      try await suspend { scheduler in
        try scheduler.waitCurrent(for: stream, .writable)
        return true
      }
      let taken = try rest.withUnsafeBytes { try stream.write($0) } ?? 0
      rest = rest.dropFirst(taken)
    }
    pending = []
  }
}
