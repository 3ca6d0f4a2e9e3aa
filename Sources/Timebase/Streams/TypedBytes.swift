/// What somebody outside of the board types at board times: a scenario, a test.
///
/// It belongs to the board's thread, and to whoever steps the board while that stands.
public final class TypedBytes: ByteStream {
  private var bytes: [UInt8] = []

  public init() {}

  public var arrivesInBoardTime: Bool { true }

  /// Types more.
  public func type(_ more: some Sequence<UInt8>) { bytes += more }

  public func poll(_ wanted: PollEvents) -> PollEvents {
    bytes.isEmpty ? [] : wanted.intersection(.readable)
  }

  public func read(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
    guard !bytes.isEmpty else { return nil }
    let count = min(buffer.count, bytes.count)
    buffer.copyBytes(from: bytes[..<count])
    bytes.removeFirst(count)
    return count
  }

  public func write(_ bytes: UnsafeRawBufferPointer) -> Int? { nil }
}
