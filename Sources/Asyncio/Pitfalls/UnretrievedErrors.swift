import Diagnostics

extension Scheduler {
  /// A task ended with an error that nobody has taken. (A language port that knows more tells it itself.)
  func reportUnretrieved(_ task: ScheduledTask, _ error: any Error) {
    diagnostics?.reportOnce(
      Diagnostic(
        code: "exception-never-retrieved", severity: .error,
        place: task.origin ?? .init(task: task.name.isEmpty ? nil : task.name),
        message:
          "the task\(task.origin == nil ? "" : " that was made here") ended with \(error), and nobody awaits it",
        advice: "await the task's value, catch the error in it, or set an exception handler"))
  }

  /// Tells of errors that the loop has not come to tell before the run ended.
  package func reportUnretrievedErrors() {
    forEachLiveTask { task in
      guard task.state == .doneUnawaited, let error = task.failure, !(error is CancelledError) else { return }
      reportUnretrieved(task, error)
    }
  }
}
