import Asyncio
import MicroPython

/// Two tasks that read or drain one stream: only one of them can wait, and what they write mixes.
extension PitfallFinder {
  func streamIsBusy(_ stream: any Pollable, _ event: PollEvents) {
    let other = scheduler.waiter(for: stream, event)?.name ?? "?"
    if stream is ThreadSafeFlag {
      report(
        "flag-shared", as: .error,
        "task '\(other)' waits for this ThreadSafeFlag already, and a flag serves one task at a time",
        advice: "wait for it in one task, and let that set an Event for the others")
      return
    }
    let action = event == .readable ? "reads" : "drains"
    report(
      "stream-shared", as: .error,
      "task '\(other)' \(action) this stream already, and a stream serves one task at a time",
      advice: advice(event))
  }

  /// The running task is about to wait until it can write.
  func streamIsDrained(_ stream: Value) {
    guard let current = scheduler.current as? PythonTask else { return }
    defer { writers[stream] = current }
    guard let other = writers[stream], other !== current, !other.isDone, other.isInsideDrain else { return }
    report(
      "stream-shared", as: .error,
      "task '\(other.name)' is draining this stream already; what both write gets mixed up or lost",
      advice: advice(.writable))
  }

  private func advice(_ event: PollEvents) -> String {
    event == .readable
      ? "read in one task and hand the data on through a queue"
      : "hand what is to be written to one task through a queue, or hold an asyncio.Lock over write() and drain()"
  }
}
