import Diagnostics
import Synchronization
import Timebase

/// Hands elements between one task and one other thread or interrupt handler, through a buffer of fixed size
/// (`ThreadSafeQueue` of micropython-async).
///
/// `for try await element in queue` takes elements for ever.
public final class ThreadSafeQueue<Element: Sendable>: Sendable {
  @usableFromInline struct State {
    @usableFromInline var elements = FIFO<Element>()
    /// Threads that stand in a blocking call.
    @usableFromInline var blockedGetters = 0
    @usableFromInline var blockedPutters = 0

    @inlinable init() {}

    /// - Returns: the oldest element, and whether a thread waits for the room that it leaves.
    @inlinable mutating func take() -> (element: Element, isRoomAwaited: Bool)? {
      guard let element = elements.popFirst() else { return nil }
      let isRoomAwaited = blockedPutters > 0
      if isRoomAwaited { blockedPutters -= 1 }
      return (element, isRoomAwaited)
    }

    /// - Returns: whether a thread waits for an element; nil if there is no room.
    @inlinable mutating func add(_ element: Element, capacity: Int) -> Bool? {
      guard elements.count < capacity else { return nil }
      elements.append(element)
      let isAwaited = blockedGetters > 0
      if isAwaited { blockedGetters -= 1 }
      return isAwaited
    }
  }

  /// The most elements that it holds: one less than the size of the buffer.
  public let capacity: Int
  @usableFromInline let state = Mutex(State())
  @usableFromInline let arrived = ThreadSafeFlag()
  @usableFromInline let taken = ThreadSafeFlag()
  private let elementForBlocked = HostSemaphore()
  private let roomForBlocked = HostSemaphore()

  /// - Parameter size: of the buffer, at least 2; it holds one element less.
  public init(size: Int) { capacity = Swift.max(1, size - 1) }

  /// Elements in the queue (`qsize`).
  @inlinable public var count: Int { state.withLock { $0.elements.count } }
  @inlinable public var isEmpty: Bool { count == 0 }
  @inlinable public var isFull: Bool { count >= capacity }

  // MARK: For the other side

  /// Takes the oldest element (`get_sync`). Callable from any thread.
  /// - Parameter blocking: whether to wait for one; not for tasks, and not for interrupt handlers, during which no task
  ///   runs.
  /// - Throws: `QueueError.empty`; `QueueError.wouldBlockTheBoard`.
  public func getSync(blocking: Bool = false) throws(QueueError) -> Element {
    while true {
      let taken = state.withLock { state in
        let taken = state.take()
        if taken == nil && blocking && !isOnBoard { state.blockedGetters += 1 }
        return taken
      }
      if let taken {
        tellOfRoom(isAwaitedByThread: taken.isRoomAwaited)
        return taken.element
      }
      guard blocking else { throw .empty }
      if isOnBoard { throw .wouldBlockTheBoard }
      elementForBlocked.wait()
    }
  }

  /// Adds an element (`put_sync`). Callable from any thread.
  /// - Parameter blocking: whether to wait for room; not for tasks, and not for interrupt handlers, during which no task
  ///   runs.
  /// - Throws: `QueueError.full`; `QueueError.wouldBlockTheBoard`.
  public func putSync(_ element: Element, blocking: Bool = false) throws(QueueError) {
    while true {
      let isAwaited = state.withLock { state in
        let isAwaited = state.add(element, capacity: capacity)
        if isAwaited == nil && blocking && !isOnBoard { state.blockedPutters += 1 }
        return isAwaited
      }
      if let isAwaited { return tellOfElement(isAwaitedByThread: isAwaited) }
      guard blocking else { throw .full }
      if isOnBoard { throw .wouldBlockTheBoard }
      roomForBlocked.wait()
    }
  }

  // MARK: For the task

  /// Takes the oldest element; waits until there is one.
  /// - Throws: `CancelledError`; `SchedulerError.streamBusy` if another task waits already.
  @Firmware @inlinable @inline(__always)
  public func get(file: StaticString = #fileID, line: UInt = #line) async throws -> Element {
    try await get(at: SourceLine(file, line))
  }

  @Firmware @inlinable @inline(__always)
  func get(at line: SourceLine?) async throws -> Element {
    while true {
      if let taken = state.withLock({ $0.take() }) {
        tellOfRoom(isAwaitedByThread: taken.isRoomAwaited)
        return taken.element
      }
      try await arrived.wait(at: line)
    }
  }

  /// Adds an element; waits until there is room.
  /// - Throws: `CancelledError`; `SchedulerError.streamBusy` if another task waits already.
  @Firmware @inlinable @inline(__always)
  public func put(
    _ element: Element, file: StaticString = #fileID, line: UInt = #line
  ) async throws {
    while isFull { try await taken.wait(at: SourceLine(file, line)) }
    guard let isAwaited = state.withLock({ $0.add(element, capacity: capacity) }) else {
      throw QueueError.full
    }
    tellOfElement(isAwaitedByThread: isAwaited)
  }

  private var isOnBoard: Bool { FirmwareExecutor.shared.isRunningHere }

  @usableFromInline func tellOfRoom(isAwaitedByThread: Bool) {
    taken.raise()
    if isAwaitedByThread { roomForBlocked.signal() }
  }

  @usableFromInline func tellOfElement(isAwaitedByThread: Bool) {
    arrived.raise()
    if isAwaitedByThread { elementForBlocked.signal() }
  }
}

extension ThreadSafeQueue: @Firmware AsyncSequence {
  /// Takes elements out as `get()` does; never ends by itself.
  public struct Iterator: @Firmware AsyncIteratorProtocol {
    fileprivate let queue: ThreadSafeQueue

    @Firmware public mutating func next() async throws -> Element? { try await queue.get(at: nil) }
  }

  @Firmware public func makeAsyncIterator() -> Iterator { Iterator(queue: self) }
}
