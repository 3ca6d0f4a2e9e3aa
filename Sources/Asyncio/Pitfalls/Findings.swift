import Diagnostics
import Timebase

/// `run` inside a run, runs on top of an earlier one's leftovers, tasks of a loop that is gone; in Swift
/// firmware.
extension Scheduler {
  /// A task has called `run`, which throws.
  func reportNestedRun(at line: SourceLine) {
    let hint = TaskWords.swift.nestedRun(in: "a running task")
    diagnostics?.reportOnce(hint.diagnostic(at: line.place(task: current?.name ?? "")))
  }

  /// A run begins while tasks of an earlier one are left.
  func reportLeftovers(at line: SourceLine) {
    var names: [String] = []
    forEachLiveTask { task in
      guard let task = task as? FirmwareTaskBody, !task.isDone, !task.isService else { return }
      names.append(task.label)
    }
    guard !names.isEmpty else { return }
    diagnostics?.reportOnce(TaskWords.swift.staleLoop(names).diagnostic(at: line.place()))
  }

  /// The running task awaits one that will never end.
  func reportDropped(_ task: ScheduledTask) {
    diagnostics?.reportOnce(TaskWords.swift.taskOnOtherLoop(task.label).diagnostic(at: runningTaskPlace))
  }
}

extension Scheduler {
  /// Reports tasks of Swift firmware that were cancelled and have no chance to clean up any more: the run has
  /// come to its end before their turn, or in the middle of their clean-up. It is unknown whether a task has
  /// anything to clean up; one that never began has not.
  package func reportAbandonedTasks() {
    forEachLiveTask { task in
      guard let task = task as? FirmwareTaskBody, !task.isDone, task.isBeingCancelled, task.mayHaveCleanUp
      else {
        return
      }
      let hint = TaskWords.swift.taskDestroyed(task.label)
      diagnostics?.reportOnce(hint.diagnostic(at: task.whereabouts ?? .init(task: task.name)))
    }
  }
}

extension Scheduler {
  /// Reports why nothing happens: the whole board waits for another thread.
  func reportAbsence() {
    diagnostics?.reportOnce(
      Diagnostic(
        .taskAway, place: .init(task: nil),
        message:
          "for 2 s the board has waited for a task that is with another actor, on another thread or awaits a child task",
        advice:
          "look at what it called; if that needs Swift's pool and the board's run holds a thread of the pool, start the run "
          + "with Scheduler.onThreadOfItsOwn"))
  }
}

extension Scheduler {
  /// Reports a task that ended with an error nobody has taken. (A language port that knows more reports it
  /// itself.)
  func reportUnretrieved(_ task: ScheduledTask, _ error: any Error) {
    let hint = TaskWords.swift.exceptionNeverRetrieved("\(error)", isPlaceKnown: task.origin != nil)
    diagnostics?.reportOnce(
      hint.diagnostic(at: task.origin ?? .init(task: task.name.isEmpty ? nil : task.name)))
  }

  /// Reports errors that the loop has not come to report before the run ended.
  package func reportUnretrievedErrors() {
    forEachLiveTask { task in
      guard task.state == .doneUnawaited, let error = task.failure, !(error is CancelledError) else { return }
      reportUnretrieved(task, error)
    }
  }
}

extension Scheduler {
  /// Reports a task that goes on although it was cancelled. The work of its cancellation handler is its own
  /// affair.
  func reportSwallowedCancellation(_ task: ScheduledTask) {
    var place = task.swallowingPlace ?? task.whereabouts ?? Diagnostic.Place()
    place.task = task.name
    diagnostics?.reportOnce(
      Diagnostic(
        .cancellationSwallowed, place: place,
        message: "the task was cancelled, caught CancelledError and goes on as if nothing had happened",
        advice: task is FirmwareTaskBody
          ? "throw it again when the clean-up is done, or clean up in defer"
          : "raise it again when the clean-up is done, or clean up in finally"))
  }
}

