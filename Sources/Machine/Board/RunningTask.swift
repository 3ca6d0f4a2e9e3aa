import Timebase

/// The firmware's running task, as a signal to watch; the code that runs the firmware reports it.
public final class RunningTask: Part {
  public let name = "firmware"
  /// Empty while none runs.
  public private(set) var task = ""

  private let observers = SignalObservers()

  public var signals: [Signal] {
    [
      Signal(
        "task", .text, read: { [self] in .text(task) }, watch: { [self] in observers.add($0) })
    ]
  }

  /// Takes the name of the task that runs, "" for none; nil when nobody watches.
  fileprivate func teller(clock: Clock) -> ((String) -> Void)? {
    observers.isEmpty ? nil : { [self] in changed(to: $0, at: clock.now) }
  }

  /// Another task runs, or none.
  public func changed(to task: String, at time: Instant) {
    guard task != self.task else { return }
    self.task = task
    observers.tell(.text(task), at: time)
  }
}

extension Board {
  /// Receives the name of the task that runs, "" for none; nil when nobody watches that.
  package var taskObserver: ((String) -> Void)? { runningTask.teller(clock: clock) }
}
