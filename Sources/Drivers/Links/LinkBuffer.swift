import Asyncio
import Synchronization

/// Bytes that one end of a link between two boards has received and has still to send, as a stream. One piece of either is there
/// at a time.
final class LinkBuffer: ByteStream, Sendable {
  /// Bytes that go in one piece at most: a receiver of micropython-async's has room for so many.
  static let longest = 200

  private struct State {
    var incoming: ArraySlice<UInt8> = []
    var outgoing: [UInt8] = []
    /// Whether the other end takes a piece.
    var isPeerReady = false
    var hasEnded = false
  }

  private let state = Mutex(State())

  /// Bytes to be sent, as far as the other end takes it.
  var outgoing: [UInt8] { state.withLock { $0.isPeerReady ? $0.outgoing : [] } }

  /// Whether a piece waits for somebody who reads it.
  var hasIncoming: Bool { state.withLock { !$0.incoming.isEmpty } }

  /// The other end has `outgoing`.
  func sent() { state.withLock { $0.outgoing = [] } }

  func receive(_ bytes: [UInt8]) { state.withLock { $0.incoming += bytes } }

  func setPeer(isReady: Bool) { state.withLock { $0.isPeerReady = isReady } }

  /// Nothing more will come; readers find the end of the stream.
  func end() { state.withLock { $0.hasEnded = true } }

  func poll(_ wanted: PollEvents) -> PollEvents {
    state.withLock { state in
      var ready: PollEvents = []
      if !state.incoming.isEmpty || state.hasEnded { ready.insert(.readable) }
      if state.outgoing.isEmpty && state.isPeerReady || state.hasEnded { ready.insert(.writable) }
      return ready.intersection(wanted)
    }
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
    state.withLock { state in
      guard !state.incoming.isEmpty else { return state.hasEnded ? 0 : nil }
      let count = min(buffer.count, state.incoming.count)
      buffer.copyBytes(from: state.incoming.prefix(count))
      state.incoming = state.incoming.dropFirst(count)
      return count
    }
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws -> Int? {
    try state.withLock { state in
      if state.hasEnded { throw I2CLink.Failure.ended }
      guard state.outgoing.isEmpty, state.isPeerReady else { return nil }
      state.outgoing = Array(bytes.prefix(Self.longest))
      return state.outgoing.count
    }
  }
}
