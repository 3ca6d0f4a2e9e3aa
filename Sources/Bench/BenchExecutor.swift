import Synchronization
import Timebase

/// Runs the tasks of a test on the thread that runs the test, in the order in which they become ready.
final class BenchExecutor: TaskExecutor {
  private let jobs = Mutex(FIFO<UnownedJob>())
  private let arrived = HostSemaphore()

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.withLock { $0.append(job) }
    arrived.signal()
  }

  /// Runs the jobs that are ready.
  /// - Returns: whether anything was.
  func runJobs() -> Bool {
    var hasRun = false
    while let job = jobs.withLock({ $0.popFirst() }) {
      hasRun = true
      job.runSynchronously(on: asUnownedTaskExecutor())
    }
    return hasRun
  }

  /// Waits until something is ready: a task has left for another executor.
  func waitForJob() { arrived.wait() }
}

/// How a test ended; shared by its task and the thread that runs it.
final class TestOutcome: Sendable {
  private let state = Mutex<(isEnded: Bool, error: (any Error)?)>((false, nil))

  var isEnded: Bool { state.withLock { $0.isEnded } }
  var error: (any Error)? { state.withLock { $0.error } }

  func end(_ error: (any Error)?) { state.withLock { $0 = (true, error) } }
}