extension Scheduler {
  /// The main task of Swift firmware has ended with a time-out, and the run with it.
  func reportTimeout(of main: ScheduledTask) {
    diagnostics?.reportOnce(
      Diagnostic(
        .timeoutNotCaught, place: main.whereabouts ?? .init(task: main.name),
        message: "a time limit was over here and nobody caught TimeoutError",
        advice: "catch TimeoutError around waitFor or withTimeout"))
  }
}

extension Scheduler {
  /// Reports a `ThreadSafeFlag` that was set while it was set already, by code that leaves nothing else
  /// behind; a task has now seen both at once.
  /// - Parameter place: of the `set` that was one too many, and the task.
  package func reportLostEvent(_ place: Diagnostic.Place) {
    diagnostics?.reportOnce(
      Diagnostic(
        .flagSetTwice, place: place,
        message:
          "a ThreadSafeFlag was set again before the task that waits for it had seen the last time: one event is lost",
        advice: current is FirmwareTaskBody
          ? "keep events in a ThreadSafeQueue, count them and say set(eventIsKept: true), or let the task come to its wait() "
            + "sooner"
          : "count events in the handler, keep them in a buffer, or let the task come to its wait() sooner"))
  }
}

extension Scheduler {
  /// Swift firmware has released a lock that no task has.
  func reportLockNotHeld(at line: SourceLine) {
    diagnostics?.reportOnce(
      TaskWords.swift.lockNotHeld.diagnostic(at: line.place(task: current?.name ?? "")))
  }
}

/// Two tasks that read or drain one stream: only one of them can wait, and their output mixes.
extension Scheduler {
  /// Waits as `waitCurrent(for:_:)`, and reports a stream another task already waits for.
  func waitAlone(for stream: any Pollable, _ event: PollEvents) throws(SchedulerError) {
    do { try waitCurrent(for: stream, event) } catch {
      if error == .streamBusy { reportBusyStream(stream, event) }
      throw error
    }
  }

  /// The running task cannot wait for a stream, because another one does.
  package func reportBusyStream(_ stream: any Pollable, _ event: PollEvents) {
    let other = waiter(for: stream, event)?.label ?? "another task"
    if stream is ThreadSafeFlag {
      reportShared(
        .flagShared, "\(other) waits for this ThreadSafeFlag already, and a flag serves one task at a time",
        advice: "wait for it in one task, and let that set an Event for the others")
      return
    }
    let action = event == .readable ? "reads" : "drains"
    reportShared(
      .streamShared, "\(other) \(action) this stream already, and a stream serves one task at a time",
      advice: event == .readable
        ? "read in one task and hand the data on through a queue" : Self.adviceForWriters)
  }

  /// The running task is about to wait until it can write, and another one does so already.
  package func reportSharedWriter(drainedBy other: ScheduledTask) {
    reportShared(
      .streamShared,
      "\(other.label) is draining this stream already; what both write gets mixed up or lost",
      advice: Self.adviceForWriters)
  }

  private static let adviceForWriters =
    "hand what is to be written to one task through a queue, or hold an asyncio.Lock over write() and drain()"

  private func reportShared(_ finding: Finding, _ message: String, advice: String) {
    diagnostics?.reportOnce(
      Diagnostic(finding, place: runningTaskPlace, message: message, advice: advice))
  }
}

extension Scheduler {
  /// A task that waited for one direction of a stream was cancelled, and the one that waited for the other direction is
  /// forgotten with it.
  func reportLostWait(_ lost: NodePointer, becauseOf cancelled: NodePointer) {
    let task = lost.pointee.owner.takeUnretainedValue()
    let culprit = cancelled.pointee.owner.takeUnretainedValue().name
    diagnostics?.report(
      Diagnostic(
        .streamWaitLost, place: task.whereabouts ?? .init(task: task.name),
        message:
          "the task never wakes, because task '\(culprit)', which waited for the other direction of the same "
          + "stream, was cancelled and MicroPython forgets both",
        advice:
          "do not cancel a task (nor use wait_for on it) that waits for a stream which another task uses too")
    )
  }
}
