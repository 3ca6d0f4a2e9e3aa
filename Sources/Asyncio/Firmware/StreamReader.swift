import Diagnostics
import Timebase

/// The stream ended before all that was asked for had come (`EOFError`).
public struct EndOfStreamError: Error, Equatable { public init() {} }

/// Reads from a device without keeping other tasks waiting (`asyncio.StreamReader`). Every read suspends the task for
/// one pass of the scheduler at least.
@Firmware
public final class StreamReader {
  private let stream: any ByteStream

  public init(_ stream: any ByteStream) { self.stream = stream }

  /// The peer's address of a connection (`get_extra_info('peername')`); nil for other streams.
  public var peer: SocketAddress? { (stream as? SocketStream)?.peer }

  /// Reads up to `count` bytes that have come; waits for the first one. Empty at the end of the stream.
  public func read(
    _ count: Int, file: StaticString = #fileID, line: UInt = #line
  ) async throws -> [UInt8] {
    try await readSome(count, at: SourceLine(file, line))
  }

  /// Reads the bytes that have come into the beginning of `buffer`, without allocating; waits for the first
  /// byte (`readinto`).
  /// - Returns: the number of bytes; 0 at the end of the stream.
  public func read(
    into buffer: inout [UInt8], file: StaticString = #fileID, line: UInt = #line
  ) async throws -> Int {
    while true {
      try await waitUntilReadable(at: SourceLine(file, line))
      let taken = try buffer.withUnsafeMutableBytes { try stream.read(into: $0) }
      if let taken { return taken }
    }
  }

  /// Everything up to the end of the stream.
  public func readToEnd(file: StaticString = #fileID, line: UInt = #line) async throws -> [UInt8] {
    var all: [UInt8] = []
    while true {
      let bytes = try await readSome(256, at: SourceLine(file, line))
      if bytes.isEmpty { return all }
      all += bytes
    }
  }

  /// - Throws: `EndOfStreamError` if the stream ends before.
  public func readExactly(
    _ count: Int, file: StaticString = #fileID, line: UInt = #line
  ) async throws -> [UInt8] {
    var all: [UInt8] = []
    while all.count < count {
      let bytes = try await readSome(count - all.count, at: SourceLine(file, line))
      if bytes.isEmpty { throw EndOfStreamError() }
      all += bytes
    }
    return all
  }

  /// A line with its line feed; without one only at the end of the stream.
  public func readLine(file: StaticString = #fileID, line: UInt = #line) async throws -> [UInt8] {
    try await readLine(at: SourceLine(file, line))
  }

  func readLine(at line: SourceLine?) async throws -> [UInt8] {
    var text: [UInt8] = []
    while true {
      try await waitUntilReadable(at: line)
      while let byte = try take(1) {
        text += byte
        if byte.isEmpty || byte == [0x0A] { return text }
      }
    }
  }

  func readSome(_ count: Int, at line: SourceLine?) async throws -> [UInt8] {
    while true {
      try await waitUntilReadable(at: line)
      if let bytes = try take(count) { return bytes }
    }
  }

  @inline(__always) private func waitUntilReadable(at line: SourceLine?) async throws {
    try await suspend(for: stream, .readable, at: line)
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
