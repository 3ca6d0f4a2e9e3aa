import Diagnostics
import Timebase

/// Writes to a device without keeping other tasks waiting (`asyncio.StreamWriter`).
@Firmware
public final class StreamWriter {
  private let stream: any ByteStream
  private var pending: [UInt8] = []
  /// The task that waits in `drain`.
  private weak var drainer: FirmwareTaskBody?

  public init(_ stream: any ByteStream) { self.stream = stream }

  /// The peer's address of a connection (`get_extra_info('peername')`); nil for other streams.
  public var peer: SocketAddress? { (stream as? SocketStream)?.peer }

  /// Closes the device for reading and writing at once (`close` and `wait_closed`). Bytes that were not
  /// drained are lost.
  public func close() {
    pending = []
    stream.close()
  }

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
  public func drain(file: StaticString = #fileID, line: UInt = #line) async throws {
    if pending.isEmpty { return try await sleepMs(0, file: file, line: line) }
    noteDrain(at: SourceLine(file, line))
    defer { drainer = nil }
    var rest = pending[...]
    // Cancelled on the way, the next `drain` writes it all again, as on the board.
    while !rest.isEmpty {
      try await suspend(for: stream, .writable, at: SourceLine(file, line))
      let taken = try rest.withUnsafeBytes { try stream.write($0) } ?? 0
      rest = rest.dropFirst(taken)
    }
    pending = []
  }

  private func noteDrain(at line: SourceLine) {
    guard let body = try? runningBody() else { return }
    if let drainer, drainer !== body, let scheduler = try? runningScheduler() {
      body.come(to: line)
      scheduler.reportSharedWriter(drainedBy: drainer)
    }
    drainer = body
  }
}
