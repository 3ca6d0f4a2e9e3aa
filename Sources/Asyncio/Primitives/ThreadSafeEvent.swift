import Diagnostics

/// An `Event` that interrupt handlers and other threads may set (`ThreadSafeEvent` of micropython-async).
///
/// It counts as set when the first waiting task has gone on.
public final class ThreadSafeEvent: Sendable {
  private let relay = FlagRelay()

  public init() {}

  public var isSet: Bool { relay.isSet }

  /// Lets every waiting task go on. Callable from any thread.
  /// - Parameter eventIsKept: as for `ThreadSafeFlag.set`.
  public func set(eventIsKept: Bool = false, file: StaticString = #fileID, line: UInt = #line) {
    relay.signal(at: eventIsKept ? nil : SourceLine(file, line))
  }

  public func clear() { relay.clear() }

  /// Returns when it is set; any number of tasks may wait. Clearing it is the tasks' business.
  /// - Throws: `CancelledError`.
  @Firmware
  public func wait(file: StaticString = #fileID, line: UInt = #line) async throws {
    try await wait(at: SourceLine(file, line))
  }

  @Firmware
  func wait(at line: SourceLine?) async throws { try await relay.wait(at: line) }
}
