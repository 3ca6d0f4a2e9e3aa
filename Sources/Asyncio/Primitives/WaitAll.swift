import Diagnostics

/// Waits until all of several events have occurred (`WaitAll` of micropython-async). Is itself event-like, so it can be
/// nested.
@Firmware
public final class WaitAll {
  private let events: [any EventLike]

  public init(_ events: [any EventLike]) { self.events = events }

  public convenience init(_ events: any EventLike...) { self.init(events) }

  /// - Throws: `CancelledError`, or the error of one of the waits; the other waits are cancelled then.
  public func wait(file: StaticString = #fileID, line: UInt = #line) async throws {
    try await wait(at: SourceLine(file, line))
  }

  func wait(at line: SourceLine?) async throws {
    let tasks = events.map { event in
      createService(name: "WaitAll", at: line) { _ = try await event.wait() }
    }
    do {
      _ = try await gather(tasks, at: line)
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
