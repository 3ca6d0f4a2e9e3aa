/// Hands elements from tasks to tasks through a buffer of fixed size; when it is full, the newest can push the oldest
/// out (`RingbufQueue` of micropython-async).
///
/// `for try await element in queue` takes elements for ever.
@Firmware
public final class RingbufQueue<Element> {
  /// The most elements that it holds: one less than the size of the buffer.
  public nonisolated let capacity: Int
  @usableFromInline var elements = FIFO<Element>()
  @usableFromInline let getters = WaitQueue(for: .element)
  @usableFromInline let putters = WaitQueue(for: .room)

  /// - Parameter size: of the buffer, at least 2; it holds one element less.
  public nonisolated init(size: Int) { capacity = Swift.max(1, size - 1) }

  /// Elements in the queue (`qsize`).
  @inlinable public var count: Int { elements.count }
  @inlinable public var isEmpty: Bool { elements.isEmpty }
  @inlinable public var isFull: Bool { elements.count >= capacity }

  /// Takes the oldest element; waits until there is one.
  /// - Throws: `CancelledError`.
  @inlinable @inline(__always)
  public func get(file: StaticString = #fileID, line: UInt = #line) async throws -> Element {
    try await takeInTurn(at: SourceLine(file, line))
  }

  /// Takes the oldest element (`get_nowait`).
  /// - Throws: `QueueError.empty`.
  @inlinable public func getNowait() throws(QueueError) -> Element {
    guard let element = take() else { throw .empty }
    return element
  }

  /// The oldest element, which stays.
  /// - Throws: `QueueError.empty`.
  @inlinable public func peek() throws(QueueError) -> Element {
    guard let element = elements.first else { throw .empty }
    return element
  }

  /// Adds an element; waits until there is room.
  /// - Throws: `CancelledError`.
  @inlinable @inline(__always)
  public func put(
    _ element: Element, file: StaticString = #fileID, line: UInt = #line
  ) async throws {
    try await waitForRoom(at: SourceLine(file, line))
    try putNowait(element)
  }

  /// Adds an element in any case (`put_nowait`).
  /// - Throws: `QueueError.oldestDropped`, to be ignored where the newest elements are the ones that matter.
  @inlinable public func putNowait(_ element: Element) throws(QueueError) {
    getters.wakeAll()
    elements.append(element)
    guard elements.count > capacity else { return }
    _ = elements.popFirst()
    throw .oldestDropped
  }
}

extension RingbufQueue: TaskQueue {}

extension RingbufQueue: @Firmware AsyncSequence {
  /// Takes elements out as `get()` does; never ends by itself.
  public struct Iterator: @Firmware AsyncIteratorProtocol {
    @usableFromInline let queue: RingbufQueue

    @usableFromInline init(queue: RingbufQueue) { self.queue = queue }

    @Firmware @inlinable public mutating func next() async throws -> Element? {
      try await queue.takeInTurn(at: nil)
    }
  }

  public func makeAsyncIterator() -> Iterator { Iterator(queue: self) }
}
