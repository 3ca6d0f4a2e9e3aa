/// Something that a task can wait for as for an `Event`: an event-like object of micropython-async.
///
/// A driver becomes one by waiting for its own event.
@Firmware
public protocol EventLike: AnyObject {
  /// The result of waiting; `Void` for an event.
  associatedtype Occurrence

  /// Suspends until the event occurs.
  func wait() async throws -> Occurrence

  /// Forgets that it occurred; does nothing where that happens by itself.
  func clear()
}

extension EventLike {
  public func clear() {}
}

// The protocol's requirement takes no line; firmware that names one of these types gets the method that does.

extension Event: EventLike {
  @_disfavoredOverload public func wait() async throws { try await wait(at: nil) }
}

extension ThreadSafeFlag: @Firmware EventLike {
  @_disfavoredOverload public func wait() async throws { try await wait(at: nil) }
}

extension ThreadSafeEvent: @Firmware EventLike {
  @_disfavoredOverload public func wait() async throws { try await wait(at: nil) }
}

extension Message: @Firmware EventLike {
  @_disfavoredOverload public func wait() async throws -> Payload { try await wait(at: nil) }
}

extension WaitAny: EventLike {
  @_disfavoredOverload public func wait() async throws -> any EventLike { try await wait(at: nil) }
}

extension WaitAll: EventLike {
  @_disfavoredOverload public func wait() async throws { try await wait(at: nil) }
}

extension RetriggerableDelay: EventLike {
  @_disfavoredOverload public func wait() async throws { try await timedOut.wait(at: nil) }
}
