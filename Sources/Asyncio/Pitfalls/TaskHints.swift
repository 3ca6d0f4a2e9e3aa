import Diagnostics

/// An event in firmware, and the advice about it.
package struct TaskHint {
  package let finding: Finding
  package let message: String
  package let advice: String

  func diagnostic(at place: Diagnostic.Place) -> Diagnostic {
    Diagnostic(finding, place: place, message: message, advice: advice)
  }
}

/// Names that a language of firmware has for things in findings about tasks. The findings are the same for both and stand below.
package struct TaskWords: Sendable {
  /// Runs a loop.
  let run: String
  /// Drops what an earlier run has left.
  let renewal: String
  /// How a task is dropped.
  let dropping: String
  /// The name of the thing that is awaited where no task is needed.
  let awaited: String
  /// The way to a task's result.
  let result: String
  let exception: String
  /// How to wait for a task that was cancelled.
  let afterCancelling: String
  let lock: String
  /// How a lock is held for a while.
  let holding: String

  package static let swift = TaskWords(
    run: "run()", renewal: "reset()", dropping: "with its loop", awaited: "function",
    result: "the task's value", exception: "error", afterCancelling: ": _ = try? await task.value",
    lock: "a Lock", holding: "withLock")

  package static let python = TaskWords(
    run: "asyncio.run()", renewal: "asyncio.new_event_loop()", dropping: "by new_event_loop()",
    awaited: "coroutine", result: "the task", exception: "exception",
    afterCancelling: ", in try … except asyncio.CancelledError", lock: "an asyncio.Lock",
    holding: "async with")

  /// A task has called what runs a loop.
  /// - Parameter task: `a running task`, or its name.
  package func nestedRun(in task: String) -> TaskHint {
    TaskHint(
      finding: .nestedRun,
      message: "\(run) was called inside \(task), which waits without letting go of the loop",
      advice: "await the \(awaited), or make a task of it")
  }

  /// A run begins while tasks of an earlier one are left.
  /// - Parameter kind: in front of their names.
  package func staleLoop(_ tasks: [String], kind: String = "") -> TaskHint {
    let names = tasks.sorted().prefix(5).joined(separator: ", ") + (tasks.count > 5 ? " …" : "")
    return TaskHint(
      finding: .staleLoop,
      message: "\(run) goes on with what an earlier run has left behind: \(kind)\(names)",
      advice: "call \(renewal) in between, or do all in one run")
  }

  /// The running task awaits one that will never end.
  package func taskOnOtherLoop(_ task: String) -> TaskHint {
    TaskHint(
      finding: .taskOnOtherLoop,
      message: "\(task) is awaited, which was dropped \(dropping) and will never end",
      advice: "make the task again on the new loop")
  }

  /// The run has come to its end before a task that was cancelled could clean up.
  package func taskDestroyed(_ task: String) -> TaskHint {
    TaskHint(
      finding: .taskDestroyed,
      message: "the loop ended while \(task) was being cancelled, so its clean-up never runs",
      advice: "await the task after cancel()\(afterCancelling)")
  }

  /// A task has ended with an error that nobody has taken.
  /// - Parameter isPlaceKnown: whether the finding's place is where the task was made.
  package func exceptionNeverRetrieved(_ error: String, isPlaceKnown: Bool) -> TaskHint {
    TaskHint(
      finding: .exceptionNeverRetrieved,
      message:
        "the task\(isPlaceKnown ? " that was made here" : "") ended with \(error), and nobody awaits it",
      advice: "await \(result), catch the \(exception) in it, or set an exception handler")
  }

  /// A lock was released that no task has.
  package var lockNotHeld: TaskHint {
    TaskHint(
      finding: .lockNotHeld, message: "\(lock) was released that nobody holds: twice, or by another task too",
      advice: "use \(holding), which releases what it has acquired")
  }
}
