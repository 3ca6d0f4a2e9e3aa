import Diagnostics
import Timebase

/// Common base of `Queue` and `RingbufQueue`: elements in order, and the tasks that wait for one or for room.
///
/// `for try await element in queue` takes elements for ever.
@Firmware
public class ElementQueue<Element> {
  /// The most elements that it holds.
  @usableFromInline let limit: Int
  @usableFromInline final var elements = FIFO<Element>()
  @usableFromInline final let getters = WaitQueue(for: .element)
  @usableFromInline final let putters = WaitQueue(for: .room)

  nonisolated init(limit: Int) { self.limit = limit }

  /// Elements in the queue (`qsize`).
  @inlinable public final var count: Int { elements.count }
  @inlinable public final var isEmpty: Bool { elements.isEmpty }
  @inlinable public final var isFull: Bool { elements.count >= limit }

  /// Takes the oldest element; waits until there is one.
  /// - Throws: `CancelledError`.
  @inlinable @inline(__always)
  public final func get(file: StaticString = #fileID, line: UInt = #line) async throws -> Element {
    try await get(at: SourceLine(file, line))
  }

  @inlinable @inline(__always)
  final func get(at line: SourceLine?) async throws -> Element {
    while true {
      if let element = take() { return element }
      // The first of the tasks that a `put` woke gets it; the others wait again.
      try await suspend(on: getters, at: line)
    }
  }

  /// Takes the oldest element (`get_nowait`).
  /// - Throws: `QueueError.empty`.
  @inlinable public final func getNowait() throws(QueueError) -> Element {
    guard let element = take() else { throw .empty }
    return element
  }

  @inlinable final func take() -> Element? {
    guard let element = elements.popFirst() else { return nil }
    putters.wakeAll()
    return element
  }
}

extension ElementQueue: @Firmware AsyncSequence {
  /// Takes elements out as `get()` does; never ends by itself.
  public struct Iterator: @Firmware AsyncIteratorProtocol {
    @usableFromInline let queue: ElementQueue

    @usableFromInline init(queue: ElementQueue) { self.queue = queue }

    @Firmware @inlinable public mutating func next() async throws -> Element? { try await queue.get(at: nil) }
  }

  public func makeAsyncIterator() -> Iterator { Iterator(queue: self) }
}
