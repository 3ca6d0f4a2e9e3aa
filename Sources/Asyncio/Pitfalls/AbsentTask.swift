import Diagnostics

extension Scheduler {
  /// Tells why nothing happens: the whole board waits for what another thread does.
  func reportAbsence() {
    diagnostics?.reportOnce(
      Diagnostic(
        code: "task-away", severity: .warning, place: .init(task: nil),
        message:
          "for 2 s the board has waited for a task that is with another actor, on another thread or awaits a child task",
        advice:
          "look at what it called; if that needs Swift's pool and the board's run holds a thread of the pool, start the run "
          + "with Scheduler.onThreadOfItsOwn"))
  }
}
