import Asyncio
import Synchronization
import Timebase

/// Bytes that a person types at the terminal, for firmware that reads them.
///
/// The thread that reads keys puts them in, the firmware thread takes them out.
final class TypedInput: ByteStream, ExternalSource, Sendable {
  private struct State {
    var input = ArrivedInput()
    var isInUse = false
  }

  /// As much as a board keeps for firmware that does not read; further bytes are lost.
  private static let capacity = 256

  private let state = Mutex(State())

  /// Whether the firmware has asked for typed bytes: from then on keys are its own.
  var isInUse: Bool { state.withLock { $0.isInUse } }

  /// Somebody sits at the terminal.
  var mayStimulate: Bool { true }

  func type(_ byte: UInt8) {
    state.withLock { if $0.input.bytes.count < Self.capacity { $0.input.bytes.append(byte) } }
  }

  /// Nothing more will be typed.
  func end() { state.withLock { $0.input.hasEnded = true } }

  var isAtEnd: Bool { state.withLock { $0.input.isAtEnd } }

  func poll(_ wanted: PollEvents) -> PollEvents {
    state.withLock { state in
      state.isInUse = true
      return state.input.isReadable ? wanted.intersection(.readable) : []
    }
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
    state.withLock { state in
      state.isInUse = true
      return state.input.take(into: buffer)
    }
  }

  func write(_ bytes: UnsafeRawBufferPointer) -> Int? { nil }
}
