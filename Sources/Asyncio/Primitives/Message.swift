import Diagnostics
import Synchronization

/// An event with a payload that interrupt handlers and other threads may set (`Message` of micropython-async).
///
/// It has room for one payload: the last one. `for try await payload in message` takes them as they come; the loop has to
/// `clear()` the message each time.
public final class Message<Payload: Sendable>: Sendable {
  private let relay = FlagRelay()
  private let payload = Mutex<Payload?>(nil)

  public init() {}

  public var isSet: Bool { relay.isSet }

  /// The last payload (`value()`); nil before the first one.
  public var value: Payload? { payload.withLock { $0 } }

  /// Lets every waiting task go on with `payload`. Callable from any thread.
  public func set(_ payload: Payload) {
    self.payload.withLock { $0 = payload }
    relay.raise()
  }

  /// At least one of the tasks that wait for it has to call this before it is set again.
  public func clear() { relay.clear() }

  /// Waits until it is set (`await message`).
  /// - Returns: the payload.
  /// - Throws: `CancelledError`.
  @Firmware @discardableResult
  public func wait(file: StaticString = #fileID, line: UInt = #line) async throws -> Payload {
    try await wait(at: SourceLine(file, line))
  }

  @Firmware
  func wait(at line: SourceLine?) async throws -> Payload {
    while true {
      try await relay.wait(at: line)
      // There is one, since nothing but `set(_:)` raises the flag.
      if let value { return value }
    }
  }
}

extension Message where Payload == Void {
  /// Lets every waiting task go on. Callable from any thread.
  public func set() { set(()) }
}

extension Message: @Firmware AsyncSequence {
  /// Waits for payloads as `wait()` does; never ends by itself.
  public struct Iterator: @Firmware AsyncIteratorProtocol {
    fileprivate let message: Message

    @Firmware public mutating func next() async throws -> Payload? { try await message.wait(at: nil) }
  }

  @Firmware public func makeAsyncIterator() -> Iterator { Iterator(message: self) }
}
