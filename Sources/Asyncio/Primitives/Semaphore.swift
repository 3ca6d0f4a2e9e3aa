/// Lets a limited number of tasks have something at a time (`Semaphore` of micropython-async).
///
/// A release makes every waiting task ready; the first one to run takes the permit, and the others wait on.
@Firmware
public final class Semaphore {
  private var permits: Int
  private let released = Event()

  /// - Parameter value: how many tasks can have a permit at a time.
  public nonisolated init(_ value: Int = 1) { permits = value }

  /// Takes a permit; waits until there is one.
  /// - Throws: `CancelledError`.
  public func acquire() async throws {
    released.clear()
    while permits == 0 {
      try await released.wait()
      released.clear()
      // Every other task that the release woke clears the event before one of them takes the permit.
      try await sleepMs(0)
    }
    permits -= 1
  }

  /// Gives a permit back, or adds one.
  public func release() {
    released.set()
    permits += 1
  }

  /// Has a permit while `body` runs (`async with semaphore`), then lets other tasks have their turn.
  public func withPermit<Result>(
    _ body: @Firmware () async throws -> Result
  ) async throws -> Result {
    try await acquire()
    let result: Result
    do {
      result = try await body()
    } catch {
      release()
      try await sleepMs(0)
      throw error
    }
    release()
    try await sleepMs(0)
    return result
  }

  /// Permits that nobody has.
  var available: Int { permits }
}
