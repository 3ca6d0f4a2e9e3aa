import Diagnostics

/// `run` inside a run, runs on top of what an earlier one has left, tasks of a loop that is gone; in Swift firmware.
extension Scheduler {
  /// A task has called `run`, which throws.
  func reportNestedRun(at line: SourceLine) {
    diagnostics?.reportOnce(
      Diagnostic(
        code: "nested-run", severity: .error, place: line.place(task: current?.name ?? ""),
        message: "run() was called inside a running task, which waits without letting go of the loop",
        advice: "await the function, or make a task of it"))
  }

  /// A run begins while tasks of an earlier one are left.
  func reportLeftovers(at line: SourceLine) {
    var names: [String] = []
    forEachLiveTask { task in
      guard let task = task as? FirmwareTaskBody, !task.isDone, !task.isService else { return }
      names.append(task.label)
    }
    guard !names.isEmpty else { return }
    names.sort()
    diagnostics?.reportOnce(
      Diagnostic(
        code: "stale-loop", severity: .warning, place: line.place(),
        message: "run() goes on with what an earlier run has left behind: "
          + names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " …" : ""),
        advice: "call reset() in between, or do all in one run"))
  }

  /// The running task awaits one that will never end.
  func reportDropped(_ task: ScheduledTask) {
    diagnostics?.reportOnce(
      Diagnostic(
        code: "task-on-other-loop", severity: .error, place: runningTaskPlace,
        message: "\(task.label) is awaited, which was dropped with its loop and will never end",
        advice: "make the task again on the new loop"))
  }
}
