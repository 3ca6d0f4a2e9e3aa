import Diagnostics
import Timebase

/// Hands elements from tasks to tasks in order (`Queue` of micropython-async).
///
/// `for try await element in queue` takes elements for ever. From an interrupt handler or another thread use
/// `ThreadSafeQueue`.
@Firmware
public final class Queue<Element>: ElementQueue<Element> {
  /// The most elements that it holds; 0 or less for any number.
  public nonisolated let maxSize: Int
  @usableFromInline var unfinished = 0
  @usableFromInline let finished = Event(isSet: true)

  public nonisolated init(maxSize: Int = 0) {
    self.maxSize = maxSize
    super.init(limit: maxSize > 0 ? maxSize : .max)
  }

  /// Adds an element; waits until there is room.
  /// - Throws: `CancelledError`.
  @inlinable @inline(__always)
  public func put(
    _ element: Element, file: StaticString = #fileID, line: UInt = #line
  ) async throws {
    while isFull { try await suspend(on: putters, at: SourceLine(file, line)) }
    add(element)
  }

  /// Adds an element (`put_nowait`).
  /// - Throws: `QueueError.full`.
  @inlinable public func putNowait(_ element: Element) throws(QueueError) {
    if isFull { throw .full }
    add(element)
  }

  /// Notes that an element that was taken has been dealt with (`task_done`).
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
