import Diagnostics

extension Scheduler {
  /// The main task of Swift firmware has ended with a time-out, and the run with it.
  func reportTimeout(of main: ScheduledTask) {
    diagnostics?.reportOnce(
      Diagnostic(
        code: "timeout-not-caught", severity: .error, place: main.whereabouts ?? .init(task: main.name),
        message: "a time limit was over here and nobody caught TimeoutError",
        advice: "catch TimeoutError around waitFor or withTimeout"))
  }
}
