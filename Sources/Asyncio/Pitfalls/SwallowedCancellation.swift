import Diagnostics

extension Scheduler {
  /// A task goes on although it was cancelled. What it does in the handler of the cancellation is its own affair.
  func reportSwallowedCancellation(_ task: ScheduledTask) {
    var place = task.whereabouts ?? Diagnostic.Place()
    place.task = task.name
    diagnostics?.reportOnce(
      Diagnostic(
        code: "cancellation-swallowed", severity: .warning, place: place,
        message: "the task was cancelled, caught CancelledError and goes on as if nothing had happened",
        advice: task is FirmwareTaskBody
          ? "throw it again when the clean-up is done, or clean up in defer"
          : "raise it again when the clean-up is done, or clean up in finally"))
  }
}
