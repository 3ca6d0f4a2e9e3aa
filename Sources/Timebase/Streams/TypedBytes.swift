/// Bytes typed from outside of the board at board times: by a scenario, by a test.
///
/// Belongs to the board's thread, and to the code that steps the board while that thread stands.
public final class TypedBytes: ByteStream {
  private var input = ArrivedInput()

  public init() {}

  public var arrivesInBoardTime: Bool { true }

  /// Types more.
  public func type(_ more: some Sequence<UInt8>) { input.bytes += more }

  public func poll(_ wanted: PollEvents) -> PollEvents {
    input.isReadable ? wanted.intersection(.readable) : []
  }

  public func read(into buffer: UnsafeMutableRawBufferPointer) -> Int? { input.take(into: buffer) }

  public func write(_ bytes: UnsafeRawBufferPointer) -> Int? { nil }
}

/// Nobody types: a stream at its end, which takes everything that is written.
package final class NoKeys: ByteStream {
  package init() {}

  package var isAtEnd: Bool { true }
  package func read(into buffer: UnsafeMutableRawBufferPointer) -> Int? { 0 }
  package func write(_ bytes: UnsafeRawBufferPointer) -> Int? { bytes.count }
  package func poll(_ wanted: PollEvents) -> PollEvents { wanted }
}
