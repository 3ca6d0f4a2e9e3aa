import Diagnostics
import Timebase

/// Hands elements from tasks to tasks through a buffer of fixed size; when it is full, the newest can push the oldest
/// out (`RingbufQueue` of micropython-async).
///
/// `for try await element in queue` takes elements for ever.
@Firmware
public final class RingbufQueue<Element>: ElementQueue<Element> {
  /// The most elements that it holds: one less than the size of the buffer.
  public nonisolated let capacity: Int

  /// - Parameter size: of the buffer, at least 2; it holds one element less.
  public nonisolated init(size: Int) {
    capacity = Swift.max(1, size - 1)
    super.init(limit: capacity)
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
    while isFull { try await suspend(on: putters, at: SourceLine(file, line)) }
    try putNowait(element)
  }

  /// Adds an element in any case (`put_nowait`).
  /// - Throws: `QueueError.oldestDropped`, to be ignored where the newest elements are the ones that matter.
  @inlinable public func putNowait(_ element: Element) throws(QueueError) {
    getters.wakeAll()
    elements.append(element)
    guard elements.count > limit else { return }
    _ = elements.popFirst()
    throw .oldestDropped
  }
}
