/// Something that a task can wait for as for an `Event`: what micropython-async calls an event-like object.
///
/// A driver becomes one by waiting for its own event.
@Firmware
public protocol EventLike: AnyObject {
  /// What waiting brings; `Void` for an event.
  associatedtype Occurrence

  /// Suspends until the event occurs.
  func wait() async throws -> Occurrence

  /// Forgets that it occurred; does nothing where that happens by itself.
  func clear()
}

extension EventLike {
  public func clear() {}
}

extension Event: EventLike {}
extension ThreadSafeFlag: @Firmware EventLike {}
extension ThreadSafeEvent: @Firmware EventLike {}
extension Message: @Firmware EventLike {}
extension RetriggerableDelay: EventLike {}
