import Synchronization

/// Hands elements between one task and one other thread or interrupt handler, through a buffer of fixed size
/// (`ThreadSafeQueue` of micropython-async).
///
/// `for try await element in queue` takes elements for ever.
public final class ThreadSafeQueue<Element: Sendable>: Sendable {
  private struct State {
    var elements = FIFO<Element>()
    /// Threads that stand in a blocking call.
    var blockedGetters = 0
    var blockedPutters = 0
  }

  /// The most elements that it holds: one less than the size of the buffer.
  public let capacity: Int
  private let state = Mutex(State())
  private let arrived = ThreadSafeFlag()
  private let taken = ThreadSafeFlag()
  private let elementForBlocked = HostSemaphore()
  private let roomForBlocked = HostSemaphore()

  /// - Parameter size: of the buffer, at least 2; it holds one element less.
  public init(size: Int) { capacity = Swift.max(1, size - 1) }

  /// Elements in the queue (`qsize`).
  public var count: Int { state.withLock { $0.elements.count } }
  public var isEmpty: Bool { count == 0 }
  public var isFull: Bool { count >= capacity }

  // MARK: For the other side

  /// Takes the oldest element (`get_sync`). Callable from any thread.
  /// - Parameter blocking: whether to wait for one; not for tasks, and not for interrupt handlers, during which no task
  ///   runs.
  /// - Throws: `QueueError.empty`; `QueueError.wouldBlockTheBoard`.
  public func getSync(blocking: Bool = false) throws(QueueError) -> Element {
    while true {
      let element = state.withLock { state in
        let element = state.elements.popFirst()
        if element == nil && blocking && !isOnBoard { state.blockedGetters += 1 }
        return element
      }
      if let element {
        didTake()
        return element
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
      let isPut = state.withLock { state in
        guard state.elements.count >= capacity else {
          state.elements.append(element)
          return true
        }
        if blocking && !isOnBoard { state.blockedPutters += 1 }
        return false
      }
      if isPut { return didPut() }
      guard blocking else { throw .full }
      if isOnBoard { throw .wouldBlockTheBoard }
      roomForBlocked.wait()
    }
  }

  // MARK: For the task

  /// Takes the oldest element; waits until there is one.
  /// - Throws: `CancelledError`; `SchedulerError.streamBusy` if another task waits already.
  @Firmware
  public func get() async throws -> Element {
    while true {
      if let element = state.withLock({ $0.elements.popFirst() }) {
        didTake()
        return element
      }
      try await arrived.wait()
    }
  }

  /// Adds an element; waits until there is room.
  /// - Throws: `CancelledError`; `SchedulerError.streamBusy` if another task waits already.
  @Firmware
  public func put(_ element: Element) async throws {
    while isFull { try await taken.wait() }
    try putSync(element)
  }

  private var isOnBoard: Bool { FirmwareExecutor.shared.isRunningHere }

  private func didTake() {
    taken.set()
    let isAwaited = state.withLock { state in
      defer { state.blockedPutters = Swift.max(0, state.blockedPutters - 1) }
      return state.blockedPutters > 0
    }
    if isAwaited { roomForBlocked.signal() }
  }

  private func didPut() {
    arrived.set()
    let isAwaited = state.withLock { state in
      defer { state.blockedGetters = Swift.max(0, state.blockedGetters - 1) }
      return state.blockedGetters > 0
    }
    if isAwaited { elementForBlocked.signal() }
  }
}

extension ThreadSafeQueue: @Firmware AsyncSequence {
  /// Takes elements out as `get()` does; never ends by itself.
  public struct Iterator: @Firmware AsyncIteratorProtocol {
    fileprivate let queue: ThreadSafeQueue

    @Firmware public mutating func next() async throws -> Element? { try await queue.get() }
  }

  @Firmware public func makeAsyncIterator() -> Iterator { Iterator(queue: self) }
}
