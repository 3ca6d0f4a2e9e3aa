import Asyncio

/// The life of a link to another board: its service runs, both ends find each other, and something ends it.
@Firmware
final class LinkLife {
  /// The error that has ended it.
  private(set) var failure: (any Error)?
  private let isSynchronised = Event()
  private var task: FirmwareTask<Void>?

  /// Begins the service of the link.
  /// - Parameters:
  ///   - run: ends with an error only.
  ///   - letGo: what the link does when it has ended.
  func start(
    name: String, file: StaticString, line: UInt, run: @escaping @Firmware () async throws -> Void,
    letGo: @escaping @Firmware () -> Void
  ) {
    task = createService(name: name, file: file, line: line) {
      do { try await run() } catch {
        self.fail(error)
        letGo()
        throw error
      }
    }
  }

  /// Both ends have found each other.
  func synchronise() { isSynchronised.set() }

  /// Waits until both ends have found each other.
  /// - Throws: what has ended the link; `CancelledError`.
  func ready() async throws {
    try await isSynchronised.wait()
    if let failure { throw failure }
  }

  /// Ends the service.
  func end(with failure: any Error) throws(SchedulerError) {
    fail(failure)
    try task?.cancel()
  }

  private func fail(_ error: any Error) {
    failure = failure ?? error
    isSynchronised.set()
  }
}
