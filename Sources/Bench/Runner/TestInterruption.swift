import Synchronization
import Timebase

/// Ends a run of tests from outside, from any thread: finished tests are reported, the rest given up.
public final class TestInterruption: Sendable {
  /// Signalled when a test has come to its end, and with the interruption.
  let changed = HostSemaphore()
  /// Stored with release before `changed` is signalled, loaded with acquire: who finds it set sees what led to the interruption, with or
  /// without having waited. Results and their number are under the lock of the runner's queue.
  private let isSet = Atomic(false)
  private let running = Mutex<[String]>([])

  public init() {}

  public func interrupt() {
    isSet.store(true, ordering: .releasing)
    changed.signal()
  }

  public var isInterrupted: Bool { isSet.load(ordering: .acquiring) }

  /// The tests that had begun and not come to their end when the run was interrupted.
  public internal(set) var unfinished: [String] {
    get { running.withLock { $0 } }
    set { running.withLock { $0 = newValue } }
  }
}
