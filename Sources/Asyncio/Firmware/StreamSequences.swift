extension StreamReader {
  /// The lines that come, each with its line feed, to the end of the stream:
  ///
  ///     for try await line in reader.lines { … }
  public var lines: Lines { Lines(reader: self) }

  /// The bytes that come, to the end of the stream.
  public var bytes: Bytes { Bytes(reader: self) }

  /// The sequence that `StreamReader.lines` returns.
  @Firmware
  public struct Lines: @Firmware AsyncSequence {
    fileprivate let reader: StreamReader

    public struct Iterator: @Firmware AsyncIteratorProtocol {
      fileprivate let reader: StreamReader

      @Firmware public mutating func next() async throws -> [UInt8]? {
        let line = try await reader.readLine(at: nil)
        return line.isEmpty ? nil : line
      }
    }

    public func makeAsyncIterator() -> Iterator { Iterator(reader: reader) }
  }

  /// The sequence that `StreamReader.bytes` returns.
  @Firmware
  public struct Bytes: @Firmware AsyncSequence {
    fileprivate let reader: StreamReader

    public struct Iterator: @Firmware AsyncIteratorProtocol {
      fileprivate let reader: StreamReader
      /// Unconsumed bytes of one read, the next byte at the end.
      fileprivate var rest: [UInt8] = []

      @Firmware public mutating func next() async throws -> UInt8? {
        if rest.isEmpty { rest = try await reader.readSome(256, at: nil).reversed() }
        return rest.popLast()
      }
    }

    public func makeAsyncIterator() -> Iterator { Iterator(reader: reader) }
  }
}
