/// The stream ended before all that was asked for had come (`EOFError`).
public struct EndOfStreamError: Error, Equatable { public init() {} }

/// Reads from a device without keeping other tasks waiting (`asyncio.StreamReader`). Every read suspends the task for
/// one pass of the scheduler at least.
@Firmware
public final class StreamReader {
  private let stream: any ByteStream

  public init(_ stream: any ByteStream) { self.stream = stream }

  /// What has come, up to `count` bytes; waits for the first one. Empty at the end of the stream.
  public func read(_ count: Int) async throws -> [UInt8] {
    while true {
      try await waitUntilReadable()
      if let bytes = try take(count) { return bytes }
    }
  }

  /// Everything up to the end of the stream.
  public func readToEnd() async throws -> [UInt8] {
    var all: [UInt8] = []
    while true {
      let bytes = try await read(256)
      if bytes.isEmpty { return all }
      all += bytes
    }
  }

  /// - Throws: `EndOfStreamError` if the stream ends before.
  public func readExactly(_ count: Int) async throws -> [UInt8] {
    var all: [UInt8] = []
    while all.count < count {
      let bytes = try await read(count - all.count)
      if bytes.isEmpty { throw EndOfStreamError() }
      all += bytes
    }
    return all
  }

  /// A line with its line feed; without one only at the end of the stream.
  public func readLine() async throws -> [UInt8] {
    var line: [UInt8] = []
    while true {
      try await waitUntilReadable()
      while let byte = try take(1) {
        line += byte
        if byte.isEmpty || byte == [0x0A] { return line }
      }
    }
  }

  private func waitUntilReadable() async throws {
    let stream = self.stream
    try await suspend { scheduler in
      try scheduler.waitCurrent(for: stream, .readable)
      return true
    }
  }

  /// Nil when the stream would block.
  private func take(_ count: Int) throws -> [UInt8]? {
    var isBlocked = false
    let bytes = try [UInt8](unsafeUninitializedCapacity: max(0, count)) { buffer, initializedCount in
      let taken = try stream.read(into: UnsafeMutableRawBufferPointer(buffer))
      isBlocked = taken == nil
      initializedCount = min(taken ?? 0, buffer.count)
    }
    return isBlocked ? nil : bytes
  }
}
