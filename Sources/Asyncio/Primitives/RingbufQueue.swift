/// Hands elements from tasks to tasks through a buffer of fixed size; when it is full, the newest can push the oldest
/// out (`RingbufQueue` of micropython-async).
///
/// `for try await element in queue` takes elements for ever.
@Firmware
public final class RingbufQueue<Element> {
  /// The most elements that it holds: one less than the size of the buffer.
  public nonisolated let capacity: Int
  private var elements = FIFO<Element>()
  private let getters = WaitQueue()
  private let putters = WaitQueue()

  /// - Parameter size: of the buffer, at least 2; it holds one element less.
  public nonisolated init(size: Int) { capacity = Swift.max(1, size - 1) }

  /// Elements in the queue (`qsize`).
  public var count: Int { elements.count }
  public var isEmpty: Bool { elements.isEmpty }
  public var isFull: Bool { elements.count >= capacity }

  /// Takes the oldest element; waits until there is one.
  /// - Throws: `CancelledError`.
  public func get() async throws -> Element {
    while true {
      if let element = take() { return element }
      try await wait(in: getters)
    }
  }

  /// Takes the oldest element (`get_nowait`).
  /// - Throws: `QueueError.empty`.
  public func getNowait() throws(QueueError) -> Element {
    guard let element = take() else { throw .empty }
    return element
  }

  /// The oldest element, which stays.
  /// - Throws: `QueueError.empty`.
  public func peek() throws(QueueError) -> Element {
    guard let element = elements.first else { throw .empty }
    return element
  }

  /// Adds an element; waits until there is room.
  /// - Throws: `CancelledError`.
  public func put(_ element: Element) async throws {
    while isFull { try await wait(in: putters) }
    try putNowait(element)
  }

  /// Adds an element in any case (`put_nowait`).
  /// - Throws: `QueueError.oldestDropped`, to be ignored where the newest elements are the ones that matter.
  public func putNowait(_ element: Element) throws(QueueError) {
    getters.wakeAll()
    elements.append(element)
    guard elements.count > capacity else { return }
    _ = elements.popFirst()
    throw .oldestDropped
  }

  private func take() -> Element? {
    guard let element = elements.popFirst() else { return nil }
    putters.wakeAll()
    return element
  }

  private func wait(in queue: WaitQueue) async throws {
    try await suspend { scheduler in
      try scheduler.waitCurrent(on: queue)
      return true
    }
  }
}

extension RingbufQueue: @Firmware AsyncSequence {
  /// Takes elements out as `get()` does; never ends by itself.
  public struct Iterator: @Firmware AsyncIteratorProtocol {
    fileprivate let queue: RingbufQueue

    @Firmware public mutating func next() async throws -> Element? { try await queue.get() }
  }

  public func makeAsyncIterator() -> Iterator { Iterator(queue: self) }
}
