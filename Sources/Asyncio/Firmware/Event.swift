import Diagnostics

/// Something that tasks wait for until another task sets it (`asyncio.Event`). From an interrupt handler use
/// `ThreadSafeFlag`; the compiler insists on it.
@Firmware
public final class Event {
  @usableFromInline var isRaised: Bool
  @usableFromInline let waiting = WaitQueue(for: .event)

  public nonisolated init() { isRaised = false }

  @usableFromInline nonisolated init(isSet: Bool) { isRaised = isSet }

  @inlinable public var isSet: Bool { isRaised }

  /// Makes every waiting task ready, in the order of their coming. Stays set until `clear()`.
  @inlinable public func set() {
    waiting.wakeAll()
    isRaised = true
  }

  @inlinable public func clear() { isRaised = false }

  /// Returns at once if it is set, else when it is.
  /// - Throws: `CancelledError`.
  @inlinable @inline(__always)
  public func wait(file: StaticString = #fileID, line: UInt = #line) async throws {
    try await wait(at: SourceLine(file, line))
  }

  @inlinable @inline(__always)
  func wait(at line: SourceLine?) async throws {
    if !isRaised { try await suspend(on: waiting, at: line) }
  }
}
