import Asyncio
import Diagnostics
import MicroPython

/// Errors that nobody retrieved, and tasks that the end of the program cuts short.
extension PitfallFinder {
  func reportUnretrieved(_ task: PythonTask) {
    let raisedAt = vm.exceptionPlace(of: task.result)
    let origin = raisedAt.map { " at \($0.file):\($0.line)" } ?? ""
    report(
      TaskWords.python.exceptionNeverRetrieved(text(of: task.result) + origin, isPlaceKnown: true),
      at: task.createdAt, task: task.name)
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
      let hint = TaskWords.python.taskDestroyed("task '\(task.name)'")
      report(
        hint.finding, in: task.whereabouts ?? Diagnostic.Place(task: task.name), hint.message,
        advice: hint.advice)
    }
  }
}
