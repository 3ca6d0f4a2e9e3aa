import Diagnostics

extension Scheduler {
  /// Tells of tasks of Swift firmware that were cancelled and have no chance to clean up any more: the run has come to its
  /// end before their turn, or in the middle of their clean-up. Whether a task has anything to clean up nobody can tell;
  /// one that never began has not.
  package func reportAbandonedTasks() {
    forEachLiveTask { task in
      guard let task = task as? FirmwareTaskBody, !task.isDone, task.isBeingCancelled, task.mayHaveCleanUp
      else {
        return
      }
      diagnostics?.reportOnce(
        Diagnostic(
          code: "task-destroyed", severity: .warning, place: task.whereabouts ?? .init(task: task.name),
          message: "the loop ended while \(task.label) was being cancelled, so its clean-up never runs",
          advice: "await the task after cancel(): _ = try? await task.value"))
    }
  }
}
