/// A `BoundedSemaphore` was released more often than acquired (a `ValueError` in Python).
public struct ReleasedMoreThanAcquiredError: Error, Equatable, CustomStringConvertible {
  public init() {}

  public var description: String { "Semaphore released more than acquired" }
}

/// A `Semaphore` that never has more permits than it began with (`BoundedSemaphore` of micropython-async).
@Firmware
public final class BoundedSemaphore {
  @usableFromInline let semaphore: Semaphore
  @usableFromInline let limit: Int

  /// - Parameter value: how many tasks can have a permit at a time.
  public nonisolated init(_ value: Int = 1) {
    semaphore = Semaphore(value)
    limit = value
  }

  /// Takes a permit; waits until there is one.
  /// - Throws: `CancelledError`.
  @inlinable @inline(__always)
  public func acquire(file: StaticString = #fileID, line: UInt = #line) async throws {
    try await semaphore.acquire(file: file, line: line)
  }

  /// Gives a permit back.
  /// - Throws: `ReleasedMoreThanAcquiredError` if all permits are there.
  @inlinable public func release() throws(ReleasedMoreThanAcquiredError) {
    guard semaphore.available < limit else { throw ReleasedMoreThanAcquiredError() }
    semaphore.release()
  }

  /// Holds a permit while `body` runs (`async with semaphore`), then lets other tasks have their turn.
  @inlinable
  public func withPermit<Result>(
    file: StaticString = #fileID, line: UInt = #line, _ body: @Firmware () async throws -> Result
  ) async throws -> Result {
    try await acquire(file: file, line: line)
    return try await runAndRelease(file: file, line: line, release: { try release() }, body)
  }
}
