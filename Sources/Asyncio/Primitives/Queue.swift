/// Hands elements from tasks to tasks in order (`Queue` of micropython-async).
///
/// `for try await element in queue` takes elements for ever. From an interrupt handler or another thread use
/// `ThreadSafeQueue`.
@Firmware
public final class Queue<Element> {
  /// The most elements that it holds; 0 or less for any number.
  public nonisolated let maxSize: Int
  @usableFromInline var elements = FIFO<Element>()
  @usableFromInline let getters = WaitQueue(for: .element)
  @usableFromInline let putters = WaitQueue(for: .room)
  @usableFromInline var unfinished = 0
  @usableFromInline let finished = Event(isSet: true)

  public nonisolated init(maxSize: Int = 0) { self.maxSize = maxSize }

  /// Elements in the queue (`qsize`).
  @inlinable public var count: Int { elements.count }
  @inlinable public var isEmpty: Bool { elements.isEmpty }
  @inlinable public var isFull: Bool { maxSize > 0 && elements.count >= maxSize }

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

  /// Adds an element; waits until there is room.
  /// - Throws: `CancelledError`.
  @inlinable @inline(__always)
  public func put(
    _ element: Element, file: StaticString = #fileID, line: UInt = #line
  ) async throws {
    try await waitForRoom(at: SourceLine(file, line))
    add(element)
  }

  /// Adds an element (`put_nowait`).
  /// - Throws: `QueueError.full`.
  @inlinable public func putNowait(_ element: Element) throws(QueueError) {
    if isFull { throw .full }
    add(element)
  }

  /// Tells that an element that was taken has been dealt with (`task_done`).
  @inlinable public func taskDone() { count(unfinished: -1) }

  /// Waits until every element that was put has been dealt with.
  /// - Throws: `CancelledError`.
  @inlinable @inline(__always)
  public func join(file: StaticString = #fileID, line: UInt = #line) async throws {
    try await finished.wait(file: file, line: line)
  }

  @inlinable func add(_ element: Element) {
    count(unfinished: 1)
    getters.wakeAll()
    elements.append(element)
  }

  @inlinable func count(unfinished change: Int) {
    unfinished += change
    if unfinished <= 0 { finished.set() } else { finished.clear() }
  }
}

extension Queue: TaskQueue {}

extension Queue: @Firmware AsyncSequence {
  /// Takes elements out as `get()` does; never ends by itself.
  public struct Iterator: @Firmware AsyncIteratorProtocol {
    @usableFromInline let queue: Queue

    @usableFromInline init(queue: Queue) { self.queue = queue }

    @Firmware @inlinable public mutating func next() async throws -> Element? {
      try await queue.takeInTurn(at: nil)
    }
  }

  public func makeAsyncIterator() -> Iterator { Iterator(queue: self) }
}
