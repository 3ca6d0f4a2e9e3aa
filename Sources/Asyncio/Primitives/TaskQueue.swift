/// What queues between tasks have in common: elements in order, and the tasks that wait for one or for room.
@Firmware @usableFromInline
protocol TaskQueue<Element>: AnyObject {
  associatedtype Element

  var elements: FIFO<Element> { get set }
  var getters: WaitQueue { get }
  var putters: WaitQueue { get }
  var isFull: Bool { get }
}

extension TaskQueue {
  /// Takes the oldest element, if there is one, and lets those that wait for room look again.
  @inlinable @inline(__always) func take() -> Element? {
    guard let element = elements.popFirst() else { return nil }
    putters.wakeAll()
    return element
  }

  /// Takes the oldest element; waits until there is one.
  /// - Throws: a cancellation, once.
  @inlinable @inline(__always)
  func takeInTurn(at line: SourceLine?) async throws -> Element {
    while true {
      if let element = take() { return element }
      // Whoever is first among those that a `put` woke gets it; the others wait again.
      try await suspend(on: getters, at: line)
    }
  }

  /// Waits until there is room.
  /// - Throws: a cancellation, once.
  @inlinable @inline(__always)
  func waitForRoom(at line: SourceLine?) async throws {
    while isFull { try await suspend(on: putters, at: line) }
  }
}
