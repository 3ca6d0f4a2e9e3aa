import Diagnostics

extension Scheduler {
  /// A `ThreadSafeFlag` was set while it was set already, by somebody who leaves nothing else behind, and a task has now
  /// seen both at once.
  /// - Parameter place: of the `set` that was one too many, and the task.
  package func reportLostEvent(_ place: Diagnostic.Place) {
    diagnostics?.reportOnce(
      Diagnostic(
        code: "flag-set-twice", severity: .warning, place: place,
        message:
          "a ThreadSafeFlag was set again before the task that waits for it had seen the last time: one event is lost",
        advice: current is FirmwareTaskBody
          ? "keep events in a ThreadSafeQueue, count them and say set(eventIsKept: true), or let the task come to its wait() "
            + "sooner"
          : "count events in the handler, keep them in a buffer, or let the task come to its wait() sooner"))
  }
}
