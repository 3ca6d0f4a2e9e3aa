import Diagnostics

/// Waits until one of several events occurs (`WaitAny` of micropython-async). Is itself event-like, so it can be nested.
@Firmware
public final class WaitAny {
  /// The event that ended the last wait (`event()`); nil before.
  public private(set) var event: (any EventLike)?
  private let events: [any EventLike]
  private let occurred = Event()

  public init(_ events: [any EventLike]) { self.events = events }

  public convenience init(_ events: any EventLike...) { self.init(events) }

  /// - Returns: the event that occurred; compare it by `===`.
  /// - Throws: `CancelledError`. The other waits are cancelled in any case.
  @discardableResult
  public func wait(file: StaticString = #fileID, line: UInt = #line) async throws -> any EventLike {
    try await wait(at: SourceLine(file, line))
  }

  func wait(at line: SourceLine?) async throws -> any EventLike {
    let tasks = events.map { event in
      createService(name: "WaitAny", at: line) {
        _ = try await event.wait()
        self.occurred.set()
        self.event = event
      }
    }
    defer { occurred.clear() }
    do {
      try await occurred.wait(at: line)
    } catch {
      for task in tasks { try task.cancel() }
      throw error
    }
    for task in tasks { try task.cancel() }
    guard let event else { throw SchedulerError.noRunningTask }
    return event
  }

  /// Clears all of its events.
  public func clear() {
    for event in events { event.clear() }
  }
}
