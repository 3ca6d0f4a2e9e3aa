/// Lets a limited number of tasks have something at a time (`Semaphore` of micropython-async).
///
/// A release makes every waiting task ready; the first one to run takes the permit, and the others wait on.
@Firmware
public final class Semaphore {
  @usableFromInline var permits: Int
  @usableFromInline let released = Event()

  /// - Parameter value: how many tasks can have a permit at a time.
  public nonisolated init(_ value: Int = 1) { permits = value }

  /// Takes a permit; waits until there is one.
  /// - Throws: `CancelledError`.
  @inlinable @inline(__always)
  public func acquire(file: StaticString = #fileID, line: UInt = #line) async throws {
    released.clear()
    while permits == 0 {
      try await released.wait(file: file, line: line)
      released.clear()
      // Every other task that the release woke clears the event before one of them takes the permit.
      try await sleepMs(0, file: file, line: line)
    }
    permits -= 1
  }

  /// Gives a permit back, or adds one.
  @inlinable public func release() {
    released.set()
    permits += 1
  }

  /// Holds a permit while `body` runs (`async with semaphore`), then lets other tasks have their turn.
  @inlinable
  public func withPermit<Result>(
    file: StaticString = #fileID, line: UInt = #line, _ body: @Firmware () async throws -> Result
  ) async throws -> Result {
    try await acquire(file: file, line: line)
    return try await runAndRelease(file: file, line: line, release: { release() }, body)
  }

  /// Permits that nobody has.
  @inlinable var available: Int { permits }
}

/// Runs `body` with a permit that was taken, gives it back, and lets other tasks have their turn.
@Firmware @inlinable
func runAndRelease<Result>(
  file: StaticString, line: UInt, release: @Firmware () throws -> Void,
  _ body: @Firmware () async throws -> Result
) async throws -> Result {
  let result: Result
  do {
    result = try await body()
  } catch {
    // The body may have released it itself; its own error matters more.
    try? release()
    try await sleepMs(0, file: file, line: line)
    throw error
  }
  try release()
  try await sleepMs(0, file: file, line: line)
  return result
}
