import Diagnostics

extension Scheduler {
  /// A task that waited for one direction of a stream was cancelled, and the one that waited for the other direction is
  /// forgotten with it.
  func reportLostWait(_ lost: NodePointer, becauseOf cancelled: NodePointer) {
    let task = lost.pointee.owner.takeUnretainedValue()
    let culprit = cancelled.pointee.owner.takeUnretainedValue().name
    diagnostics?.report(
      Diagnostic(
        code: "stream-wait-lost", severity: .warning, place: task.whereabouts ?? .init(task: task.name),
        message:
          "the task never wakes, because task '\(culprit)', which waited for the other direction of the same "
          + "stream, was cancelled and MicroPython forgets both",
        advice:
          "do not cancel a task (nor use wait_for on it) that waits for a stream which another task uses too")
    )
  }
}
