import Asyncio
import Machine
import Synchronization

/// An infrared receiver that hears a remote control with NEC's protocol (`NEC_IR` of micropython-async). Its edges are read in an
/// interrupt handler; codes wait in a queue:
///
///     let remote = try RemoteReceiver(board.pins["X3"])
///     for try await code in remote { … }
@Firmware
public final class RemoteReceiver {
  private let codes: ThreadSafeQueue<RemoteCode>
  private let pin: Pin

  /// - Parameters:
  ///   - pin: pin of the receiver's output; uses its interrupt line.
  ///   - capacity: how many codes wait for a task that does not take them; the oldest of more are lost.
  /// - Throws: `ExternalInterruptError` if another pin has the interrupt line.
  public init(
    _ pin: Pin, capacity: Int = 16, file: StaticString = #fileID, line: UInt = #line
  ) throws(ExternalInterruptError) {
    let codes = ThreadSafeQueue<RemoteCode>(size: capacity + 1)
    self.codes = codes
    self.pin = pin
    pin.configure(.input, file: file, line: line)
    let decoder = Mutex(RemoteDecoder())
    try pin.irq(.risingOrFalling, file: file, line: line) { interrupt in
      guard let level = interrupt.level,
        let code = decoder.withLock({ $0.take(level, at: interrupt.time) })
      else { return }
      // Of a full queue the oldest goes.
      if codes.isFull { _ = try? codes.getSync() }
      try? codes.putSync(code)
    }
  }

  /// Hears no more.
  public func end() { try? pin.setInterrupt(.risingOrFalling, nil) }

  /// Waits for the next code.
  /// - Throws: `CancelledError`.
  public func code(file: StaticString = #fileID, line: UInt = #line) async throws -> RemoteCode {
    try await codes.get(file: file, line: line)
  }
}

extension RemoteReceiver: @Firmware AsyncSequence {
  /// Takes codes as `code()` does; never ends by itself.
  public struct Iterator: @Firmware AsyncIteratorProtocol {
    fileprivate let remote: RemoteReceiver

    @Firmware public mutating func next() async throws -> RemoteCode? { try await remote.code() }
  }

  public func makeAsyncIterator() -> Iterator { Iterator(remote: self) }
}
