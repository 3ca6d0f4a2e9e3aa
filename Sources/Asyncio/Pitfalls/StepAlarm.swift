import Diagnostics
import Synchronization
import Timebase

/// Finds a step of Swift firmware that does not end. Computation in compiled code takes no time of a virtual
/// board, and a task that waits in a loop of its own never gives the board's thread a chance to look, so a
/// separate thread looks, by the host's clock, but for the time in which the host had no processor for the board's thread.
final class StepAlarm: Sendable {
  /// Counts beginnings and ends, so that it is odd while a step goes on. Stored with release behind `step`, by one thread only.
  private let steps = Atomic<Int>(0)
  private let step = Mutex(Step())
  /// Stored with release before `over` is signalled, loaded with acquire, so that the thread ends at the latest when its wait does.
  private let isOver = Atomic(false)
  private let over = HostSemaphore()
  private let limit: Interval
  private let diagnostics: DiagnosticSink

  private struct Step {
    /// The await that it goes on from, if it is known.
    var line: SourceLine?
    /// Of the board's thread, known from its first step on.
    var delay: ProcessorDelay?
    var isFirst = true
  }

  /// - Parameter limit: wall time that a step may take.
  init(_ diagnostics: DiagnosticSink, limit: Interval) throws(ThreadStartError) {
    self.diagnostics = diagnostics
    self.limit = limit
    try startHostThread(name: "step alarm") { self.watch() }
  }

  func stepBegins(at line: SourceLine?) {
    step.withLock {
      $0.line = line
      if $0.isFirst { ($0.delay, $0.isFirst) = (ProcessorDelay(), false) }
    }
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
    var delayBefore = Interval.zero
    while !isOver.load(ordering: .acquiring) {
      over.wait(atMost: .nanoseconds(limit.nanoseconds / 8))
      let now = time.now
      let steps = steps.load(ordering: .acquiring)
      if steps % 2 == 0 || steps != seen {
        seen = steps
        since = now
        delayBefore = delay
      } else if now - since - (delay - delayBefore) >= limit {
        report()
        // Once for each step.
        while self.steps.load(ordering: .acquiring) == seen && !isOver.load(ordering: .acquiring) {
          over.wait(atMost: limit)
        }
      }
    }
  }

  private var delay: Interval { step.withLock(\.delay)?.total ?? .zero }

  private func report() {
    diagnostics.reportOnce(
      Diagnostic(
        .loopStarved, place: step.withLock(\.line)?.place() ?? .init(),
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
