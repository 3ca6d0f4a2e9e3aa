import Diagnostics

extension Scheduler {
  /// Swift firmware has released a lock that no task has.
  func reportLockNotHeld(at line: SourceLine) {
    diagnostics?.reportOnce(
      Diagnostic(
        code: "lock-not-held", severity: .error, place: line.place(task: current?.name ?? ""),
        message: "a Lock was released that nobody holds: twice, or by another task too",
        advice: "use withLock, which releases what it has acquired"))
  }
}
