/// Waits until all of several events have occurred (`WaitAll` of micropython-async). Is itself event-like, so it can be
/// nested.
@Firmware
public final class WaitAll: EventLike {
  private let events: [any EventLike]

  public init(_ events: [any EventLike]) { self.events = events }

  public convenience init(_ events: any EventLike...) { self.init(events) }

  /// - Throws: `CancelledError`, or what one of the waits throws; the other waits are cancelled then.
  public func wait() async throws {
    let tasks = events.map { event in
      createTask(name: "WaitAll", at: nil) { _ = try await event.wait() }
    }
    do {
      _ = try await gather(tasks, at: nil)
    } catch {
      for task in tasks { try task.cancel() }
      throw error
    }
  }

  /// Clears all of its events.
  public func clear() {
    for event in events { event.clear() }
  }
}
