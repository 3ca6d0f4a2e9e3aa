import Glibc
import Synchronization
import Timebase

/// Input at the board's prompt: typed by a person in this terminal, or sent by a file or a pipe.
///
/// A thread of its own puts the bytes in, the board's thread takes them out.
final class PromptInput: ByteStream, Sendable {
  /// The most bytes that wait here; more wait where they come from.
  private static let capacity = 1 << 16

  private let state = Mutex(ArrivedInput())
  private let descriptor: Int32

  init(descriptor: Int32 = STDIN_FILENO) { self.descriptor = descriptor }

  /// - Parameters:
  ///   - isForUs: asked about each byte: whether it is a key of the emulator's, which the board does not get.
  ///   - arrived: called when there is something to read.
  /// - Throws: `ThreadStartError`.
  func start(
    isForUs: @escaping @Sendable (UInt8) -> Bool, arrived: @escaping @Sendable () -> Void
  ) throws(ThreadStartError) {
    try startHostThread(name: "keys") { [self] in
      var chunk = [UInt8](repeating: 0, count: 4096)
      while true {
        let count = Glibc.read(descriptor, &chunk, chunk.count)
        if count > 0 {
          let bytes = chunk[..<count].filter { !isForUs($0) }
          let waiting = state.withLock { state in
            state.bytes += bytes
            return state.bytes.count
          }
          arrived()
          if waiting >= Self.capacity { waitForRoom() }
        } else if count < 0 && errno == EIO {
          // The terminal belongs to another process group for now.
          usleep(200_000)
        } else if count == 0 || errno != EINTR {
          state.withLock { $0.hasEnded = true }
          return arrived()
        }
      }
    }
  }

  private func waitForRoom() {
    while state.withLock({ $0.bytes.count >= Self.capacity / 2 }) { usleep(2_000) }
  }

  func poll(_ wanted: PollEvents) -> PollEvents {
    state.withLock { $0.isReadable ? wanted.intersection(.readable) : [] }
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
    state.withLock { $0.take(into: buffer) }
  }

  func write(_ bytes: UnsafeRawBufferPointer) -> Int? { nil }
}
