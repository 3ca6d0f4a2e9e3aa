import Asyncio
import Diagnostics
import MicroPython

/// Errors that nobody retrieved, and tasks that the end of the program cuts short.
extension PitfallFinder {
  func reportUnretrieved(_ task: PythonTask) {
    let raisedAt = vm.exceptionPlace(of: task.result)
    let origin = raisedAt.map { " at \($0.file):\($0.line)" } ?? ""
    report(
      .exceptionNeverRetrieved, at: task.createdAt, task: task.name,
      "the task that was made here ended with \(text(of: task.result))\(origin), and nobody awaits it",
      advice: "await the task, catch the exception in it, or set an exception handler")
  }

  /// Reports tasks whose error the loop has not come to report before it ended.
  func reportUnretrievedAtEnd() {
    scheduler.forEachLiveTask { task in
      guard let task = task as? PythonTask, task.state == .doneUnawaited, task.failure != nil,
        !asyncio.isCancellation(task.result)
      else { return }
      reportUnretrieved(task)
    }
  }

  /// Tasks that were still waiting for something when the program ended, with `--debug`.
  func reportPendingTasks() {
    scheduler.forEachLiveTask { task in
      guard let task = task as? PythonTask, !task.isDone, !task.isBeingCancelled, task.madeInRun > 0 else {
        return
      }
      var wait = ""
      if let place = task.whereabouts, let file = place.file, let line = place.line {
        wait = " at \(file):\(line)" + (task.awaitedThing.map { " for \($0)" } ?? "")
      }
      report(
        .taskPending, at: task.createdAt, task: task.name,
        "the task that was made here was still waiting\(wait) when the program ended",
        advice: "await it, or cancel it and await that, before the main task ends")
    }
  }

  /// Tasks that were cancelled and have no chance to clean up any more.
  func reportAbandonedTasks() {
    scheduler.forEachLiveTask { task in
      guard let task = task as? PythonTask, !task.isDone, task.isBeingCancelled, task.hasCleanUpToDo else {
        return
      }
      report(
        .taskDestroyed, in: task.whereabouts ?? Diagnostic.Place(task: task.name),
        "the loop ended while task '\(task.name)' was being cancelled, so its clean-up never runs",
        advice: "await the task after cancel(), in try … except asyncio.CancelledError")
    }
  }
}
