import Diagnostics
import Synchronization
import Timebase

/// Finds a step of Swift firmware that does not end. Computation in compiled code takes no time of a virtual
/// board, and a task that waits in a loop of its own never gives the board's thread a chance to look, so a
/// separate thread looks, by the host's clock.
final class StepAlarm: Sendable {
  /// Counts beginnings and ends, so that it is odd while a step goes on. Stored with release behind `place`, by one thread only.
  private let steps = Atomic<Int>(0)
  /// The await that the step goes on from, if it is known.
  private let place = Mutex<SourceLine?>(nil)
  /// Stored with release before `over` is signalled, loaded with acquire, so that the thread ends at the latest when its wait does.
  private let isOver = Atomic(false)
  private let over = HostSemaphore()
  private let limit: Interval
  private let diagnostics: DiagnosticSink

  /// - Parameter limit: wall time that a step may take.
  init(_ diagnostics: DiagnosticSink, limit: Interval) throws(ThreadStartError) {
    self.diagnostics = diagnostics
    self.limit = limit
    try startHostThread(name: "step alarm") { self.watch() }
  }

  func stepBegins(at line: SourceLine?) {
    place.withLock { $0 = line }
    count()
  }

  func stepEnds() { count() }

  /// A wait inside a step is reported by other means.
  func waitBegins() { count() }

  func waitEnds() { count() }

  /// On the board's thread only, so that none is lost.
  private func count() { steps.store(steps.load(ordering: .relaxed) &+ 1, ordering: .releasing) }

  /// Ends the thread.
  func end() {
    isOver.store(true, ordering: .releasing)
    over.signal()
  }

  private func watch() {
    var seen = 0
    let time = HostTime.beginningNow
    var since = time.now
    while !isOver.load(ordering: .acquiring) {
      over.wait(atMost: .nanoseconds(limit.nanoseconds / 8))
      let now = time.now
      let steps = steps.load(ordering: .acquiring)
      if steps % 2 == 0 || steps != seen {
        seen = steps
        since = now
      } else if now - since >= limit {
        report()
        // Once for each step.
        while self.steps.load(ordering: .acquiring) == seen && !isOver.load(ordering: .acquiring) {
          over.wait(atMost: limit)
        }
      }
    }
  }

  private func report() {
    diagnostics.reportOnce(
      Diagnostic(
        .loopStarved, place: place.withLock { $0?.place() } ?? .init(),
        message:
          "the task that went on from here has not awaited anything for \(limit.nanoseconds / 1_000_000) ms of the "
          + "host's time; no other task runs meanwhile, and on a virtual board no time passes",
        advice: "await sleepMs(0) in the loop, or what it waits for; or split the work up"))
  }
}

extension Scheduler {
  /// Looks for steps of Swift firmware that do not end, by a thread of its own.
  /// - Parameter limit: wall time from which on a step is reported.
  package func watchEndlessSteps(limit: Interval = .seconds(3)) {
    guard let diagnostics, diagnostics.mode != .off else { return }
    // Without a thread to spare there is one check less.
    stepAlarm = try? StepAlarm(diagnostics, limit: limit)
  }
}
