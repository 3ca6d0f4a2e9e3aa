/// Hands elements from tasks to tasks in order (`Queue` of micropython-async).
///
/// `for try await element in queue` takes elements for ever. From an interrupt handler or another thread use
/// `ThreadSafeQueue`.
@Firmware
public final class Queue<Element> {
  /// The most elements that it holds; 0 or less for any number.
  public nonisolated let maxSize: Int
  private var elements = FIFO<Element>()
  private let getters = WaitQueue()
  private let putters = WaitQueue()
  private var unfinished = 0
  private let finished = Event(isSet: true)

  public nonisolated init(maxSize: Int = 0) { self.maxSize = maxSize }

  /// Elements in the queue (`qsize`).
  public var count: Int { elements.count }
  public var isEmpty: Bool { elements.isEmpty }
  public var isFull: Bool { maxSize > 0 && elements.count >= maxSize }

  /// Takes the oldest element; waits until there is one.
  /// - Throws: `CancelledError`.
  public func get() async throws -> Element {
    while true {
      if let element = take() { return element }
      // Whoever is first among those that a `put` woke gets it; the others wait again.
      try await wait(in: getters)
    }
  }

  /// Takes the oldest element (`get_nowait`).
  /// - Throws: `QueueError.empty`.
  public func getNowait() throws(QueueError) -> Element {
    guard let element = take() else { throw .empty }
    return element
  }

  /// Adds an element; waits until there is room.
  /// - Throws: `CancelledError`.
  public func put(_ element: Element) async throws {
    while isFull { try await wait(in: putters) }
    add(element)
  }

  /// Adds an element (`put_nowait`).
  /// - Throws: `QueueError.full`.
  public func putNowait(_ element: Element) throws(QueueError) {
    if isFull { throw .full }
    add(element)
  }

  /// Tells that an element that was taken has been dealt with (`task_done`).
  public func taskDone() { count(unfinished: -1) }

  /// Waits until every element that was put has been dealt with.
  /// - Throws: `CancelledError`.
  public func join() async throws { try await finished.wait() }

  private func take() -> Element? {
    guard let element = elements.popFirst() else { return nil }
    putters.wakeAll()
    return element
  }

  private func add(_ element: Element) {
    count(unfinished: 1)
    getters.wakeAll()
    elements.append(element)
  }

  private func count(unfinished change: Int) {
    unfinished += change
    if unfinished <= 0 { finished.set() } else { finished.clear() }
  }

  private func wait(in queue: WaitQueue) async throws {
    try await suspend { scheduler in
      try scheduler.waitCurrent(on: queue)
      return true
    }
  }
}

extension Queue: @Firmware AsyncSequence {
  /// Takes elements out as `get()` does; never ends by itself.
  public struct Iterator: @Firmware AsyncIteratorProtocol {
    fileprivate let queue: Queue

    @Firmware public mutating func next() async throws -> Element? { try await queue.get() }
  }

  public func makeAsyncIterator() -> Iterator { Iterator(queue: self) }
}
