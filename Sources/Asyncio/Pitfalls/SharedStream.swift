import Diagnostics

/// Two tasks that read or drain one stream: only one of them can wait, and what they write mixes.
extension Scheduler {
  /// As `waitCurrent(for:_:)`, and tells of a stream that another task waits for already.
  func waitAlone(for stream: any Pollable, _ event: PollEvents) throws(SchedulerError) {
    do { try waitCurrent(for: stream, event) } catch {
      if error == .streamBusy { reportBusyStream(stream, event) }
      throw error
    }
  }

  /// The running task cannot wait for a stream, because another one does.
  package func reportBusyStream(_ stream: any Pollable, _ event: PollEvents) {
    let other = waiter(for: stream, event)?.label ?? "another task"
    if stream is ThreadSafeFlag {
      reportShared(
        "flag-shared", "\(other) waits for this ThreadSafeFlag already, and a flag serves one task at a time",
        advice: "wait for it in one task, and let that set an Event for the others")
      return
    }
    let action = event == .readable ? "reads" : "drains"
    reportShared(
      "stream-shared", "\(other) \(action) this stream already, and a stream serves one task at a time",
      advice: event == .readable
        ? "read in one task and hand the data on through a queue" : Self.adviceForWriters)
  }

  /// The running task is about to wait until it can write, and another one does so already.
  package func reportSharedWriter(drainedBy other: ScheduledTask) {
    reportShared(
      "stream-shared",
      "\(other.label) is draining this stream already; what both write gets mixed up or lost",
      advice: Self.adviceForWriters)
  }

  private static let adviceForWriters =
    "hand what is to be written to one task through a queue, or hold an asyncio.Lock over write() and drain()"

  private func reportShared(_ code: String, _ message: String, advice: String) {
    diagnostics?.reportOnce(
      Diagnostic(code: code, severity: .error, place: runningTaskPlace, message: message, advice: advice))
  }
}
