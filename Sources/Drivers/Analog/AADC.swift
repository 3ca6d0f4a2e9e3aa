import Asyncio
import Timebase

/// Waits until an analogue value leaves its bounds, or comes into them (`AADC` of micropython-async).
///
/// It is asked once per pass of the scheduler while a task waits.
@Firmware
public final class AADC {
  private let source: Source
  private let reader: StreamReader

  /// - Parameter read: reads the converter: 0 to 65535.
  public init(_ read: @escaping () -> UInt16) {
    source = Source(read)
    reader = StreamReader(source)
  }

  /// Waits with the bounds of the last wait (`await aadc()`); at first the bounds are 0 and 65535.
  /// - Returns: the value that ended the wait.
  /// - Throws: `CancelledError`.
  public func wait(file: StaticString = #fileID, line: UInt = #line) async throws -> UInt16 {
    let bytes = try await reader.readExactly(2, file: file, line: line)
    return UInt16(bytes[0]) | UInt16(bytes[1]) << 8
  }

  /// Waits until the value has changed by more than `change` (`await aadc(change)`).
  /// - Throws: `CancelledError`.
  public func wait(
    change: UInt16, file: StaticString = #fileID, line: UInt = #line
  ) async throws -> UInt16 {
    let value = Int(source.last ?? source.sample())
    source.bounds = value - Int(change)...value + Int(change)
    return try await wait(file: file, line: line)
  }

  /// Waits until the value is out of `bounds`, or in them after `waitsForEntry = true` (`await aadc(lower, upper)`).
  /// - Throws: `CancelledError`.
  public func wait(
    _ bounds: ClosedRange<UInt16>, file: StaticString = #fileID, line: UInt = #line
  ) async throws -> UInt16 {
    source.bounds = Int(bounds.lowerBound)...Int(bounds.upperBound)
    return try await wait(file: file, line: line)
  }

  /// Whether a wait ends when the value is within the bounds, instead of out of them (`sense(False)`).
  public var waitsForEntry: Bool {
    get { source.waitsForEntry }
    set { source.waitsForEntry = newValue }
  }

  /// Reads the converter (`read_u16()`).
  public func read() -> UInt16 { source.sample() }

  /// The value of the last reading (`read_u16(last=True)`); nil if there was none.
  public var last: UInt16? { source.last }
}

/// The converter as a stream that is readable when the wait is over.
private final class Source: ByteStream {
  var bounds = 0...65_535
  var waitsForEntry = false
  private(set) var last: UInt16?
  private let read: () -> UInt16

  init(_ read: @escaping () -> UInt16) { self.read = read }

  func sample() -> UInt16 {
    let value = read()
    last = value
    return value
  }

  /// A voltage changes without anybody's notice.
  var needsTickPolling: Bool { true }

  func poll(_ wanted: PollEvents) -> PollEvents {
    guard wanted.contains(.readable), bounds.contains(Int(sample())) == waitsForEntry else { return [] }
    return .readable
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
    guard let last, buffer.count >= 2 else { return nil }
    buffer[0] = UInt8(truncatingIfNeeded: last)
    buffer[1] = UInt8(truncatingIfNeeded: last >> 8)
    return 2
  }

  func write(_ bytes: UnsafeRawBufferPointer) -> Int? { nil }
}
